import { z } from "zod";

import { fail } from "../errors";
import { keccakText, toAddress, type Address, type Hex } from "../protocol";
import { HTTP_SETTINGS, httpSettings, type HttpSettings } from "./http";

/** What a local chain's system is run with; known to everybody, and worth nothing elsewhere. */
export const DEVELOPMENT = {
  signerKey: keccakText("starledger development signer") as Hex,
  secret: "starledger development secret",
  salt: keccakText("starledger development salt") as Hex,
  operatorKey: "development",
};

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

/** Every setting; `docs/CONFIGURATION.md` is written from this. */
export const SETTINGS = z.object({
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
  STARLEDGER_RPC_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      "The chain's JSON-RPC. Without it a local chain is started for development, and whatever follows has a well-known default.",
    ),
  STARLEDGER_DEPLOYMENTS: z
    .string()
    .default("deployments")
    .describe("The folder with the contracts' addresses, as `npm run deploy` wrote it."),
  STARLEDGER_SYSTEM: hexadecimal(20).optional().describe("The system account's address."),
  STARLEDGER_TOKENS: addresses
    .optional()
    .describe("The tokens that the system has listed on the hub, with commas between."),
  STARLEDGER_SIGNER_KEY: hexadecimal(32).optional().describe("Secret. The private key of one of the system's signers."),
  STARLEDGER_KEYSTORE_SECRET: z
    .string()
    .min(16)
    .optional()
    .describe(
      "Secret, 16 characters or more. Seals the keys of hosted accounts; the same for the life of the database.",
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

/** A chain with a system on it that somebody else runs. */
export interface RemoteChain {
  readonly rpcUrl: string;
  readonly deployments: string;
  readonly system: Address;
  readonly tokens: readonly Address[];
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
  /** Null: a local chain, for development. */
  readonly chain: RemoteChain | null;
  readonly signerKey: Hex;
  readonly secret: string;
  readonly salt: Hex;
  readonly operatorKey: string;
}

/**
 * Reads the configuration; an empty variable counts as none. What is refused is named, never shown.
 * @throws invalid_configuration
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.entries(environment).filter(([name, value]) => name.startsWith("STARLEDGER_") && value !== "");
  const parsed = SETTINGS.safeParse(Object.fromEntries(given));
  if (!parsed.success) {
    const names = new Set(parsed.error.issues.map(({ path }) => path.join(".")));
    return fail("invalid_configuration", { malformed: [...names].join(", ") });
  }
  const settings = parsed.data;
  const common = {
    host: settings.STARLEDGER_HOST,
    port: settings.STARLEDGER_PORT,
    store: settings.STARLEDGER_STORE,
    logLevel: settings.STARLEDGER_LOG_LEVEL,
    http: httpSettings(settings),
    tracesUrl: settings.STARLEDGER_TRACES_URL ?? null,
    reconciliationInterval: settings.STARLEDGER_RECONCILIATION_INTERVAL,
  };
  const need = <Name extends keyof typeof settings>(name: Name): NonNullable<(typeof settings)[Name]> =>
    settings[name] ?? fail("invalid_configuration", { missing: name });
  const rpcUrl = settings.STARLEDGER_RPC_URL;
  if (rpcUrl === undefined) {
    // Whoever reaches it may use the keys that everybody knows.
    if (!LOOPBACK.has(common.host)) need("STARLEDGER_RPC_URL");
    return {
      ...common,
      chain: null,
      signerKey: settings.STARLEDGER_SIGNER_KEY ?? DEVELOPMENT.signerKey,
      secret: settings.STARLEDGER_KEYSTORE_SECRET ?? DEVELOPMENT.secret,
      salt: settings.STARLEDGER_KEYSTORE_SALT ?? DEVELOPMENT.salt,
      operatorKey: settings.STARLEDGER_OPERATOR_KEY ?? DEVELOPMENT.operatorKey,
    };
  }
  return {
    ...common,
    chain: {
      rpcUrl,
      deployments: settings.STARLEDGER_DEPLOYMENTS,
      system: toAddress(need("STARLEDGER_SYSTEM")),
      tokens: need("STARLEDGER_TOKENS"),
    },
    signerKey: need("STARLEDGER_SIGNER_KEY"),
    secret: need("STARLEDGER_KEYSTORE_SECRET"),
    salt: need("STARLEDGER_KEYSTORE_SALT"),
    operatorKey: need("STARLEDGER_OPERATOR_KEY"),
  };
}
