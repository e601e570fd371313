import * as z from "zod";

import { feeSchedule } from "./fees";
import { time } from "./times";
import { address, decimals, int128, list, uint128, uint64, unsigned } from "./values";

export const assetSettings = z.object({
  backing: z.enum(["issued", "reserve", "collateral"]),
  challengePeriod: uint64,
  claimWindow: uint64,
  lockLimit: uint64,
  award: uint128,
  staleFee: uint128,
});

export const pauseCause = z
  .enum(["operator", "backing", "reconciliation"])
  .meta({ description: "The operator's wish, less backing than is owed, or records that differ." });

export const asset = z.object({
  system: address,
  token: address,
  decimals,
  settings: assetSettings,
  allotment: unsigned,
  limit: unsigned.meta({ description: "What the system may owe in all; as the chain said last." }),
  liabilities: int128,
  fees: feeSchedule,
  paused: pauseCause.nullable().meta({ description: "Why nobody is credited in it; null while accounts are." }),
});

export const crediting = z.strictObject({ paused: z.boolean() });

export const assets = z.object({ assets: list(asset) });

export const assetListing = z.strictObject({
  system: address.optional().meta({ description: "Needed where several systems are served." }),
  token: address,
});

export const systems = z.object({
  systems: list(
    z.object({
      address,
      chainId: unsigned,
      hub: address,
      router: address.meta({
        description: "The account by which money goes to the other systems and comes from them; the operator fills it.",
      }),
      signer: address.meta({ description: "For comparison only: a wallet takes the signers from the hub." }),
    }),
  ),
});

const elsewhere = z.url({ protocol: /^https?$/ });

/** Whom a wallet may ask besides the service, as its operator names them; it may ask any other. */
export const surroundings = z.object({
  nodes: list(elsewhere.meta({ examples: ["https://node.example"] })).meta({
    description: "Nodes of the chain, by JSON-RPC.",
  }),
  watchtowers: list(elsewhere.meta({ examples: ["https://tower.example"] })),
  explorer: elsewhere.nullable().meta({
    description: "Where a block explorer shows a transaction, with `{transaction}` for its hash; null for none.",
    examples: ["https://etherscan.io/tx/{transaction}"],
  }),
});

export const settings = z.object({
  settings: list(
    z.object({
      name: z.string().meta({ description: "Of the environment variable." }),
      value: z
        .string()
        .nullable()
        .meta({ description: "As it was written; null where there is none, and of a secret." }),
      source: z
        .enum(["environment", "file", "default"])
        .nullable()
        .meta({ description: "Where it is from; null where nothing says it." }),
      isSecret: z.boolean(),
      description: z.string(),
    }),
  ),
});

export const status = z.object({ status: z.literal("ok") });

/** How a system keeps up with its chain, as of its last look. */
const chainStatus = z.object({
  head: z.int().min(0).nullable().meta({ description: "The latest block; null before the first look." }),
  headTime: time.nullable().meta({ description: "When that block was made." }),
  final: z.int().min(0).meta({ description: "The last final block that was taken in." }),
  dropped: z.int().min(0).meta({ description: "How often a node had forgotten a transaction." }),
  senders: list(
    z.object({
      sender: address,
      balance: unsigned.nullable().meta({ description: "Wei." }),
      isLow: z.boolean().meta({ description: "Whether it has less than it should." }),
      waiting: z.int().min(0).meta({ description: "Calls that have no transaction yet." }),
      sent: z.int().min(0).meta({ description: "Calls with a transaction that is not final." }),
    }),
  ),
});

/** How far the process that answers has come, and all systems, whoever leads them. */
export const progress = z.object({
  uptimeSeconds: z.int().min(0),
  systems: list(
    z.object({
      address,
      leads: z.boolean().meta({ description: "Whether this process leads the system and takes requests." }),
      leader: z
        .string()
        .nullable()
        .meta({ description: "Where the process answers that leads it; null if nobody does." }),
      term: unsigned.meta({ description: "Of the lease; it rises with every leader." }),
      lastCommit: unsigned,
      accounts: z.int().min(0),
      waiting: z
        .int()
        .min(0)
        .nullable()
        .meta({ description: "Requests that wait for the next commit; null where another process leads." }),
      queueLimit: z.int().min(0).nullable(),
      resynchronising: z.int().min(0).nullable().meta({
        description:
          "Channels that wait to begin anew after a loss of data, most of them for their customers; null where another process leads.",
      }),
      chain: chainStatus
        .nullable()
        .meta({ description: "Null where another process leads, or none looks at the chain." }),
    }),
  ),
});
