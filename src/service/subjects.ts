import { createHash } from "node:crypto";

import type { Changes, Command, CommandOf, SignedState } from "../engine";
import { feesIn, hashClosing, hashWithdrawal, toHash, type Hash, type StateOperation } from "../protocol";
import { toJson } from "../protocol/json";
import type { Reply, Request } from "./requests";

// What requests and their replies are about.

type ConsentCommand = CommandOf<"withdraw"> | CommandOf<"closeCooperatively">;

export function isConsent(command: Command): command is ConsentCommand {
  return command.type === "withdraw" || command.type === "closeCooperatively";
}

/** What a reply names, so that it can be found again. */
export function subjectOf(command: Command): Omit<Reply, "commit"> {
  if (isConsent(command)) return { consentHash: consentHash(command), ...completedBy(stateOf(command)) };
  switch (command.type) {
    case "openAccounts":
      return { opened: command.opened };
    case "openAccount":
      return { account: command.account.address };
    case "submitState":
      return completedBy(command);
    case "resynchronise":
      return { channelId: command.proposal.channelId, version: command.proposal.version };
    case "addInvoice":
      return { hash: command.invoice.invoice.hash };
    default:
      return {};
  }
}

/** The place of a completed state among the commit's leaves; -1 if it was completed before; null if there is none. */
export function leafIndex(command: Command, changes: Changes, statesBefore: number): number | null {
  if (command.type !== "resynchronise" && stateOf(command) === undefined) return null;
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

/** The state that a command completes. */
function stateOf(command: Command): SignedState | undefined {
  if (command.type === "withdraw") return command.payment;
  return command.type === "submitState" ? command : undefined;
}

/** What each payment of a state costs. */
function feesOf(operations: readonly StateOperation[]): bigint[] {
  return operations.flatMap((one, i) => {
    if (one.type === "lock") return [one.fee];
    if (one.type !== "pay" && one.type !== "redeem") return [];
    const next = operations[i + 1];
    return [next?.type === "fee" ? next.amount : 0n];
  });
}

function completedBy(state: SignedState | undefined): Pick<Reply, "channelId" | "version" | "fee" | "fees"> {
  if (state === undefined) return {};
  const { channelId, version } = state.proposal;
  const fee = feesIn(state.operations);
  if (fee === 0n) return { channelId, version };
  const fees = feesOf(state.operations);
  return fees.length === 1 ? { channelId, version, fee } : { channelId, version, fee, fees };
}
