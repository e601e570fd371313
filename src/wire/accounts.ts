import * as z from "zod";

import { address, channelId, decimals, int128, list, uint128 } from "./values";

const tokens = z
  .array(address)
  .min(1)
  .max(64)
  .refine((all) => new Set(all).size === all.length, { error: "a token is named twice" })
  .readonly();

export const accountOpening = z.discriminatedUnion("custody", [
  z.strictObject({ custody: z.literal("self"), address, tokens }),
  z.strictObject({ custody: z.literal("hosted"), tokens }),
]);

export const account = z.object({ address, system: address, custody: z.enum(["self", "hosted"]) });

export const channelStatus = z.enum(["open", "frozen", "settled"]);

export const balances = z.object({
  account: address,
  balances: list(
    z.object({
      token: address,
      decimals,
      channelId,
      status: channelStatus,
      balance: int128,
      locked: uint128.meta({ description: "The part of the balance that pending locks may pay." }),
      available: int128,
    }),
  ),
});
