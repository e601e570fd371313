import { Wallet } from "ethers";

import { readAsset } from "../chain/assets";
import type { StarledgerError } from "../errors";
import { toAddress, type Address } from "../protocol";
import type { Store } from "../store";
import type { AccountService } from "./accountService";
import { checkSystems, connectChain, startLocalChain, type SystemChain } from "./chain";
import { chainReader } from "./chainReader";
import { ChainSide, type ChainSideOptions } from "./chainSide";
import type { Config } from "./config";
import { host, type Host, type Hosted } from "./host";

/** Seconds before its deadline from which on a withdrawal is left to its owner. */
const MARGIN = 120n;

/** A service that answers. */
export interface Running extends Host {
  readonly chain: SystemChain;
}

/**
 * Starts all that is configured; what was started is stopped again if the rest does not.
 * @throws invalid_input, unknown_asset, unregistered_signer, and what {@link host} throws
 */
export async function start(config: Config): Promise<Running> {
  const { chain: settings } = config;
  const chain = "rpcUrl" in settings ? await connectChain(settings) : await startLocalChain(settings.signerKey);
  try {
    await checkSystems(chain);
    const { domain, systems, runner } = chain;
    const read = (system: Address, token: Address) => readAsset(runner, domain.hub, system, token);
    const chains = new Map(systems.map(({ address }) => [address, chainReader(chain, address)]));
    const follow: Hosted["follow"] = (service, store, onTrouble) =>
      ChainSide.create(sideOf(chain, config, service, store, onTrouble));
    const { url, stop } = await host(config, {
      domain,
      systems,
      read,
      chains,
      follow,
      anchor: chain.deployment.anchor,
    });
    return { url, chain, stop: () => stop().finally(() => chain.stop()) };
  } catch (error) {
    chain.stop();
    throw error;
  }
}

/** How a service keeps up with its chain; what its system owes on chain it sends itself if it has the system's key. */
function sideOf(
  { runner, deployment, isLocal, gasKeys, systems }: SystemChain,
  { follow }: Config,
  service: AccountService,
  store: Store,
  onTrouble: (trouble: StarledgerError) => void,
): ChainSideOptions {
  const wallets = [...gasKeys, ...follow.gasKeys].map((key) => new Wallet(key, runner));
  return {
    ...{ service, store, deployment, onTrouble, providers: [runner], quorum: 1, interval: follow.interval },
    finality: follow.finality ?? (isLocal ? { confirmations: 0 } : "finalized"),
    startsAnew: isLocal,
    senders: sendersOf(service, systems, wallets),
    fees: { cap: follow.gasCap, patience: follow.gasPatience },
    proofInterval: follow.proofInterval,
    settlement: { ...follow.settlement, margin: MARGIN },
    leastBalance: follow.leastBalance,
    dailyCap: follow.dailyCap,
    now: () => BigInt(Math.floor(Date.now() / 1_000)),
  };
}

/** The system's own account, if its key is here, and those that are no system's: they send what anybody may. */
function sendersOf(service: AccountService, systems: SystemChain["systems"], wallets: readonly Wallet[]): Wallet[] {
  const others = new Set(systems.map(({ address }) => address).filter((one) => one !== service.identity.system));
  return wallets.filter(({ address }) => !others.has(toAddress(address)));
}
