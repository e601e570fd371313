import path from "node:path";

import { writeDeployment } from "../../src/chain/deployment";
import type { Address } from "../../src/protocol";
import { startLocalChain, type SystemChain } from "../../src/service/chain";
import { DEVELOPMENT } from "../../src/service/config";
import { localKey } from "../../src/signer";
import { MortalService } from "./mortalService";

/** A service with one token, not yet started, and the chain that outlives it. */
export interface LocalService {
  readonly chain: SystemChain;
  readonly service: MortalService;
  /** The same service, not started, with other settings. */
  readonly configured: (settings: Readonly<Record<string, string>>) => MortalService;
  readonly system: Address;
  readonly token: Address;
}

/**
 * @param folder for what the service writes
 * @param store address of its database
 * @param settings that are not as here
 */
export async function onLocalChain(
  folder: string,
  store: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<LocalService> {
  const chain = await startLocalChain(localKey(DEVELOPMENT.signerKey));
  const [{ address: system, tokens }] = chain.systems as [(typeof chain.systems)[number]];
  const token = tokens[0]!;
  writeDeployment(chain.deployment, folder);
  const environment = {
    STARLEDGER_RPC_URL: chain.url,
    STARLEDGER_DEPLOYMENTS: folder,
    STARLEDGER_SYSTEM: system,
    STARLEDGER_TOKENS: token,
    STARLEDGER_SIGNER_KEY: DEVELOPMENT.signerKey,
    STARLEDGER_KEYSTORE_SECRET: DEVELOPMENT.secret,
    STARLEDGER_KEYSTORE_SALT: DEVELOPMENT.salt,
    STARLEDGER_GAS_KEYS: chain.gasKeys.join(","),
    STARLEDGER_STORE: store,
    STARLEDGER_LEASE_SECONDS: "3",
    STARLEDGER_MAX_DELAY_MS: "0",
    STARLEDGER_RECONCILIATION_INTERVAL: "0",
    ...settings,
  };
  const configured = (others: Readonly<Record<string, string>>): MortalService =>
    new MortalService({ ...environment, ...others }, path.join(folder, "service.log"));
  return { chain, service: configured({}), configured, system, token };
}
