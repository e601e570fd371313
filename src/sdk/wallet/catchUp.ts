import { fail } from "../../errors";
import { checkLocks, hashNote, JUMP, hashState, recover } from "../../protocol";
import type { ShownChannel } from "../api";
import type { HeldNote } from "../store";
import type { Core } from "./core";
import { receive } from "./receive";

/**
 * Takes over what U signed elsewhere: on another device, or before a restored backup was overtaken (case 26). After a loss of data
 * nothing of it is believed before both sides begin anew (S7).
 * @throws what {@link adoptShown} throws
 */
export async function catchUp(core: Core): Promise<void> {
  const shown = await look(core);
  if (!core.memory.isLost) await adoptShown(core, shown);
}

/** What S shows of the channel, nothing of which is believed yet but that S has lost data. */
export async function look({ memory, options, id }: Core): Promise<ShownChannel> {
  const shown = await options.api.channel(id);
  if (shown.isLost && !memory.isLost) await memory.record({ type: "lost", by: "system" });
  return shown;
}

/**
 * Whatever is taken over carries U's own signature and S's; of what S shows nothing else counts. The state is never signed again.
 * @throws equivocation if S completed two states of one version; invalid_signature, wrong_signer, locks_mismatch, and what
 * receiving a note throws
 */
export async function adoptShown(core: Core, shown: ShownChannel): Promise<void> {
  await adoptState(core, shown);
  if (shown.note !== undefined) await adoptNote(core, shown.note);
  await adoptWithdrawal(core, shown);
}

async function adoptState(core: Core, { state: shown, outgoing }: ShownChannel): Promise<void> {
  const { memory } = core;
  if (shown === undefined || shown.state.version < memory.state.version) return;
  const { state, userSignature: signature, systemSignature } = shown;
  const structHash = hashState(state);
  if (state.version === memory.state.version) {
    if (structHash !== hashState(memory.state)) fail("equivocation", { version: state.version });
    return;
  }
  if (state.channelId !== core.id) fail("state_mismatch", { got: state.channelId, want: core.id });
  core.requireOwn({ type: "State", value: state }, signature);
  await core.requireSystemOn(structHash, systemSignature);
  checkLocks(state, outgoing);
  const own = memory.proposalOf(structHash);
  const isAnew = state.version >= memory.state.version + JUMP;
  if (own !== undefined) {
    const type = isAnew ? "resynchronised" : "completed";
    await memory.record({ type, completed: { ...own, systemSignature } });
  } else {
    const completed = { state, operations: [], locks: outgoing, signature, systemSignature };
    await memory.record({ type: "adopted", completed });
  }
}

/** The note that the state folded is worth nothing more, but its locks may be. */
async function adoptNote(core: Core, held: HeldNote): Promise<void> {
  const { memory } = core;
  const { state } = memory;
  const { note, locks } = held;
  const isFolded = note.seq === state.noteSeq && note.seq > memory.note.seq;
  if (!isFolded || memory.isFrozen) {
    await receive(core, held);
    return;
  }
  if (note.channelId !== core.id || note.credited !== state.noteCredited) {
    fail("stale_note", { seq: note.seq, credited: note.credited, heldCredited: state.noteCredited });
  }
  await core.requireSystemOn(hashNote(note), held.signed);
  checkLocks(note, locks);
  await memory.record({ type: "received", held });
}

async function adoptWithdrawal(core: Core, { withdrawal: shown }: ShownChannel): Promise<void> {
  const { memory } = core;
  if (shown === undefined || memory.pending !== null) return;
  const { withdrawal, signature, systemSignature } = shown;
  if (withdrawal.channelId !== core.id || withdrawal.withdrawn <= memory.funds.withdrawn) return;
  const message = { type: "Withdrawal", value: withdrawal } as const;
  core.requireOwn(message, signature);
  await core.requireSystem(recover(core.digestOf(message), systemSignature));
  await memory.record({ type: "withdrawal", withdrawal, signature });
  await memory.record({ type: "consented", systemSignature });
}
