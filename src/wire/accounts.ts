import * as z from "zod";

import { address, channelId, decimals, int128, list, uint128, unsigned } from "./values";

const tokens = z
  .array(address)
  .min(1)
  .max(64)
  .refine((all) => new Set(all).size === all.length, { error: "a token is named twice" })
  .readonly();

const system = address
  .optional()
  .meta({ description: "The system that is to keep the account; else the one with the fewest accounts." });

export const accountOpening = z.discriminatedUnion("custody", [
  z.strictObject({ custody: z.literal("self"), address, tokens, system }),
  z.strictObject({ custody: z.literal("hosted"), tokens, system }),
]);

/** Accounts that one call may open. */
export const OPENINGS = 5_000;

export const bulkOpening = z.strictObject({
  system,
  items: list(
    z.discriminatedUnion("custody", [
      z.strictObject({ custody: z.literal("self"), address, tokens }),
      z.strictObject({ custody: z.literal("hosted"), tokens }),
    ]),
    OPENINGS,
    1,
  ),
});

export const bulkOpened = z.object({
  items: list(
    z.object({
      address: address.nullable().meta({ description: "Null where it was refused." }),
      system: address.meta({ description: "That opened or refused it." }),
      commit: unsigned.nullable().meta({ description: "Of that system; null where another one has the account." }),
      refused: z.string().nullable().meta({ description: "Why: a code of docs/ERRORS.md." }),
      details: z.record(z.string(), z.string()),
    }),
  ).meta({ description: "What became of each, in their order." }),
});

export const accountStatus = z.enum(["open", "frozen", "closed"]).meta({
  description:
    "`frozen`: it pays nobody. `closed`: nobody pays it either. What is in it can be withdrawn nevertheless.",
});

export const account = z.object({
  address,
  system: address,
  custody: z.enum(["self", "hosted"]),
  status: accountStatus,
});

export const accountStatusChange = z.strictObject({ status: accountStatus });

export const accountTokens = z.strictObject({ tokens });

const METADATA = { entries: 50, name: 40, value: 500 };

/** What the operator keeps with an account. */
export const metadata = z
  .record(z.string().min(1).max(METADATA.name), z.string().max(METADATA.value))
  .refine((all) => Object.keys(all).length <= METADATA.entries, { error: "too many entries" })
  .meta({ description: "Up to 50 entries: names of 40 characters, texts of 500." });

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
