import { fail } from "../../errors";
import { checkFeeSchedule, NO_FEES, toJson, type FeeSchedule } from "../../protocol";
import type { CommandOf } from "../commands";
import { fact } from "../events";
import type { Limits } from "../records";
import { NO_LIMITS } from "../terms";
import { accountIn, assetIn, type Changes, type LedgerView } from "../view";
import { lostUntil } from "./loss";

/** @throws asset_exists: settings never change */
export function addAsset(view: LedgerView, { asset, lostSince }: CommandOf<"addAsset">): Changes {
  if (view.asset(asset.system, asset.token) !== undefined) fail("asset_exists", { token: asset.token });
  const { token, decimals, settings, allotment, limit } = asset;
  const lost = lostSince === undefined ? null : lostUntil(asset, lostSince);
  return {
    assets: [{ ...asset, liabilities: 0n, fees: NO_FEES, limits: NO_LIMITS, paused: null, lost }],
    events: [fact("asset.added", { decimals, settings, allotment, limit }, { token })],
  };
}

/**
 * The same limit once more changes nothing.
 * @throws unknown_asset
 */
export function setLimit(view: LedgerView, { system, token, limit }: CommandOf<"setLimit">): Changes {
  const asset = assetIn(view, system, token);
  if (asset.limit === limit) return {};
  return {
    assets: [{ ...asset, limit }],
    events: [fact("asset.limitChanged", { limit, before: asset.limit }, { token })],
  };
}

/**
 * The same fees once more change nothing.
 * @throws unknown_asset, out_of_range
 */
export function setFees(view: LedgerView, { system, token, fees }: CommandOf<"setFees">): Changes {
  checkFeeSchedule(fees);
  const asset = assetIn(view, system, token);
  if (isSame(asset.fees, fees)) return {};
  return {
    assets: [{ ...asset, fees }],
    events: [fact("asset.feesChanged", { fees }, { token })],
  };
}

/**
 * The same limits once more change nothing.
 * @throws unknown_asset
 */
export function setPaymentLimits(view: LedgerView, command: CommandOf<"setPaymentLimits">): Changes {
  const { system, token, limits } = command;
  const asset = assetIn(view, system, token);
  if (isSame(asset.limits, limits)) return {};
  return {
    assets: [{ ...asset, limits }],
    events: [fact("asset.limitsChanged", { limits }, { token })],
  };
}

/**
 * The circuit breaker: while it is open nothing new is promised in the token; what was promised is kept, and who wants to leave
 * can. Paused once more it stays paused for the cause that it has.
 * @throws unknown_asset
 */
export function pauseCrediting(view: LedgerView, command: CommandOf<"pauseCrediting">): Changes {
  const { system, token, cause } = command;
  const asset = assetIn(view, system, token);
  if ((asset.paused === null) === (cause === null)) return {};
  return {
    assets: [{ ...asset, paused: cause }],
    events: [cause === null ? fact("asset.resumed", {}, { token }) : fact("asset.paused", { cause }, { token })],
  };
}

/**
 * The same terms once more change nothing.
 * @throws unknown_account, unknown_asset
 */
export function setAccountTerms(view: LedgerView, command: CommandOf<"setAccountTerms">): Changes {
  const { system, token, account } = command;
  accountIn(view, account);
  assetIn(view, system, token);
  const before = view.terms(system, token, account);
  const feesWaived = command.feesWaived ?? before?.feesWaived ?? false;
  const limits = command.limits === undefined ? (before?.limits ?? null) : command.limits;
  if (before !== undefined && before.feesWaived === feesWaived && isSame(before.limits, limits)) return {};
  return {
    terms: [{ system, token, account, feesWaived, limits }],
    events: [fact("account.termsChanged", { feesWaived, limits }, { account, token })],
  };
}

function isSame(before: FeeSchedule | Limits | null, after: FeeSchedule | Limits | null): boolean {
  return toJson(before) === toJson(after);
}
