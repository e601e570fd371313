import * as z from "zod";

import { completeState } from "./channels";
import { heldNote } from "./messages";
import { address, channelId, hash, list, signature, uint64, unsigned } from "./values";

// What a watchtower takes and tells.

/** Preimages that one call may carry: there are no more locks in a note. */
const PREIMAGES = 512;

const key = z.strictObject({ system: address, user: address, token: address, epoch: uint64 });

export const appointment = z.strictObject({
  channelId,
  party: address,
  tower: address,
  shareBps: z.int().min(0).max(10_000).meta({ description: "Of a forfeit, in hundredths of a per cent." }),
  until: uint64,
});

export const handover = z.strictObject({
  key,
  state: completeState.nullable().meta({ description: "The latest complete state; null before the first." }),
  note: heldNote.nullable().meta({ description: "The best note, with its locks; null for none." }),
  preimages: list(hash, PREIMAGES).meta({ description: "Of those locks, where the user has claimed them." }),
  appointment: z
    .strictObject({ appointment, signature })
    .nullable()
    .meta({ description: "What the tower gets of a forfeit, signed by the user." }),
});

export const pendingClose = z.object({
  bySystem: z.boolean(),
  humble: z.boolean(),
  version: uint64.meta({ description: "Of the state that it was closed with." }),
  seq: uint64,
  challengeEnd: uint64,
  transaction: hash,
});

export const towerAnswer = z.object({
  shown: z.enum(["state", "note", "preimages"]),
  status: z.enum(["waiting", "sent", "done", "failed", "cancelled"]),
  transaction: hash.nullable().meta({ description: "The last one sent, or the one that is final." }),
});

export const appointed = z.object({
  chainId: unsigned,
  hub: address,
  channelId,
  key,
  version: uint64.meta({ description: "Of the newest state that the tower has; 0 for none." }),
  seq: uint64.meta({ description: "Of the newest note that the tower has; 0 for none." }),
  preimages: z.int().min(0),
  until: uint64.nullable().meta({ description: "Until when the tower is appointed; null if it works for nothing." }),
  received: z.iso.datetime().meta({ description: "When it was last handed something." }),
  outcome: z
    .enum(["settled", "agreed", "penalised"])
    .nullable()
    .meta({ description: "How the epoch ended on the final chain; null while it goes on." }),
  close: pendingClose.nullable().meta({ description: "The close that is pending." }),
  answers: list(towerAnswer),
});

export const allAppointed = z.object({ appointments: list(appointed) });

export const towerTerms = z.object({
  chains: list(
    z.object({
      chainId: unsigned,
      hubs: list(address),
      tower: address.meta({ description: "Whom an appointment names." }),
      systems: list(address).nullable().meta({ description: "Whose users are served; null for everybody's." }),
    }),
  ),
  leastShareBps: z.int().meta({ description: "Of a forfeit; 0: no appointment is needed." }),
  channels: z.int().meta({ description: "Of one user at most." }),
});
