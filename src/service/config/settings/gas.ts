import { z } from "zod";

import { keyReference } from "../../../settings";

/** Who pays for gas, and how much at most. */
export const GAS_SETTINGS = z.object({
  STARLEDGER_GAS_KEYS: z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(keyReference))
    .optional()
    .describe(
      "Secret. Keys of accounts that pay for gas, or where they are, with commas between. A system whose key is here pays its users' withdrawals by itself; else whoever likes sends them to the hub. Disputes are answered by any account that is no other system's: where there is none, nobody answers (`no_gas_key`). No signer's: the service does not start with one that could sign states.",
    ),
  STARLEDGER_GAS_CAP_GWEI: z.coerce
    .bigint()
    .min(1n)
    .max(1_000_000n)
    .default(500n)
    .describe("Gwei per gas that no transaction offers more than."),
  STARLEDGER_GAS_SECONDS: z.coerce
    .bigint()
    .min(1n)
    .max(3_600n)
    .default(60n)
    .describe("Seconds until a transaction that was not mined is sent with more; ever fewer towards a deadline."),
  STARLEDGER_GAS_LEAST_GWEI: z.coerce
    .bigint()
    .min(0n)
    .max(10n ** 15n)
    .default(100_000_000n)
    .describe("Gwei that each of these accounts should have at least; one with less is alarmed of."),
  STARLEDGER_GAS_DAY_GWEI: z.coerce
    .bigint()
    .min(1n)
    .max(10n ** 15n)
    .optional()
    .describe(
      "Gwei that each of these accounts spends on gas in 24 hours at most. What a dispute needs is sent nevertheless.",
    ),
});
