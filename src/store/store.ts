import type {
  Account,
  Asset,
  Changes,
  Channel,
  Consent,
  CompletedState,
  Htlc,
  IssuedNote,
  JournalLine,
  KnownPreimage,
  Leaf,
} from "../engine";
import type { Address, ChannelId, Hash, Note, Signature, State } from "../protocol";

/** One commit: all that its steps changed, and the one signature over its states and notes. */
export interface Commit {
  readonly id: bigint;
  /** Unix milliseconds. */
  readonly time: number;
  readonly changes: Required<Changes>;
  /** On the batch root, or on the struct itself where there is one leaf; null where there is none. */
  readonly signature: Signature | null;
  /** S's own signatures on the withdrawals and closings, in their order. */
  readonly consents: readonly Signature[];
  readonly replies: readonly StoredReply[];
}

/** What an idempotency key was used for, and what it led to. */
export interface StoredReply {
  readonly key: string;
  readonly fingerprint: Hash;
  /** JSON. */
  readonly reply: string;
}

/** The signature and the leaves (struct hashes, in order) of one commit. */
export interface CommitProof {
  readonly signature: Signature;
  readonly leaves: readonly Hash[];
}

/** A state or note with the leaf that proves S's signature on it. */
export interface Signed<T> {
  readonly message: T;
  readonly leaf: Leaf;
}

/** A withdrawal or closing with both signatures. */
export interface SignedConsent extends Consent {
  readonly systemSignature: Signature;
}

/** The durable store. Whatever {@link commit} returned from survives a crash, whole. */
export interface Store {
  /** The id of the last commit; 0 before the first. */
  readonly lastCommit: bigint;
  commit(commit: Commit): void;
  accounts(): Iterable<Account>;
  assets(): Iterable<Asset>;
  /** Channels of epochs that are not settled. */
  channels(): Iterable<Channel>;
  /** The newest `limit` notes per channel that its latest state has not folded, oldest first. */
  unfoldedNotes(limit: number): Iterable<Note>;
  /** Conditional transfers that are not over. */
  openHtlcs(): Iterable<Htlc>;
  preimages(): Iterable<KnownPreimage>;
  state(id: ChannelId, version: bigint): (Signed<State> & { readonly userSignature: Signature }) | undefined;
  note(id: ChannelId, seq: bigint): Signed<Note> | undefined;
  commitProof(id: bigint): CommitProof | undefined;
  consent(hash: Hash): SignedConsent | undefined;
  reply(key: string): StoredReply | undefined;
  /** Σ of the journal per account of one book. */
  journalTotals(system: Address, token: Address): Map<JournalLine["account"], bigint>;
  journalSize(): bigint;
  close(): void;
}

export type { CompletedState, IssuedNote };
