import { fail } from "../../errors";
import { checkWithdrawal, checkWithdrawalFee, feesIn, hashState, hashWithdrawal, type Hash } from "../../protocol";
import type { CommandOf, Context, SignedState } from "../commands";
import { fact } from "../events";
import type { Channel } from "../records";
import { feesFor } from "../terms";
import { assetIn, channelIn, requireOpen, systemView, type Changes, type LedgerView } from "../view";
import { completeState } from "./submitState";

/**
 * Countersigns a withdrawal and, in the same commit, the state that pays its fee; what it takes is no longer available from
 * here on (S8). The same once more changes nothing.
 * @throws wrong_signer, unknown_channel, channel_frozen, closing_pending, withdrawal_pending, bad_withdrawal, bad_deadline,
 * insufficient_balance, not_covered, wrong_fee, and what completing the state throws
 */
export function withdraw(view: LedgerView, command: CommandOf<"withdraw">, context: Context): Changes {
  const { withdrawal, signature, signer } = command;
  const channel = requireOpen(channelIn(view, withdrawal.channelId));
  if (signer !== channel.key.user) fail("wrong_signer", { got: signer, want: channel.key.user });
  const hash = hashWithdrawal(withdrawal);
  if (channel.pending !== null && hashWithdrawal(channel.pending) === hash) return again(channel, command.payment);
  const { settings, token } = assetIn(view, channel.key.system, channel.key.token);
  const paid = pay(view, channel, command, hash, context);
  const after = paid.channels?.find(({ id }) => id === channel.id) ?? channel;
  checkWithdrawal(systemView(view, after), withdrawal, settings, context.now);
  const amount = amountOf(channel, command);
  const charged = command.payment && { fee: feesIn(command.payment.operations) };
  const about = { account: signer, token, reference: hash };
  return {
    ...paid,
    channels: [...(paid.channels ?? []).filter((one) => one !== after), { ...after, pending: withdrawal }],
    consents: [{ kind: "withdrawal", message: withdrawal, hash, signature }],
    events: [...(paid.events ?? []), fact("withdrawal.signed", { ...withdrawal, amount, ...charged }, about)],
  };
}

/** The state that pays the fee; none where it is free. */
function pay(
  view: LedgerView,
  channel: Channel,
  command: CommandOf<"withdraw">,
  hash: Hash,
  context: Context,
): Changes {
  const { payment } = command;
  const [schedule, amount] = [feesFor(view, channel), amountOf(channel, command)];
  if (payment === undefined) {
    checkWithdrawalFee(schedule, amount, hash, undefined);
    return {};
  }
  const { channelId } = payment.proposal;
  if (channelId !== channel.id) fail("state_mismatch", { got: channelId, want: channel.id });
  return completeState(view, channel, payment, context, (operations) =>
    checkWithdrawalFee(schedule, amount, hash, operations),
  );
}

/** What was to pay for it then has paid for it. */
function again({ state }: Channel, payment: SignedState | undefined): Changes {
  if (payment !== undefined && hashState(payment.proposal) !== hashState(state)) {
    fail("stale_version", { got: payment.proposal.version, want: state.version + 1n });
  }
  return {};
}

function amountOf({ funds }: Channel, { withdrawal }: CommandOf<"withdraw">): bigint {
  return withdrawal.withdrawn - funds.withdrawn;
}
