import { fail } from "../../errors";
import { toAddress } from "../../protocol";
import { checkSettings, type Settings } from "../../settings";
import { httpSettings } from "../http";
import type { Config } from "./config";
import { DEVELOPMENT } from "./development";
import { readConfigFile } from "./file";
import { followSettings } from "./follow";
import { SETTINGS } from "./settings";
import { refuseUnknown } from "./unknown";

const LOOPBACK = new Set(["127.0.0.1", "::1", "localhost"]);

/**
 * Reads the configuration: the environment, and what it leaves open from the file that `STARLEDGER_CONFIG` names. An empty
 * variable counts as none. What is refused is named, never shown; of what nobody
 * knows, the nearest setting is named too.
 * @throws invalid_configuration
 */
export function readConfig(environment: Settings): Config {
  const file = environment["STARLEDGER_CONFIG"];
  const inFile = file ? readConfigFile(file) : {};
  refuseUnknown(inFile, file);
  refuseUnknown(environment);
  const settings = checkSettings(SETTINGS, inFile, environment);
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
    watchtowers: settings.STARLEDGER_PUBLIC_WATCHTOWERS ?? [],
    explorer: settings.STARLEDGER_EXPLORER_URL ?? null,
    leaseTtl: 1_000 * settings.STARLEDGER_LEASE_SECONDS,
    assetInterval: 1_000 * settings.STARLEDGER_ASSET_SECONDS,
    backingPercent: settings.STARLEDGER_BACKING_PERCENT,
    bondAwards: settings.STARLEDGER_BOND_AWARDS,
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
