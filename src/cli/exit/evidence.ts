import { existsSync, readFileSync } from "node:fs";

import type { CompleteState, SignedNote } from "../../chain";
import { fail } from "../../errors";
import {
  channelId,
  hashOfPreimage,
  lockSummary,
  type ChannelKey,
  type Hash,
  type Lock,
  type LockSummary,
  type Note,
} from "../../protocol";
import { FileStore, type HeldNote } from "../../sdk";
import { readChannel, readLock, readNote, readState, reading, type Reading } from "./reading";

/** What a user holds of its channel: all that it needs to leave. */
export interface Evidence {
  readonly channel: ChannelKey;
  /** The latest complete state; undefined for version 0. */
  readonly completed: CompleteState | undefined;
  /** The best note; undefined for none. */
  readonly held: SignedNote | undefined;
  /** The pending incoming locks, the leaves of the note's tree in their order. */
  readonly locks: readonly Lock[];
  /** Those preimages of the locks' hashes that the user knows. */
  readonly preimages: readonly Hash[];
  /** From here on the user's wallet signs and believes nothing (S6). */
  freeze(): Promise<void>;
}

export type Parties = Omit<ChannelKey, "epoch">;

/** What a wallet's file does not say; without `epoch` the latest one counts that the file knows. */
export type Named = Partial<ChannelKey>;

/**
 * Reads what `file` holds: a wallet's own file (the SDK's `FileStore`), which needs the parties named and the chain's epoch to
 * tell which records count, or an evidence file, which names its channel.
 * @throws invalid_input naming the file and the field
 */
export async function readEvidence(
  file: string,
  named: Named,
  epochOf: (parties: Parties) => Promise<bigint>,
): Promise<Evidence> {
  if (!existsSync(file)) fail("invalid_input", { file, reason: "there is no such file" });
  const whole = parseWhole(file);
  if (whole !== undefined) return fromEvidenceFile(whole);
  const { system, user, token, epoch } = named;
  if (system === undefined || token === undefined || user === undefined) {
    return fail("invalid_input", { file, reason: "a wallet's file needs --system, --token and the user's key" });
  }
  const parties = { system, user, token };
  if (epoch !== undefined) return (await fromEpoch(file, { ...parties, epoch })) ?? unused({ ...parties, epoch });
  const today = await epochOf(parties);
  for (let earlier = today; earlier >= 0n; earlier--) {
    const evidence = await fromEpoch(file, { ...parties, epoch: earlier });
    if (evidence !== undefined) return evidence;
  }
  return unused({ ...parties, epoch: today });
}

/** An evidence file is one JSON object with a channel; a wallet's file is many lines. */
function parseWhole(file: string): Reading | undefined {
  try {
    const object = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown> | null;
    return object !== null && typeof object === "object" && !("type" in object) ? reading(file, object) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function fromEvidenceFile(file: Reading): Evidence {
  const channel = readChannel(file.object("channel"));
  const id = channelId(channel);
  const state = file.optional("state");
  const note = file.optional("note");
  const completed = state && {
    state: readState(state.object("state"), id),
    userSignature: state.signature("userSignature"),
    systemSignature: state.systemSignature("systemSignature"),
  };
  const held = note && { note: readNote(note.object("note"), id), signed: note.systemSignature("signed") };
  const locks = file.list("locks", readLock);
  const preimages = file.hashes("preimages");
  checkLocks(held?.note, locks, preimages);
  return { channel, completed, held, locks, preimages, freeze: () => Promise.resolve() };
}

/** What the records of one epoch come to; undefined if there are none. */
async function fromEpoch(file: string, channel: ChannelKey): Promise<Evidence | undefined> {
  const id = channelId(channel);
  const records = await FileStore.read(file, id);
  if (records.length === 0) return undefined;
  let completed: CompleteState | undefined;
  let held: HeldNote | undefined;
  const preimages: Hash[] = [];
  for (const record of records) {
    if (record.type === "completed") {
      const { state, signature, systemSignature } = record.completed;
      completed = { state, userSignature: signature, systemSignature };
    }
    if (record.type === "received" && record.held.note.seq > (held?.note.seq ?? 0n)) held = record.held;
    if (record.type === "invoiced") preimages.push(record.own.preimage);
  }
  const freeze = async (): Promise<void> => {
    const store = await FileStore.open(file);
    await store.append({ type: "closing", channelId: id });
    await store.close();
  };
  const locks = held?.locks ?? [];
  const hashes = new Set(locks.map(({ hash }) => hash));
  const known = preimages.filter((preimage) => hashes.has(hashOfPreimage(preimage)));
  return { channel, completed, held, locks, preimages: known, freeze };
}

/** A channel that was only paid into. */
function unused(channel: ChannelKey): Evidence {
  const nothing = { completed: undefined, held: undefined, locks: [], preimages: [] };
  return { channel, ...nothing, freeze: () => Promise.resolve() };
}

/** @throws invalid_proof, invalid_input */
function checkLocks(note: Note | undefined, locks: readonly Lock[], preimages: readonly Hash[]): void {
  const got: LockSummary = lockSummary(locks);
  if (locks.length > 0 && (got.locksRoot !== note?.locksRoot || got.locked !== note.locked)) {
    fail("invalid_proof", { locksRoot: got.locksRoot, want: note?.locksRoot, locked: got.locked });
  }
  const hashes = new Set(locks.map(({ hash }) => hash));
  for (const preimage of preimages) {
    if (!hashes.has(hashOfPreimage(preimage))) fail("invalid_input", { reason: "a preimage is of none of the locks" });
  }
}
