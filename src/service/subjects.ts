import { createHash } from "node:crypto";

import type { Changes, Command, CommandOf } from "../engine";
import { hashClosing, hashWithdrawal, toHash, type Hash } from "../protocol";
import { toJson } from "../protocol/json";
import { feeOf } from "./rehearsal";
import type { Reply, Request } from "./requests";

// What requests and their replies are about.

type ConsentCommand = CommandOf<"withdraw"> | CommandOf<"closeCooperatively">;

export function isConsent(command: Command): command is ConsentCommand {
  return command.type === "withdraw" || command.type === "closeCooperatively";
}

/** What a reply names, so that it can be found again. */
export function subjectOf(command: Command): Omit<Reply, "commit"> {
  if (isConsent(command)) return { consentHash: consentHash(command) };
  switch (command.type) {
    case "openAccounts":
      return { opened: command.opened };
    case "openAccount":
      return { account: command.account.address };
    case "submitState": {
      const { channelId, version } = command.proposal;
      const fee = feeOf(command);
      const fees = command.operations.flatMap((one) => (one.type === "fee" ? [one.amount] : []));
      return { channelId, version, ...(fee > 0n && { fee }), ...(fees.length > 1 && { fees }) };
    }
    case "addInvoice":
      return { hash: command.invoice.invoice.hash };
    default:
      return {};
  }
}

/** The place of a completed state among the commit's leaves; -1 if it was completed before; null if there is none. */
export function leafIndex(command: Command, changes: Changes, statesBefore: number): number | null {
  if (command.type !== "submitState") return null;
  return changes.states ? statesBefore : -1;
}

/** The payments that a request gives back of. */
export function paymentsRefunded(request: Request): Hash[] {
  if (request.type === "refund") return [request.payment];
  if (request.type !== "submitState") return [];
  return request.operations.flatMap((one) => (one.type === "refund" ? one.payment : []));
}

/** What an idempotency key stands for: the whole request. */
export function fingerprintOf(request: Request): Hash {
  return toHash(`0x${createHash("sha256").update(toJson(request)).digest("hex")}`);
}

function consentHash(command: ConsentCommand): Hash {
  return command.type === "withdraw" ? hashWithdrawal(command.withdrawal) : hashClosing(command.closing);
}
