import { z } from "zod";

/** When withdrawals, publications and closes are sent. */
export const SETTLEMENT_SETTINGS = z.object({
  STARLEDGER_SETTLE_SECONDS: z.coerce
    .bigint()
    .min(0n)
    .max(86_400n)
    .default(60n)
    .describe("How long a withdrawal waits for others at most, to share a transaction with them."),
  STARLEDGER_SETTLE_BATCH: z.coerce
    .number()
    .int()
    .min(1)
    .max(150)
    .default(50)
    .describe("Withdrawals per transaction at most."),
  STARLEDGER_SETTLE_GWEI: z.coerce
    .bigint()
    .min(1n)
    .max(1_000_000n)
    .optional()
    .describe("Gwei per gas: while the chain's base fee is higher, withdrawals wait."),
  STARLEDGER_SETTLE_LONGEST_SECONDS: z.coerce
    .bigint()
    .min(0n)
    .max(604_800n)
    .default(21_600n)
    .describe("How long a withdrawal waits for a lower base fee at most; one whose deadline comes near waits no more."),
  STARLEDGER_PROOF_SECONDS: z.coerce
    .bigint()
    .min(0n)
    .max(31_622_400n)
    .default(86_400n)
    .describe(
      "From one publication of what a system owes to the next, per token (docs/guides/proof-of-liabilities.md); 0 for none but those that are asked for. Only for systems whose key is in STARLEDGER_GAS_KEYS.",
    ),
  STARLEDGER_CLOSE_SECONDS: z.coerce
    .bigint()
    .min(0n)
    .max(31_536_000n)
    .default(2_592_000n)
    .describe(
      "How long a payer may leave a conditional payment unsettled whose preimage is public on chain: then the system closes its channel, to be paid there. 0 for any time.",
    ),
});
