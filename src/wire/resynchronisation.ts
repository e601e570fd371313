import * as z from "zod";

import { completeState } from "./channels";
import { heldNote, lock, state, systemSignature } from "./messages";
import { hash, list, signature, unsigned } from "./values";

/** What a user has of its channel, to be checked by all its signatures. */
export const shownPosition = z.strictObject({
  state: z
    .strictObject({ ...completeState.shape, outgoing: list(lock) })
    .nullable()
    .meta({ description: "The latest complete state, with its locks; null before the first, or if it is lost." }),
  note: heldNote.nullable().meta({ description: "The latest note; null before the first, or if it is lost." }),
});

export const outset = z.object({
  preimages: list(hash).meta({ description: "Of the locks, either way, that are paid; every other one is dropped." }),
});

export const resynchronisationRequest = z.strictObject({ shown: shownPosition, proposal: state, signature });

export const resynchronised = z.object({ commit: unsigned, systemSignature });
