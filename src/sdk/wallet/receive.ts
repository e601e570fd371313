import { checkNote, hashNote, maximum } from "../../protocol";
import type { HeldNote } from "../store";
import type { Core } from "./core";

/**
 * Checks a note and believes it once it is stored (U5).
 * @returns whether it is newer than what is held
 * @throws invalid_signature, wrong_signer, channel_frozen, not_yet, stale_note, locks_mismatch, bad_expiry, not_covered
 */
export async function receive(core: Core, held: HeldNote): Promise<boolean> {
  const { memory, options } = core;
  const isNew = (): boolean => held.note.seq > maximum(memory.view.note.seq, memory.state.noteSeq);
  if (!isNew()) return false;
  await core.requireSystemOn(hashNote(held.note), held.signed);
  // Another one may have come in meanwhile.
  if (!isNew()) return false;
  checkNote(memory.view, held.note, held.locks, options.asset, core.now());
  memory.checked = held;
  try {
    await memory.record({ type: "received", held });
  } catch (error) {
    // What could not be stored is to be offered again.
    memory.checked = memory.held;
    throw error;
  }
  return true;
}
