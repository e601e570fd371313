import {
  type ChannelId,
  type ChannelKey,
  type Hash,
  type Lock,
  type SignedAppointment,
  type CompleteState,
  type SignedNote,
} from "../protocol";

/** A note with the leaves of its tree, in their order. */
export interface NoteWithLocks extends SignedNote {
  readonly locks: readonly Lock[];
}

/** What a user hands over of a channel, checked. */
export interface Handover {
  readonly key: ChannelKey;
  /** The latest complete state; undefined for version 0. */
  readonly completed: CompleteState | undefined;
  /** The best note; undefined for none. */
  readonly held: NoteWithLocks | undefined;
  /** Of locks of the note: those that the user has claimed. */
  readonly preimages: readonly Hash[];
  /** What the tower is promised out of a forfeit. */
  readonly appointment: SignedAppointment | undefined;
}

/** How the channel's epoch ended on the final chain. */
export type Outcome = "settled" | "agreed" | "penalised";

/** What a watchtower has of a channel: the newest of everything that it was ever handed. */
export interface Appointed extends Handover {
  readonly id: ChannelId;
  /** Rises with everything that is new. */
  readonly revision: bigint;
  /** Unix milliseconds. */
  readonly received: bigint;
  readonly outcome: Outcome | undefined;
}
