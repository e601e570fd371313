import { fail } from "../../errors";
import { checkFees, checkProposal, hashState, type StateOperation } from "../../protocol";
import { lockChanges } from "../../protocol/lockChanges";
import type { CommandOf, Context, SignedState } from "../commands";
import type { Channel } from "../records";
import { checkSpending, feesFor } from "../terms";
import { channelIn, requireOpen, systemView, type Changes, type LedgerView } from "../view";
import { requirePaying } from "./accountStatus";
import { Draft } from "./draft";
import { dropLock, foldLock, releaseLock } from "./htlc";
import { lock, requireLockLimits, takeLock } from "./lock";
import { fee, pay, redeem } from "./pay";
import { refund } from "./refund";

/**
 * Completes a state that U signed, and gives everyone it pays or promises something a note, in one commit (S1, S2, S5). The
 * same bytes once more change nothing: what was completed stands.
 * @throws wrong_signer, unknown_channel, unknown_account, account_frozen, account_closed, channel_frozen, closing_pending, equivocation, stale_version,
 * state_mismatch, unknown_note, insufficient_balance, self_payment, not_covered, allotment_exceeded, invalid_amount,
 * wrong_fee, limit_exceeded, unknown_payment, wrong_refund, refund_exceeded, invoice_closed, underpaid, bad_expiry, hash_used, too_many_locks, unknown_lock,
 * wrong_preimage, wrong_outcome, lock_pending
 */
export function submitState(view: LedgerView, command: CommandOf<"submitState">, context: Context): Changes {
  const before = channelIn(view, command.proposal.channelId);
  return completeState(view, before, command, context, (operations) => checkFees(feesFor(view, before), operations));
}

/**
 * The same of a state whose fees `checkFees` checks.
 * @throws as {@link submitState}, and what `checkFees` throws
 */
export function completeState(
  view: LedgerView,
  before: Channel,
  { proposal, operations, signature, hash, signer }: SignedState,
  context: Context,
  checkFees: (operations: readonly StateOperation[]) => void,
): Changes {
  if (signer !== before.key.user) fail("wrong_signer", { got: signer, want: before.key.user });
  if (proposal.version === before.state.version) {
    if (hash === hashState(before.state)) return {};
    fail("equivocation", { version: proposal.version });
  }
  if (operations.some(isPayment)) requirePaying(view, signer);
  const outgoing = checkProposal(systemView(view, requireOpen(before)), proposal, operations);
  checkFees(operations);
  const dayTotals = checkSpending(view, before, operations, context.now);

  const payer = { ...before, state: proposal, outgoing };
  const added = [...lockChanges(before.outgoing, outgoing).added];
  const locks = added.length > 0;
  const draft = new Draft(view);
  draft.put(payer);
  for (const operation of operations) {
    switch (operation.type) {
      case "fold":
        break;
      case "pay":
        pay(draft, payer, operation);
        break;
      case "redeem":
        redeem(draft, payer, operation);
        break;
      case "refund":
        refund(draft, payer, operation);
        break;
      case "fee":
        fee(draft, payer, operation);
        break;
      case "lock":
        lock(draft, payer, takeLock(added, operation), operation, context);
        break;
      case "foldLock":
        foldLock(draft, payer, operation);
        break;
      case "dropLock":
        dropLock(draft, payer, operation);
        break;
      case "releaseLock":
        releaseLock(draft, payer, operation);
    }
  }

  const changes = draft.finish(true);
  if (locks) for (const channel of changes.channels) requireLockLimits(draft.asset(channel), channel, context.locks);
  return { states: [{ state: proposal, operations, hash, signature }], dayTotals, ...changes };
}

/** What the operator can stop (freeze); folding what has come, and ending what was locked, it cannot. */
function isPayment({ type }: StateOperation): boolean {
  return type === "pay" || type === "redeem" || type === "refund" || type === "lock";
}
