import { StarledgerError } from "../../errors";
import type { Proposal } from "../store";
import type { Core } from "./core";

/** A refusal is an answer: the proposal is not sent again, not after a restart either. */
export async function noteRefusal({ memory }: Core, proposal: Proposal | undefined, error: Error): Promise<void> {
  const isRefusal = error instanceof StarledgerError && !error.retryable;
  if (isRefusal && proposal !== undefined && memory.unanswered === proposal) await memory.record({ type: "refused" });
}

/** What was refused stays undone, and is no reason to do nothing else. */
export function unlessRefused(error: unknown): void {
  if (!(error instanceof StarledgerError) || error.retryable) throw error;
}

/** Another device was faster, or the store is older than it thinks (case 26). */
export function isOutdated(error: unknown): boolean {
  return error instanceof StarledgerError && ["stale_version", "equivocation"].includes(error.code);
}

/** S has lost data. */
export function isLost(error: unknown): boolean {
  return error instanceof StarledgerError && error.code === "resynchronising";
}

export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** Something costs something else than was known. */
export function isMispriced(error: unknown): boolean {
  return error instanceof StarledgerError && error.code === "wrong_fee";
}
