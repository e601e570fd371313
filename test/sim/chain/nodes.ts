import { JsonRpcProvider, Network } from "ethers";

import type { NodeProvider } from "../../../src/chain";
import type { Domain } from "../../../src/protocol";
import type { Eip1193Provider } from "../../../src/sdk";
import type { Life } from "../life";
import type { Evm } from "./evm";

/** A node as a process of the service reaches it; one that is dead neither asks nor hears. */
export function serviceNode(evm: Evm, life: Life, { chainId }: Domain): NodeProvider {
  return new LocalProvider(askedBy(evm, life), Network.from(chainId));
}

/** A node as a user's wallet reaches it. */
export function walletNode(evm: Evm, life: Life): Eip1193Provider {
  const ask = askedBy(evm, life);
  return { request: ({ method, params }) => ask(method, params ?? []) };
}

type Ask = (method: string, params: readonly unknown[]) => Promise<unknown>;

function askedBy(evm: Evm, life: Life): Ask {
  return (method, params) => (life.isOver ? new Promise(() => undefined) : life.hears(evm.request(method, params)));
}

/** Asks at once: timers are the driver's. */
class LocalProvider extends JsonRpcProvider {
  constructor(
    private readonly ask: Ask,
    chain: Network,
  ) {
    super("", chain, { staticNetwork: chain, cacheTimeout: -1, batchStallTime: 0 });
  }

  override async send(method: string, params: unknown[]): Promise<unknown> {
    try {
      return await this.ask(method, params);
    } catch (thrown) {
      const { code, message, data } = thrown as { code: number; message: string; data: unknown };
      const id = 0;
      throw this.getRpcError({ id, method, params, jsonrpc: "2.0" }, { id, error: { code, message, data } });
    }
  }
}
