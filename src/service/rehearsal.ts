import { Batch, requireConserved, step, type Channel, type Command, type LedgerView, type Refundable } from "../engine";
import { feesIn, hashOfPreimage } from "../protocol";
import { beginChecks } from "./checks";
import type { CommitterOptions } from "./committerOptions";
import { compose } from "./compose";
import type { Request } from "./requests";

/** What a request would lead to. */
export interface Rehearsal {
  /** What the system would keep of it. */
  readonly fee: bigint;
  /** The channel whose money it is about, as it would be; none where no money moves. */
  readonly channel: Channel | undefined;
}

/** Carries out a request on a copy that nobody keeps. */
export function rehearse(
  request: Request,
  { ledger, composer, checks, now, locks }: Pick<CommitterOptions, "ledger" | "composer" | "checks" | "now" | "locks">,
  refundables: readonly Refundable[],
): Rehearsal {
  const batch = new Batch(ledger, refundables);
  const command = compose(batch, request, composer, beginChecks(request, { composer, checks }));
  batch.apply(step(batch, command, { now: now(), locks }));
  requireConserved(ledger, batch.changes());
  return { fee: feeOf(command), channel: subjectChannel(batch, ledger, command) };
}

function feeOf(command: Command): bigint {
  if (command.type === "withdraw") return feesIn(command.payment?.operations ?? []);
  return command.type === "submitState" ? feesIn(command.operations) : 0n;
}

/**
 * The channel that pays or, where nobody does, is paid.
 * @param before the ledger without the command
 */
function subjectChannel(after: LedgerView, before: LedgerView, command: Command): Channel | undefined {
  switch (command.type) {
    case "submitState":
      return after.channel(command.proposal.channelId);
    case "withdraw":
      return after.channel(command.withdrawal.channelId);
    case "closeCooperatively":
      return after.channel(command.closing.channelId);
    case "issue": {
      const account = after.account(command.account);
      return account && after.channelOf(account.system, account.address, command.token);
    }
    case "refundRedemption": {
      const payer = after.refundable(command.payment, "redeemed");
      return payer && after.channelOf(payer.system, payer.payer, payer.token);
    }
    case "reveal": {
      const [promised] = before.htlcsUnder(hashOfPreimage(command.preimage));
      return promised && after.channel(promised.payee);
    }
    default:
      return undefined;
  }
}
