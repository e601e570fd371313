import { readAsset } from "../chain/assets";
import type { Address } from "../protocol";
import { checkSystems, connectChain, startLocalChain, type SystemChain } from "./chain";
import { chainReader } from "./chainReader";
import type { Config } from "./config";
import { host, type Host } from "./host";

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
    const { url, stop } = await host(config, { domain, systems, read, chains });
    return { url, chain, stop: () => stop().finally(() => chain.stop()) };
  } catch (error) {
    chain.stop();
    throw error;
  }
}
