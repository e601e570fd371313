import {
  emptyNote,
  emptyState,
  encodeSystemSignature,
  ZERO_HASH,
  type Address,
  type ChannelId,
  type ChannelKey,
  type CompleteState,
  type DisputeRecord,
  type LockEvidence,
  type SignedNote,
  type State,
} from "../../protocol";
import type { Transaction } from "../signers";
import { HUB } from "./abi";
import { call, refOf } from "./calls";

// The transactions by which a user leaves alone (section 6), as the hub takes them.

const NONE = "0x";

/** What a user closes with; version 0 and seq 0 are left out. */
export interface UserClose {
  readonly channel: ChannelKey;
  readonly completed: Pick<CompleteState, "state" | "systemSignature"> | undefined;
  readonly held: SignedNote | undefined;
  readonly humble: boolean;
  /** Native coin. */
  readonly fee: bigint;
  /** Unix seconds. */
  readonly deadline: bigint;
}

/** Starts to close as the sending user, with what S signed; a humble close carries its fee. */
export function closeCall(hub: Address, { channel, completed, held, humble, fee, deadline }: UserClose): Transaction {
  const id = "0x" as ChannelId;
  const signatures = [
    completed ? encodeSystemSignature(completed.systemSignature) : NONE,
    held ? encodeSystemSignature(held.signed) : NONE,
  ];
  const order = { party: channel.user, humble, deadline, signature: NONE };
  const [state, note] = [completed?.state ?? emptyState(id), held?.note ?? emptyNote(id)];
  return call(hub, HUB, "close", [refOf(channel), state, note, ...signatures, order], fee);
}

/** Shows a newer complete state on a pending close. */
export function challengeCall(
  hub: Address,
  key: ChannelKey,
  record: DisputeRecord,
  { state, userSignature, systemSignature }: CompleteState,
): Transaction {
  const signatures = [userSignature, encodeSystemSignature(systemSignature)];
  return call(hub, HUB, "challenge", [refOf(key), record, state, ...signatures, NONE]);
}

/**
 * Shows a note on a pending close, with those of its locks whose preimages were public in time.
 * @param standing the state that stands
 */
export function proveCall(
  hub: Address,
  key: ChannelKey,
  record: DisputeRecord,
  standing: State,
  { note, signed }: SignedNote,
  locks: readonly LockEvidence[],
): Transaction {
  const shown = locks.map(({ lock, proof, preimage = ZERO_HASH }) => ({ ...lock, preimage, proof }));
  return call(hub, HUB, "prove", [refOf(key), record, standing, note, encodeSystemSignature(signed), shown, NONE]);
}

/** Pays everyone their due; the epoch rises. */
export function settleCall(hub: Address, key: ChannelKey, record: DisputeRecord, standing: State): Transaction {
  return call(hub, HUB, "settle", [refOf(key), record, standing]);
}

/** Fetches what waits for the sender, to any address. */
export function collectOwedCall(hub: Address, token: Address, to: Address): Transaction {
  return call(hub, HUB, "collectOwed", [token, to]);
}

export function collectClaimCall(hub: Address, system: Address, token: Address, index: bigint): Transaction {
  return call(hub, HUB, "collectClaim", [system, token, index]);
}

export function collectAwardCall(hub: Address, system: Address, token: Address, index: bigint): Transaction {
  return call(hub, HUB, "collectAward", [system, token, index]);
}
