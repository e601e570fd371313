import { JsonRpcProvider, Network } from "ethers";

import { fail, StarledgerError } from "../errors";
import { agreement, type Ask } from "./agreement";
import { isSocket, nodeAt, PATIENCE_MILLISECONDS, SETTINGS, type NodeProvider } from "./node";
import { RpcSocket } from "./rpcSocket";

/**
 * A provider for any JSON-RPC nodes of one chain, once as many as must agree have answered; several of them are as one, and
 * believed is what `quorum` of them say alike.
 * @param quorum more than half of them unless given
 * @throws chain_unreachable: a provider alone would ask for ever; wrong_chain if they are not of one chain
 */
export async function connect(
  urls: readonly string[],
  quorum = Math.floor(urls.length / 2) + 1,
): Promise<NodeProvider> {
  const asked = await Promise.allSettled(urls.map(askChainId));
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
class AgreeingProvider extends JsonRpcProvider implements NodeProvider {
  private readonly ask: Ask;

  constructor(
    private readonly nodes: readonly NodeProvider[],
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

  /** Whichever of them hears of it first. */
  onHead(listener: () => void): () => void {
    const ends = this.nodes.map((node) => node.onHead?.(listener));
    return () => {
      for (const end of ends) end?.();
    };
  }

  override destroy(): void {
    for (const node of this.nodes) node.destroy();
    super.destroy();
  }
}

async function askChainId(url: string): Promise<string> {
  try {
    const result = isSocket(url) ? await bySocket(url) : await byHttp(url);
    if (typeof result !== "string" || !/^0x[0-9a-f]+$/i.test(result)) throw new Error("no answer to eth_chainId");
    return result;
  } catch (error) {
    return fail("chain_unreachable", { reason: error instanceof Error ? error.message : error });
  }
}

const QUESTION = { id: 1, method: "eth_chainId", params: [] };

async function byHttp(url: string): Promise<unknown> {
  const response = await fetch(url, {
    method: "POST",
    body: JSON.stringify({ jsonrpc: "2.0", ...QUESTION }),
    headers: { "content-type": "application/json" },
    signal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
  });
  return ((await response.json()) as { result?: unknown }).result;
}

async function bySocket(url: string): Promise<unknown> {
  const socket = new RpcSocket(url);
  try {
    return ((await socket.ask(QUESTION)) as { result?: unknown }).result;
  } finally {
    socket.close();
  }
}
