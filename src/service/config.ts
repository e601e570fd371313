import { z } from "zod";

import type { Finality } from "../chain/watch";
import { fail } from "../errors";
import { keccakText, toAddress, type Address, type Hex } from "../protocol";
import { isKeyReference, type Opening } from "../signer";
import type { SettlementPolicy } from "./settlement";
import { readConfigFile, type Settings } from "./configFile";
import { HTTP_SETTINGS, httpSettings, type HttpSettings } from "./http";

/** What a local chain's system is run with; known to everybody, and worth nothing elsewhere. */
export const DEVELOPMENT = {
  signerKey: keccakText("starledger development signer") as Hex,
  secret: "starledger development secret",
  salt: keccakText("starledger development salt") as Hex,
  operatorKey: "development",
};

const GWEI = 10n ** 9n;

const LOOPBACK = new Set(["127.0.0.1", "::1", "localhost"]);

const hexadecimal = (bytes: number) =>
  z
    .string()
    .regex(new RegExp(`^0x[0-9a-fA-F]{${2 * bytes}}$`))
    .transform((text) => text.toLowerCase() as Hex);
const addresses = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}(,0x[0-9a-fA-F]{40})*$/)
  .transform((text) => text.split(",").map(toAddress));

const keyReference = z.string().refine(isKeyReference);

const nodes = z
  .string()
  .transform((text) => text.split(",").map((url) => url.trim()))
  .pipe(z.tuple([z.url({ protocol: /^https?$/ })], z.url({ protocol: /^https?$/ })));

const system = z.strictObject({
  address: hexadecimal(20).transform(toAddress),
  tokens: z.array(hexadecimal(20).transform(toAddress)).min(1),
  signerKey: keyReference,
});
const systems = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: "custom", message: "not JSON" });
      return z.NEVER;
    }
  })
  .pipe(z.array(system).min(1))
  .refine((all) => new Set(all.map(({ address }) => address)).size === all.length);

/** Every setting; `docs/CONFIGURATION.md` is written from this. */
export const SETTINGS = z.object({
  STARLEDGER_CONFIG: z
    .string()
    .optional()
    .describe(
      "A file of YAML or JSON with settings: `operatorKey` in it is `STARLEDGER_OPERATOR_KEY` here, which wins; `npm start -- --config FILE` names it too.",
    ),
  STARLEDGER_HOST: z.string().default("127.0.0.1").describe("The address that the API listens on."),
  STARLEDGER_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(8080)
    .describe("Its TCP port; 0 takes a free one."),
  STARLEDGER_STORE: z
    .string()
    .default("sqlite:starledger.db")
    .describe("The database: `sqlite:FILE` or `postgres://USER:PASSWORD@HOST/DATABASE`. Secret, if it has a password."),
  STARLEDGER_LOG_LEVEL: z
    .enum(["fatal", "error", "warn", "info", "debug", "silent"])
    .default("info")
    .describe("What is logged, as lines of JSON on standard error."),
  STARLEDGER_RECONCILIATION_INTERVAL: z.coerce
    .number()
    .int()
    .min(0)
    .max(2 ** 20)
    .default(3600)
    .describe(
      "Seconds between two reconciliations of memory, log, store and chain (docs/RECONCILIATION.md); 0 for none.",
    ),
  STARLEDGER_TRACES_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Where spans of requests and commits are sent, by OTLP over HTTP, as `http://127.0.0.1:4318/v1/traces`."),
  STARLEDGER_RPC_URL: nodes
    .optional()
    .describe(
      "The chain's JSON-RPC; of several nodes, with commas between, what more than half say alike is believed: three of them let one lag, lie or be away. Without it a local chain is started for development, and whatever follows has a well-known default.",
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
    .describe("How often the chain is looked at."),
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
  STARLEDGER_PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Where users reach the API. The host in it is what the names of accounts end with: `alice@HOST`."),
  STARLEDGER_PUBLIC_NODES: z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(z.url({ protocol: /^https?$/ })))
    .optional()
    .describe(
      "JSON-RPC URLs of the chain's nodes, with commas between, that wallets are told of and that the console's pages may ask. Without it none; then the console's wallet needs one in the browser, such as MetaMask.",
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
      "While a token's backing is less than this percentage of what is owed in it, the log says so (low_backing).",
    ),
  STARLEDGER_KEYSTORE_SECRET: z
    .string()
    .min(16)
    .optional()
    .describe(
      "Secret, 16 characters or more, or where it is. Seals the keys of hosted accounts; the same for the life of the database.",
    ),
  STARLEDGER_KEYSTORE_SALT: hexadecimal(32)
    .optional()
    .describe("32 random bytes as hexadecimal; the same for the life of the database."),
  STARLEDGER_OPERATOR_KEY: z
    .string()
    .regex(/^[\x21-\x7e]{16,}$/)
    .optional()
    .describe("Secret, 16 printable characters or more. What the operator's calls carry as bearer token."),
  ...HTTP_SETTINGS.shape,
});

