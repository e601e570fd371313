import { fail } from "../../errors";
import type { Address, StateOperationOf } from "../../protocol";
import type { Asset, Channel } from "../records";
import { accountIn, openChannelOf, type LedgerView } from "../view";
import { requireNotClosed } from "./accountStatus";
import type { Draft } from "./draft";

/** Credits the payee in its next note. */
export function pay(draft: Draft, payer: Channel, { to, amount, reference }: StateOperationOf<"pay">): void {
  const asset = draft.asset(payer);
  draft.note(payeeOf(draft.view, payer, asset, to), { type: "receive", from: payer.key.user, amount, reference });
  draft.move("money.transferred", asset, { from: payer.key.user, to, amount, reference }, signedIn(payer));
}

/** Takes money out of circulation. */
export function redeem(draft: Draft, payer: Channel, { amount, reference }: StateOperationOf<"redeem">): void {
  const asset = draft.asset(payer);
  const sides = { from: payer.key.user, to: "redeemed", amount, reference } as const;
  draft.move("money.redeemed", asset, sides, signedIn(payer));
  draft.owe(asset, -amount);
}

/** The state that says so, as the step leaves the payer. */
export function signedIn({ id, state }: Channel) {
  return { channelId: id, version: state.version };
}

/** What S keeps of a payment. */
export function fee(draft: Draft, payer: Channel, { amount, reference }: StateOperationOf<"fee">): void {
  const asset = draft.asset(payer);
  draft.move("fee.charged", asset, { from: payer.key.user, to: "fees", amount, reference }, {});
  draft.owe(asset, -amount);
}

/**
 * The channel of whom `payer` pays, fit to be signed for.
 * @throws self_payment, unknown_account, account_closed, unknown_channel, channel_frozen, closing_pending
 */
export function payeeOf(view: LedgerView, payer: Channel, asset: Asset, to: Address): Channel {
  if (to === payer.key.user) fail("self_payment", { account: to });
  const account = accountIn(view, to);
  if (account.system !== asset.system) fail("unknown_account", { account: to, system: asset.system });
  return openChannelOf(view, requireNotClosed(account), asset.token);
}
