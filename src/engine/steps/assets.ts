import { fail } from "../../errors";
import type { CommandOf } from "../commands";
import { fact } from "../events";
import { assetIn, type Changes, type LedgerView } from "../view";

/** @throws asset_exists: settings never change */
export function addAsset(view: LedgerView, { asset }: CommandOf<"addAsset">): Changes {
  if (view.asset(asset.system, asset.token) !== undefined) fail("asset_exists", { token: asset.token });
  const { token, decimals, settings, allotment, limit } = asset;
  return {
    assets: [{ ...asset, liabilities: 0n }],
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
