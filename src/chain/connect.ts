import { FetchRequest, JsonRpcProvider, Network } from "ethers";

import { fail, StarledgerError } from "../errors";
import { agreement, type Ask } from "./agreement";

const PATIENCE_MILLISECONDS = 20_000;

/**
 * A provider for any JSON-RPC nodes of one chain, once as many as must agree have answered; several of them are as one, and
 * believed is what `quorum` of them say alike.
 * @param quorum more than half of them unless given
 * @throws chain_unreachable: a provider alone would ask for ever; wrong_chain if they are not of one chain
 */
export async function connect(
  urls: readonly string[],
  quorum = Math.floor(urls.length / 2) + 1,
): Promise<JsonRpcProvider> {
  const asked = await Promise.allSettled(urls.map((url) => ask(url, "eth_chainId")));
  const ids = asked.flatMap((one) => (one.status === "fulfilled" ? [BigInt(one.value)] : []));
  const failed = asked.find((one) => one.status === "rejected");
  const [chainId] = ids;
  if (chainId === undefined || ids.length < quorum) throw failed?.reason ?? new StarledgerError("chain_unreachable");
  const other = ids.find((id) => id !== chainId);
  if (other !== undefined) fail("wrong_chain", { got: other, want: chainId });
  const network = Network.from(chainId);
  const [node, ...others] = urls.map((url) => nodeAt(url, network));
  return others.length === 0 ? node! : new AgreeingProvider([node!, ...others], quorum, network);
}

/** Several nodes of one chain as one. */
class AgreeingProvider extends JsonRpcProvider {
  private readonly ask: Ask;

  constructor(
    private readonly nodes: readonly JsonRpcProvider[],
    quorum: number,
    network: Network,
  ) {
    super("", network, SETTINGS(network));
    const asks = nodes.map(
      (node): Ask =>
        (method, params) =>
          node.send(method, [...params]) as Promise<unknown>,
    );
    this.ask = agreement(asks, quorum);
  }

  override send(method: string, params: unknown[]): Promise<unknown> {
    return this.ask(method, params);
  }

  override destroy(): void {
    for (const node of this.nodes) node.destroy();
    super.destroy();
  }
}

/** Nothing is cached: what was just mined is seen, and nonces are never stale. Calls are sent at once. */
const SETTINGS = (network: Network | true) => ({ staticNetwork: network, cacheTimeout: -1, batchStallTime: 0 });

/**
 * A provider for one node, which need not answer yet.
 * @param network its chain; without it the node is asked at the first call
 */
export function nodeAt(url: string, network?: Network): JsonRpcProvider {
  const request = new FetchRequest(url);
  request.timeout = PATIENCE_MILLISECONDS;
  const get = FetchRequest.createGetUrlFunc();
  // A connection that the node ends just as it is used again says nothing about the node.
  request.getUrlFunc = (one, signal) =>
    get(one, signal).catch((error: unknown) => (isDropped(error) ? get(one, signal) : Promise.reject(error as Error)));
  return new JsonRpcProvider(request, network, SETTINGS(network ?? true));
}

function isDropped(error: unknown): boolean {
  return (error as { code?: unknown }).code === "ECONNRESET";
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
