import { z } from "zod";

const urls = z
  .string()
  .transform((text) => text.split(","))
  .pipe(z.array(z.url({ protocol: /^https?$/ })));

/** Where users and other processes reach this one, and how long it leads unheard. */
export const REACH_SETTINGS = z.object({
  STARLEDGER_PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Where users reach the API. The host in it is what the names of accounts end with: `alice@HOST`."),
  STARLEDGER_PUBLIC_NODES: urls
    .optional()
    .describe(
      "JSON-RPC URLs of the chain's nodes, with commas between, that wallets are told of and that the console's pages may ask. Without it none; then the console's wallet needs one in the browser, such as MetaMask.",
    ),
  STARLEDGER_PUBLIC_WATCHTOWERS: urls
    .optional()
    .describe(
      "URLs of watchtowers, with commas between, that wallets are told of and that the console's wallet may hand over to. Without it none. Best run by somebody else.",
    ),
  STARLEDGER_EXPLORER_URL: z
    .url({ protocol: /^https?$/ })
    .regex(/\{transaction\}/)
    .optional()
    .describe(
      "Where a block explorer shows a transaction, with `{transaction}` for its hash: `https://etherscan.io/tx/{transaction}`. The console links there; without it, nowhere.",
    ),
  STARLEDGER_PEER_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Where the other processes on the same database reach this one; by default where it listens."),
  STARLEDGER_LEASE_SECONDS: z.coerce
    .number()
    .min(1)
    .max(60)
    .default(5)
    .describe("How long a process that gives no sign of life keeps the lead of its systems."),
});
