import { z } from "zod";

/** How what backs a token is watched. */
export const BACKING_SETTINGS = z.object({
  STARLEDGER_ASSET_SECONDS: z.coerce
    .number()
    .min(1)
    .max(86_400)
    .default(60)
    .describe("How often listings, reserves and issue limits are read from the chain again."),
  STARLEDGER_BACKING_PERCENT: z.coerce
    .bigint()
    .min(100n)
    .max(1_000_000n)
    .default(110n)
    .describe(
      "While a token's backing, its reserve or what may still be issued, is less than this percentage of what is owed in it, the log says so (low_backing).",
    ),
  STARLEDGER_BOND_AWARDS: z.coerce
    .bigint()
    .min(0n)
    .max(1_000_000n)
    .default(1n)
    .describe(
      "While a token's bond, less what was awarded of it, pays fewer of its awards than this, the log says so (low_bond); 0 for never.",
    ),
});
