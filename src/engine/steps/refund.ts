import { fail } from "../../errors";
import { positiveAmount, type StateOperationOf } from "../../protocol";
import type { CommandOf } from "../commands";
import type { Channel, Refundable } from "../records";
import { accountIn, assetIn, openChannelOf, type Changes, type LedgerView } from "../view";
import { requireNotClosed } from "./accountStatus";
import { Draft } from "./draft";
import { payeeOf, signedIn } from "./pay";

/**
 * Gives the payer of a payment back of what it paid.
 * @throws unknown_payment, wrong_refund, refund_exceeded, and what {@link payeeOf} throws
 */
export function refund(draft: Draft, payee: Channel, operation: StateOperationOf<"refund">): void {
  const { to, amount, payment, reference: mark } = operation;
  const asset = draft.asset(payee);
  const before = draft.refundable(payment, payee.key.user) ?? fail("unknown_payment", { payment });
  if (to !== before.payer) fail("wrong_refund", { got: to, want: before.payer });
  if (asset.token !== before.token) fail("wrong_refund", { got: asset.token, want: before.token });
  const from = payee.key.user;
  draft.giveBack(lessBy(before, amount));
  draft.note(payeeOf(draft.view, payee, asset, to), { type: "receive", from, amount, reference: payment });
  draft.move("money.refunded", asset, { from, to, amount, reference: payment }, { ...signedIn(payee), mark });
}

/**
 * Gives back of what was taken out of circulation: a note alone.
 * @throws unknown_payment, refund_exceeded, unknown_account, account_closed, unknown_channel, channel_frozen, closing_pending,
 * not_covered, allotment_exceeded, limit_exceeded, invalid_amount
 */
export function refundRedemption(view: LedgerView, command: CommandOf<"refundRedemption">): Changes {
  const { payment, amount, reference: mark } = command;
  const before = view.refundable(payment, "redeemed") ?? fail("unknown_payment", { payment });
  const account = requireNotClosed(accountIn(view, before.payer));
  const asset = assetIn(view, account.system, before.token);
  const channel = openChannelOf(view, account, before.token);
  const draft = new Draft(view);
  draft.giveBack(lessBy(before, amount));
  draft.note(channel, { type: "issue", amount, reference: payment });
  const sides = { from: "redeemed", to: before.payer, amount, reference: payment } as const;
  draft.move("money.refunded", asset, sides, { channelId: channel.id, seq: channel.note.seq + 1n, mark });
  draft.owe(asset, amount);
  return draft.finish(true);
}

/**
 * What can still be given back of a payment.
 * @throws refund_exceeded if nothing can
 */
export function leftOf({ payment, paid, refunded }: Refundable): bigint {
  return paid > refunded ? paid - refunded : fail("refund_exceeded", { payment, paid, refunded, left: 0 });
}

/**
 * What is paid of a payment when `amount` of it is given back.
 * @throws refund_exceeded, invalid_amount
 */
export function lessBy(before: Refundable, amount: bigint): Refundable {
  const { payment, paid, refunded } = before;
  const left = paid - refunded;
  if (positiveAmount(amount) > left) fail("refund_exceeded", { payment, paid, refunded, left, got: amount });
  return { ...before, refunded: refunded + amount };
}
