import { z } from "zod";

import { hexadecimal, keyReference } from "../../../settings";
import { addresses, nodes, systems } from "./values";

/** The chain, and the systems on it. */
export const CHAIN_SETTINGS = z.object({
  STARLEDGER_RPC_URL: nodes
    .optional()
    .describe(
      "The chain's JSON-RPC, by http(s) or ws(s); of several nodes, with commas between, what more than half say alike is believed: three of them let one lag, lie or be away. Without it a local chain is started for development, and whatever follows has a well-known default.",
    ),
  STARLEDGER_DEPLOYMENTS: z
    .string()
    .default("deployments")
    .describe("The folder with the contracts' addresses, as `npm run deploy` wrote it."),
  STARLEDGER_SYSTEM: hexadecimal(20).optional().describe("The system account's address, where there is one."),
  STARLEDGER_TOKENS: addresses
    .optional()
    .describe("The tokens that the system has listed on the hub, with commas between."),
  STARLEDGER_SIGNER_KEY: keyReference
    .optional()
    .describe("Secret. The key of one of the system's signers, or where it is (see above)."),
  STARLEDGER_KEY_PASSPHRASE: z
    .string()
    .min(8)
    .optional()
    .describe("Secret. Opens the key files that are encrypted; or `file:PATH` of it."),
  STARLEDGER_SIGNER_SECONDS: z.coerce
    .number()
    .min(0.1)
    .max(60)
    .default(6)
    .describe("How long an external signer may take for a signature, three tries included."),
  STARLEDGER_SYSTEMS: systems
    .optional()
    .describe(
      'Secret. Several systems, in place of the three settings before: JSON, `[{"address", "tokens": […], "signerKey"}, …]`. Processes that share a database are given the same ones.',
    ),
  STARLEDGER_FINALITY: z
    .union([z.literal("finalized"), z.coerce.number().int().min(0).max(10_000)])
    .optional()
    .describe(
      "When a block counts: `finalized`, as the chain itself says, which is the default, or under so many blocks. On the local chain, at once.",
    ),
  STARLEDGER_CHAIN_SECONDS: z.coerce
    .number()
    .min(0.1)
    .max(600)
    .default(4)
    .describe("How often the chain is looked at; where a node is asked by ws(s), also whenever that tells of a block."),
});
