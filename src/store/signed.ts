import type { Consent, Leaf } from "../engine";
import type { Hash, Note, NoteOperation, Signature, State, StateOperation } from "../protocol";

/** The signature and the leaves (struct hashes, in order) of one commit. */
export interface CommitProof {
  readonly signature: Signature;
  readonly leaves: readonly Hash[];
}

/** A state or note with the leaf that proves S's signature on it. */
export interface Signed<T, Operation> {
  readonly message: T;
  readonly leaf: Leaf;
  /** What its memo is the hash of; null where an older program did not keep it. */
  readonly operations: readonly Operation[] | null;
}

export interface SignedState extends Signed<State, StateOperation> {
  readonly userSignature: Signature;
}

export type SignedNote = Signed<Note, NoteOperation>;

/** A withdrawal or closing with both signatures. */
export interface SignedConsent extends Consent {
  readonly systemSignature: Signature;
}
