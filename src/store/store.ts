import type { Account, Asset, Changes, Channel, Consent, Htlc, JournalLine, KnownPreimage, Leaf } from "../engine";
import type { Address, ChannelId, Hash, Note, Signature, State } from "../protocol";
import type { Lease, LeaseOptions } from "./lease";

/** One commit of one system: all that its steps changed, and the one signature over its states and notes. */
export interface Commit {
  readonly system: Address;
  /** One more than that of the system's commit before. */
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

/**
 * The durable store of any number of systems. Whatever {@link commit} resolved for survives a crash, whole.
 * Everything rejects with `store_failed` where the database does not do what it was asked; then nothing has changed.
 */
export interface Store {
  /**
   * Waits until no other process leads the system, and leads it.
   * @throws stopped, when the store is closed meanwhile
   */
  lead(system: Address, options?: LeaseOptions): Promise<Lease>;
  /**
   * Makes a commit durable, or changes nothing.
   * @throws not_leader (another process leads the system by now), store_corrupt (it is not the next commit), store_failed,
   * outcome_unknown (whether it is durable only a new start can tell)
   */
  commit(commit: Commit, lease: Lease): Promise<void>;
  /** The id of the system's last commit; 0 before the first. */
  lastCommit(system: Address): Promise<bigint>;
  accounts(system: Address): Promise<Account[]>;
  assets(system: Address): Promise<Asset[]>;
  /** Channels of epochs that are not settled. */
  channels(system: Address): Promise<Channel[]>;
  /** The newest `limit` notes per channel that its latest state has not folded, oldest first. */
  unfoldedNotes(system: Address, limit: number): Promise<Note[]>;
  /** Conditional transfers that are not over. */
  openHtlcs(system: Address): Promise<Htlc[]>;
  preimages(system: Address): Promise<KnownPreimage[]>;
  state(id: ChannelId, version: bigint): Promise<(Signed<State> & { readonly userSignature: Signature }) | undefined>;
  note(id: ChannelId, seq: bigint): Promise<Signed<Note> | undefined>;
  commitProof(system: Address, id: bigint): Promise<CommitProof | undefined>;
  consent(hash: Hash): Promise<SignedConsent | undefined>;
  /** Those of the keys that were used. */
  replies(system: Address, keys: readonly string[]): Promise<StoredReply[]>;
  /** Σ of the journal per account of one book. */
  journalTotals(system: Address, token: Address): Promise<Map<JournalLine["account"], bigint>>;
  journalSize(): Promise<bigint>;
  /** Gives up every lease, and closes. */
  close(): Promise<void>;
}
