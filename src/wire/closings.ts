import * as z from "zod";

import { channelId, int128, signature, uint64, unsigned } from "./values";

export const closing = z.strictObject({ channelId, net: int128, deadline: uint64 });

export const closingRequest = z.discriminatedUnion("custody", [
  z.strictObject({ custody: z.literal("self"), closing, signature }),
  z.strictObject({
    custody: z.literal("hosted"),
    deadline: uint64.meta({ description: "Unix seconds: when the signatures are void." }),
  }),
]);

export const closingReceipt = z.object({
  commit: unsigned,
  closing,
  userSignature: signature,
  systemSignature: signature,
});
