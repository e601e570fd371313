import type { ChannelKey, CompleteState, Hash } from "../../protocol";
import type { HeldNote } from "../store";

/** What a watchtower defends a channel with. */
export interface ChannelPapers {
  readonly key: ChannelKey;
  /** The latest complete state; undefined for version 0. */
  readonly completed: CompleteState | undefined;
  /** The best note, with its pending locks; undefined for none. */
  readonly held: HeldNote | undefined;
  /** Of those locks: what U has given away, or will; what a hold invoice keeps back is nobody's to show. */
  readonly preimages: readonly Hash[];
}

/** Whether there is anything that could be shown. */
export function isWorthShowing({ completed, held }: ChannelPapers): boolean {
  return completed !== undefined || held !== undefined;
}

/** ChannelPapers that are the same have the same. */
export function fingerprint({ completed, held, preimages }: ChannelPapers): string {
  return [completed?.state.version ?? 0n, held?.note.seq ?? 0n, ...preimages].join();
}
