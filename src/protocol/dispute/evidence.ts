import type { Appointment, Hash, Lock, Note, Signature, State, SystemSignature } from "../types";

/** A complete state as the hub takes it as evidence. */
export interface CompleteState {
  readonly state: State;
  readonly userSignature: Signature;
  readonly systemSignature: SystemSignature;
}

/** A note with S's signature. */
export interface SignedNote {
  readonly note: Note;
  readonly signed: SystemSignature;
}

/** A lock with its path in the tree and, unless the registry is to be asked, its preimage. */
export interface LockEvidence {
  readonly lock: Lock;
  readonly proof: readonly Hash[];
  readonly preimage: Hash | undefined;
}

/** What a party grants a watchtower, with its signature. */
export interface SignedAppointment {
  readonly appointment: Appointment;
  readonly signature: Signature;
}
