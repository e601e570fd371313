import { existsSync } from "node:fs";
import path from "node:path";

import { HubClient } from "../chain";
import { readAsset } from "../chain/assets";
import { PACKAGE_ROOT } from "../chain/localNode";
import { toAddress, type Address } from "../protocol";
import { openKey, openSecret, type TransactionSigner } from "../signer";
import type { AccountService } from "./accountService";
import { checkSystems, connectChain, openSenders, startLocalChain, type SystemChain } from "./chain";
import { chainReader } from "./chainReader";
import { ChainSide, type ChainSideOptions } from "./chainSide";
import type { Config, Keys } from "./config";
import { host, type Host, type Hosted } from "./host";
import type { ShownSetting } from "./http";

/** Seconds before its deadline from which on a withdrawal is left to its owner. */
const MARGIN = 120n;

/** A service that answers. */
export interface Running extends Host {
  readonly chain: SystemChain;
  /** Where the operator's console is; undefined where it was not built. */
  readonly console: string | undefined;
}

/**
 * Starts all that is configured; what was started is stopped again if the rest does not.
 * @param settings what is told of the configuration to who may ask
 * @throws invalid_input, unknown_deployment, unknown_asset, unregistered_signer, signer_pays_gas, signer_unavailable, signer_refused, and what {@link host}
 * throws
 */
export async function start(config: Config, settings: readonly ShownSetting[] = []): Promise<Running> {
  const keys = { ...config.keys, passphrase: await passphraseOf(config) };
  const chain = await chainOf(config.chain, keys);
  try {
    const senders = await openSenders(chain, keys);
    await checkSystems(chain, senders);
    const { domain, systems, runner } = chain;
    const read = (system: Address, token: Address) => readAsset(runner, domain.hub, system, token);
    const chains = new Map(systems.map(({ address }) => [address, chainReader(chain, address)]));
    const follow: Hosted["follow"] = (service, store, onTrouble) =>
      ChainSide.create(sideOf({ chain, config, senders, service, store, onTrouble }));
    const { watchtowers, explorer } = config;
    const nodes = config.publicNodes ?? (chain.isLocal ? [chain.url] : []);
    const client = new HubClient(domain.hub, runner);
    const isSigner: Hosted["isSigner"] = (system, signer) => client.isSigner(system, signer);
    const surroundings = { nodes: [...nodes], watchtowers: [...watchtowers], explorer };
    const { anchor } = chain.deployment;
    const folder = builtConsole();
    const hosted = { domain, systems, read, isSigner, chains, follow, anchor, surroundings, settings, console: folder };
    const { url, stop } = await host(config, hosted);
    const console = folder === undefined ? undefined : `${url}/operator`;
    return { url, chain, console, stop: () => stop().finally(() => chain.stop()) };
  } catch (error) {
    chain.stop();
    throw error;
  }
}

/** Where `npm run build` puts the console; undefined where it was not built. */
function builtConsole(): string | undefined {
  const folder = path.join(PACKAGE_ROOT, "dist/console");
  return existsSync(path.join(folder, "index.html")) ? folder : undefined;
}

async function passphraseOf({ keys: { passphrase, patience } }: Config): Promise<string | null> {
  return passphrase === null ? null : await openSecret(passphrase, patience);
}

async function chainOf(settings: Config["chain"], keys: Keys): Promise<SystemChain> {
  if ("rpcUrls" in settings) return await connectChain(settings, keys);
  return await startLocalChain(await openKey(settings.signerKey, keys));
}

interface SideParts extends Pick<ChainSideOptions, "service" | "store" | "senders" | "onTrouble"> {
  readonly chain: SystemChain;
  readonly config: Config;
}

/** How a service keeps up with its chain; what its system owes on chain it sends itself if it has the system's key. */
function sideOf({ chain, config, senders, service, store, onTrouble }: SideParts): ChainSideOptions {
  const { runner, deployment, isLocal, systems } = chain;
  const { follow } = config;
  return {
    ...{ service, store, deployment, onTrouble, provider: runner, interval: follow.interval },
    finality: follow.finality ?? (isLocal ? { confirmations: 0 } : "finalized"),
    startsAnew: isLocal,
    senders: sendersOf(service, systems, senders),
    fees: { cap: follow.gasCap, patience: follow.gasPatience },
    proofInterval: follow.proofInterval,
    settlement: { ...follow.settlement, margin: MARGIN },
    leastBalance: follow.leastBalance,
    dailyCap: follow.dailyCap,
    closeAfter: follow.closeAfter,
    now: () => BigInt(Math.floor(Date.now() / 1_000)),
  };
}

/** The system's own account, if its key is here, and those that are no system's: they send what anybody may. */
function sendersOf(
  service: AccountService,
  systems: SystemChain["systems"],
  senders: readonly TransactionSigner[],
): readonly TransactionSigner[] {
  const others = new Set(systems.map(({ address }) => address).filter((one) => one !== service.identity.system));
  return senders.filter(({ address }) => !others.has(toAddress(address)));
}
