import * as z from "zod";

import { completeState } from "./channels";
import { heldNote, lock, state, systemSignature } from "./messages";
import { hash, list, signature, uint64, unsigned } from "./values";

/** What a user has of its channel, to be checked by all its signatures. */
export const shownPosition = z.strictObject({
  state: z
    .strictObject({ ...completeState.shape, outgoing: list(lock) })
    .nullable()
    .meta({ description: "The latest complete state, with its locks; null before the first, or if it is lost." }),
  note: heldNote.nullable().meta({ description: "The latest note; null before the first, or if it is lost." }),
});

const paidLock = z.object({ index: uint64, preimage: hash });

export const outset = z.object({
  outgoing: list(paidLock).meta({ description: "The locks of the state that are paid; every other one is dropped." }),
  incoming: list(paidLock).meta({ description: "The same of the note." }),
  time: uint64.meta({ description: "Of the last final block (Unix seconds)." }),
});

export const resynchronisationRequest = z.strictObject({
  shown: shownPosition,
  time: uint64.meta({ description: "Of the outset." }),
  proposal: state,
  signature,
});

export const resynchronised = z.object({ commit: unsigned, systemSignature });