/** A system that the service is to run, with the key of one of its signers on the hub. */
export interface SystemSettings {
  readonly address: Address;
  /** What it has listed on the hub. */
  readonly tokens: readonly Address[];
  /** `0x…`, or where the key is. */
  readonly signerKey: string;
}

/** The keys that a service signs with. */
export interface Keys extends Opening {
  /** Of those that pay for gas. */
  readonly gas: readonly string[];
}

/** A chain with systems on it that somebody else runs. */
export interface RemoteChain {
  /** Of one chain; what most of them say is believed. */
  readonly rpcUrls: readonly string[];
  readonly deployments: string;
  readonly systems: readonly SystemSettings[];
}

/** How the service keeps up with its chain. */
export interface FollowSettings {
  /** Null: as the chain says; on the local one, at once. */
  readonly finality: Finality | null;
  /** Milliseconds between two looks at it. */
  readonly interval: number;
  /** Wei per gas. */
  readonly gasCap: bigint;
  /** Seconds until a transaction that was not mined is sent with more. */
  readonly gasPatience: bigint;
  /** Wei that each of these keys should have at least. */
  readonly leastBalance: bigint;
  /** Wei that each of them spends in 24 hours at most; null for no cap. */
  readonly dailyCap: bigint | null;
  readonly settlement: Omit<SettlementPolicy, "margin">;
  /** Seconds until a payer that vanished is closed on; null for never. */
  readonly closeAfter: bigint | null;
  /** Seconds from one publication of what is owed to the next; 0 for none by itself. */
  readonly proofInterval: bigint;
}

/** How the service is run. */
export interface Config {
  readonly host: string;
  readonly port: number;
  readonly store: string;
  readonly logLevel: string;
  readonly http: HttpSettings;
  /** Null: no traces. */
  readonly tracesUrl: string | null;
  /** Seconds; 0 for never. */
  readonly reconciliationInterval: number;
  /** Null: where it listens. */
  readonly publicUrl: string | null;
  readonly peerUrl: string | null;
  /** URLs; null: those of the local chain, or none. */
  readonly publicNodes: readonly string[] | null;
  /** Milliseconds. */
  readonly leaseTtl: number;
  /** Milliseconds between two looks at the chain's listings. */
  readonly assetInterval: number;
  /** What is to back a token at least, in percent of what is owed in it. */
  readonly backingPercent: bigint;
  /** With only a signer's key: a local chain with a system of that signer, for development. */
  readonly chain: RemoteChain | Pick<SystemSettings, "signerKey">;
  readonly follow: FollowSettings;
  readonly keys: Keys;
  readonly secret: string;
  readonly salt: Hex;
  readonly operatorKey: string;
}

/**
 * Reads the configuration: the environment, and what it leaves open from the file that `STARLEDGER_CONFIG` names. An empty
 * variable counts as none. What is refused is named, never shown.
 * @throws invalid_configuration
 */
