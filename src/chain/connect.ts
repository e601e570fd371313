import { FetchRequest, JsonRpcProvider, Network } from "ethers";

import { fail } from "../errors";

const PATIENCE_MILLISECONDS = 20_000;

/**
 * A provider for any JSON-RPC node, once it has answered.
 * @throws chain_unreachable: a provider alone would ask for ever
 */
export async function connect(url: string): Promise<JsonRpcProvider> {
  const chainId = await ask(url, "eth_chainId");
  const request = new FetchRequest(url);
  request.timeout = PATIENCE_MILLISECONDS;
  const network = Network.from(BigInt(chainId));
  // Nothing is cached: what was just mined is seen, and nonces are never stale.
  return new JsonRpcProvider(request, network, { staticNetwork: network, cacheTimeout: -1, batchStallTime: 0 });
}

async function ask(url: string, method: string): Promise<string> {
  try {
    const response = await fetch(url, {
      method: "POST",
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: [] }),
      headers: { "content-type": "application/json" },
      signal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
    });
    const { result } = (await response.json()) as { result?: unknown };
    if (typeof result !== "string" || !/^0x[0-9a-f]+$/i.test(result)) throw new Error(`no answer to ${method}`);
    return result;
  } catch (error) {
    return fail("chain_unreachable", { reason: error instanceof Error ? error.message : error });
  }
}
