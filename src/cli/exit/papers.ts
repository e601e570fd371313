import { existsSync, readFileSync } from "node:fs";

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
import { evidenceOf, FileStore, type Evidence, type Papers, type Parties } from "../../sdk";
import { readChannel, readLock, readNote, readState, reading, type Reading } from "./reading";

/** Papers that other programs may use again. */
export interface FilePapers extends Papers {
  release(): Promise<void>;
}

/** What a wallet's file does not say; without `epoch` the latest one counts that the file knows. */
export type Named = Partial<ChannelKey>;

/**
 * Reads what `file` holds: a wallet's own file (the SDK's `FileStore`), which needs the parties named and the chain's epoch to
 * tell which records count, or an evidence file, which names its channel.
 * @param isUsed the file is locked first: a wallet that goes on would sign what is not read
 * @throws invalid_input naming the file and the field, store_locked
 */
export async function readPapers(
  file: string,
  named: Named,
  epochOf: (parties: Parties) => Promise<bigint>,
  isUsed: boolean,
): Promise<FilePapers> {
  if (!existsSync(file)) fail("invalid_input", { file, reason: "there is no such file" });
  const whole = parseWhole(file);
  if (whole !== undefined) return toBeRead(fromEvidenceFile(whole));
  const { system, user, token } = named;
  if (system === undefined || token === undefined || user === undefined) {
    return fail("invalid_input", { file, reason: "a wallet's file needs --system, --token and the user's key" });
  }
  const parties = { system, user, token };
  const read = () => fromWallet(file, parties, named.epoch, epochOf);
  return isUsed ? lockedPapers(await FileStore.open(file), read) : toBeRead(await read());
}

function toBeRead(evidence: Evidence): FilePapers {
  return { evidence, freeze: () => Promise.resolve(evidence), release: () => Promise.resolve() };
}

/** Until the channel is frozen the file stays locked. */
async function lockedPapers(store: FileStore, read: () => Promise<Evidence>): Promise<FilePapers> {
  const unlock = await store.lock();
  let released: Promise<void> | undefined;
  const release = (): Promise<void> => (released ??= unlock());
  try {
    const evidence = await read();
    const id = channelId(evidence.channel);
    const freeze = async (): Promise<Evidence> => {
      if (released === undefined) await store.append({ type: "closing", channelId: id });
      await release();
      return evidence;
    };
    return { evidence, freeze, release };
  } catch (error) {
    await release();
    throw error;
  }
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
  const locks = file.list("locks", readLock);
  const held = note && { note: readNote(note.object("note"), id), signed: note.systemSignature("signed"), locks };
  const preimages = file.hashes("preimages");
  checkLocks(held?.note, locks, preimages);
  return { channel, completed, held, preimages, agreement: undefined, mayBeBehind: false };
}

/**
 * Without an epoch the latest one counts that the file has records of; a channel that was only paid into has none. A file that
 * may be behind may lack whole epochs.
 */
async function fromWallet(
  file: string,
  parties: Parties,
  named: bigint | undefined,
  epochOf: (parties: Parties) => Promise<bigint>,
): Promise<Evidence> {
  const records = await FileStore.read(file);
  const today = evidenceOf({ ...parties, epoch: named ?? (await epochOf(parties)) }, records);
  if (named !== undefined || today.mayBeBehind) return today;
  for (let { epoch } = today.channel; epoch >= 0n; epoch--) {
    const id = channelId({ ...parties, epoch });
    if (records.some((record) => "channelId" in record && record.channelId === id))
      return evidenceOf({ ...parties, epoch }, records);
  }
  return today;
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