export function readConfig(environment: Settings): Config {
  const file = environment["STARLEDGER_CONFIG"];
  const inFile = file ? readConfigFile(file) : {};
  const unknown = Object.keys(inFile).filter((name) => !(name in SETTINGS.shape));
  if (unknown.length > 0) fail("invalid_configuration", { file, unknown: unknown.join(", ") });
  const set = (settings: Settings) =>
    Object.fromEntries(
      Object.entries(settings).filter(([name, value]) => name.startsWith("STARLEDGER_") && value !== ""),
    );
  const parsed = SETTINGS.safeParse({ ...set(inFile), ...set(environment) });
  if (!parsed.success) return refuse(parsed.error);
  const settings = parsed.data;
  const common = {
    host: settings.STARLEDGER_HOST,
    port: settings.STARLEDGER_PORT,
    store: settings.STARLEDGER_STORE,
    logLevel: settings.STARLEDGER_LOG_LEVEL,
    http: httpSettings(settings),
    tracesUrl: settings.STARLEDGER_TRACES_URL ?? null,
    reconciliationInterval: settings.STARLEDGER_RECONCILIATION_INTERVAL,
    publicUrl: settings.STARLEDGER_PUBLIC_URL ?? null,
    peerUrl: settings.STARLEDGER_PEER_URL ?? null,
    publicNodes: settings.STARLEDGER_PUBLIC_NODES ?? null,
    leaseTtl: 1_000 * settings.STARLEDGER_LEASE_SECONDS,
    assetInterval: 1_000 * settings.STARLEDGER_ASSET_SECONDS,
    backingPercent: settings.STARLEDGER_BACKING_PERCENT,
    follow: followSettings(settings),
    keys: {
      gas: settings.STARLEDGER_GAS_KEYS ?? [],
      passphrase: settings.STARLEDGER_KEY_PASSPHRASE ?? null,
      patience: 1_000 * settings.STARLEDGER_SIGNER_SECONDS,
    },
  };
  const need = <Name extends keyof typeof settings>(name: Name): NonNullable<(typeof settings)[Name]> =>
    settings[name] ?? fail("invalid_configuration", { missing: name });
  const rpcUrls = settings.STARLEDGER_RPC_URL;
  if (rpcUrls === undefined) {
    // Whoever reaches it may use the keys that everybody knows.
    if (!LOOPBACK.has(common.host)) need("STARLEDGER_RPC_URL");
    return {
      ...common,
      chain: { signerKey: settings.STARLEDGER_SIGNER_KEY ?? DEVELOPMENT.signerKey },
      secret: settings.STARLEDGER_KEYSTORE_SECRET ?? DEVELOPMENT.secret,
      salt: settings.STARLEDGER_KEYSTORE_SALT ?? DEVELOPMENT.salt,
      operatorKey: settings.STARLEDGER_OPERATOR_KEY ?? DEVELOPMENT.operatorKey,
    };
  }
  const { STARLEDGER_SYSTEMS: several } = settings;
  if (several !== undefined && settings.STARLEDGER_SYSTEM !== undefined) {
    fail("invalid_configuration", { contradicting: "STARLEDGER_SYSTEM, STARLEDGER_SYSTEMS" });
  }
  return {
    ...common,
    chain: {
      rpcUrls,
      deployments: settings.STARLEDGER_DEPLOYMENTS,
      systems: several ?? [
        {
          address: toAddress(need("STARLEDGER_SYSTEM")),
          tokens: need("STARLEDGER_TOKENS"),
          signerKey: need("STARLEDGER_SIGNER_KEY"),
        },
      ],
    },
    secret: need("STARLEDGER_KEYSTORE_SECRET"),
    salt: need("STARLEDGER_KEYSTORE_SALT"),
    operatorKey: need("STARLEDGER_OPERATOR_KEY"),
  };
}

/** Names what is malformed and, of what is no secret, says why. */
function refuse({ issues }: z.ZodError): never {
  const names = new Set(issues.map(({ path }) => String(path[0])));
  const reasons = issues
    .filter(({ path }) => !isSecret(String(path[0])))
    .map(({ path, message }) => `${path.join(".")}: ${message}`);
  const reason = reasons.length > 0 && { reason: reasons.join("; ") };
  return fail("invalid_configuration", { malformed: [...names].join(", "), ...reason });
}

function isSecret(name: string): boolean {
  return /\bSecret\b/.test(SETTINGS.shape[name as keyof typeof SETTINGS.shape].description ?? "Secret");
}

function followSettings(settings: z.output<typeof SETTINGS>): FollowSettings {
  const { STARLEDGER_FINALITY: finality } = settings;
  return {
    finality: typeof finality === "number" ? { confirmations: finality } : (finality ?? null),
    interval: 1_000 * settings.STARLEDGER_CHAIN_SECONDS,
    gasCap: GWEI * settings.STARLEDGER_GAS_CAP_GWEI,
    gasPatience: settings.STARLEDGER_GAS_SECONDS,
    leastBalance: GWEI * settings.STARLEDGER_GAS_LEAST_GWEI,
    dailyCap: settings.STARLEDGER_GAS_DAY_GWEI === undefined ? null : GWEI * settings.STARLEDGER_GAS_DAY_GWEI,
    closeAfter: settings.STARLEDGER_CLOSE_SECONDS || null,
    settlement: {
      most: settings.STARLEDGER_SETTLE_BATCH,
      patience: settings.STARLEDGER_SETTLE_SECONDS,
      ceiling: settings.STARLEDGER_SETTLE_GWEI === undefined ? null : GWEI * settings.STARLEDGER_SETTLE_GWEI,
      longest: settings.STARLEDGER_SETTLE_LONGEST_SECONDS,
    },
    proofInterval: settings.STARLEDGER_PROOF_SECONDS,
  };
}
