import { z } from "zod";

import type { Finality } from "../chain/watch";
import { trustedProxies } from "../http";
import { toAddress, type Address } from "../protocol";
import { checkSettings, hexadecimal, json, keyReference, type Settings } from "../settings";
import type { Opening } from "../signer";

const GWEI = 10n ** 9n;
/** Milliseconds. */
const DAY = 86_400_000;

const address = hexadecimal(20).transform(toAddress);
const rpc = z.url({ protocol: /^(http|ws)s?$/ });

const chain = z.strictObject({
  rpc: z.union([rpc.transform((url) => [url]), z.array(rpc).min(1)]),
  quorum: z.int().min(1).optional(),
  hubs: z.array(address).min(1),
  systems: z.array(address).optional(),
  gasKeys: z.tuple([keyReference], keyReference),
  finality: z.union([z.literal("finalized"), z.int().min(0).max(10_000)]).default("finalized"),
});

const chains = json
  .pipe(z.array(chain).min(1))
  .refine((all) => all.every(({ quorum = 1, rpc: nodes }) => quorum <= nodes.length));

/** Every setting of a watchtower; a part of `docs/CONFIGURATION.md` is written from this. */
export const TOWER_SETTINGS = z.object({
  STARLEDGER_TOWER_CHAINS: chains.describe(
    'Secret. The chains to watch: JSON, `[{"rpc": "https://…" or several, "quorum": how many of them must agree (more than half), "hubs": ["0x…"], "systems": whose users are served (everybody\'s), "gasKeys": keys that pay for gas, or where they are, each on one chain alone; rewards go to the first, "finality": "finalized" or a number of confirmations}, …]`.',
  ),
  STARLEDGER_TOWER_KEY_PASSPHRASE: z
    .string()
    .min(8)
    .optional()
    .describe("Secret. Opens the key files that are encrypted; or `file:PATH` of it."),
  STARLEDGER_TOWER_SIGNER_SECONDS: z.coerce
    .number()
    .min(0.1)
    .max(60)
    .default(6)
    .describe("How long an external signer may take for a signature, three tries included."),
  STARLEDGER_TOWER_HOST: z.string().default("127.0.0.1").describe("The address that it listens on."),
  STARLEDGER_TOWER_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(8090)
    .describe("Its TCP port; 0 takes a free one."),
  STARLEDGER_TOWER_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Where users reach it, which their passes name; where it listens unless given."),
  STARLEDGER_TOWER_STORE: z
    .string()
    .default("sqlite:watchtower.db")
    .describe(
      "Its own database: `sqlite:FILE` or `postgres://USER:PASSWORD@HOST/DATABASE`. Secret, if it has a password.",
    ),
  STARLEDGER_TOWER_LOG_LEVEL: z
    .enum(["fatal", "error", "warn", "info", "debug", "silent"])
    .default("info")
    .describe("What is logged, as lines of JSON on standard error."),
  STARLEDGER_TOWER_SECONDS: z.coerce
    .number()
    .min(0.05)
    .max(600)
    .default(4)
    .describe(
      "How often the chains are looked at; one whose node is asked by ws(s) also whenever that tells of a block.",
    ),
  STARLEDGER_TOWER_GAS_CAP_GWEI: z.coerce
    .bigint()
    .min(1n)
    .max(1_000_000n)
    .default(1_000n)
    .describe("Gwei per gas that no transaction offers more than."),
  STARLEDGER_TOWER_WINDOW: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000)
    .default(64)
    .describe("Transactions of one key that are under way at most: nodes keep only so many."),
  STARLEDGER_TOWER_LEAST_SHARE: z.coerce
    .number()
    .int()
    .min(0)
    .max(10_000)
    .default(0)
    .describe("The share of a forfeit that it works for, in hundredths of a per cent; 0: for nothing."),
  STARLEDGER_TOWER_QUOTA: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(100)
    .describe("Channels of one user at most."),
  STARLEDGER_TOWER_RATE: z.coerce
    .number()
    .int()
    .min(0)
    .default(600)
    .describe("Calls of one address per minute at most; 0: they are not counted."),
  STARLEDGER_TOWER_TRUSTED_PROXIES: trustedProxies,
  STARLEDGER_TOWER_KEEP_DAYS: z.coerce
    .number()
    .min(0)
    .max(3_650)
    .default(30)
    .describe("Days for which it tells what became of a channel after its epoch has ended; then it forgets it."),
});

/** A chain to watch. */
export interface TowerChainConfig {
  readonly rpc: readonly string[];
  /** How many of them must agree; undefined for more than half. */
  readonly quorum: number | undefined;
  readonly hubs: readonly Address[];
  readonly systems: readonly Address[] | undefined;
  /** `0x…`, or where they are. */
  readonly gasKeys: readonly [string, ...string[]];
  readonly finality: Finality;
}

/** How a watchtower is run. */
export interface TowerConfig {
  readonly chains: readonly TowerChainConfig[];
  readonly keys: Opening;
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string | undefined;
  readonly store: string;
  readonly logLevel: string;
  /** Milliseconds. */
  readonly interval: number;
  /** Wei per gas. */
  readonly gasCap: bigint;
  readonly window: number;
  /** Hundredths of a per cent. */
  readonly leastShare: number;
  readonly quota: number;
  readonly perMinute: number;
  /** Whose word for a caller's address is believed. */
  readonly trustedProxies: readonly string[];
  /** Milliseconds for which an epoch that is over is kept. */
  readonly keep: number;
}

/**
 * Reads the configuration from the environment, an empty variable counting as none.
 * @throws invalid_configuration, which names what is wrong and shows no secret
 */
export function readTowerConfig(environment: Settings): TowerConfig {
  const data = checkSettings(TOWER_SETTINGS, environment);
  return {
    chains: data.STARLEDGER_TOWER_CHAINS.map(({ rpc: nodes, quorum, hubs, systems, gasKeys, finality }) => ({
      ...{ rpc: nodes, quorum, hubs, systems, gasKeys },
      finality: typeof finality === "number" ? { confirmations: finality } : finality,
    })),
    keys: {
      passphrase: data.STARLEDGER_TOWER_KEY_PASSPHRASE ?? null,
      patience: 1_000 * data.STARLEDGER_TOWER_SIGNER_SECONDS,
    },
    host: data.STARLEDGER_TOWER_HOST,
    port: data.STARLEDGER_TOWER_PORT,
    publicUrl: data.STARLEDGER_TOWER_URL,
    store: data.STARLEDGER_TOWER_STORE,
    logLevel: data.STARLEDGER_TOWER_LOG_LEVEL,
    interval: 1_000 * data.STARLEDGER_TOWER_SECONDS,
    gasCap: GWEI * data.STARLEDGER_TOWER_GAS_CAP_GWEI,
    window: data.STARLEDGER_TOWER_WINDOW,
    leastShare: data.STARLEDGER_TOWER_LEAST_SHARE,
    quota: data.STARLEDGER_TOWER_QUOTA,
    perMinute: data.STARLEDGER_TOWER_RATE,
    trustedProxies: data.STARLEDGER_TOWER_TRUSTED_PROXIES ?? [],
    keep: DAY * data.STARLEDGER_TOWER_KEEP_DAYS,
  };
}
