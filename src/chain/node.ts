import { FetchRequest, JsonRpcProvider, type JsonRpcPayload, type JsonRpcResult, type Network } from "ethers";

import { RpcSocket } from "./rpcSocket";

export const PATIENCE_MILLISECONDS = 20_000;

/** A node, or several as one, that may tell of new blocks by itself. */
export interface NodeProvider extends JsonRpcProvider {
  /**
   * Calls `listener` whenever there may be a new block. It is no promise: whoever needs every block has to look for them, too.
   * @returns what ends it
   */
  onHead?(listener: () => void): () => void;
}

/** Nothing is cached: what was just mined is seen, and nonces are never stale. Calls are sent at once. */
export const SETTINGS = (network: Network | true) => ({
  staticNetwork: network,
  cacheTimeout: -1,
  batchStallTime: 0,
});

/** Whether a node is asked over a WebSocket. */
export function isSocket(url: string): boolean {
  return /^wss?:/i.test(url);
}

/**
 * A provider for one node, by http(s) or ws(s), which need not answer yet.
 * @param network its chain; without it the node is asked at the first call
 */
export function nodeAt(url: string, network?: Network): NodeProvider {
  return isSocket(url) ? new SocketProvider(new RpcSocket(url), network) : overHttp(url, network);
}

function overHttp(url: string, network?: Network): JsonRpcProvider {
  const request = new FetchRequest(url);
  request.timeout = PATIENCE_MILLISECONDS;
  const get = FetchRequest.createGetUrlFunc();
  // A connection that the node ends just as it is used again says nothing about the node.
  request.getUrlFunc = (one, signal) =>
    get(one, signal).catch((error: unknown) => (isDropped(error) ? get(one, signal) : Promise.reject(error as Error)));
  return new JsonRpcProvider(request, network, SETTINGS(network ?? true));
}

/** A node that says by itself that there is a new block. */
class SocketProvider extends JsonRpcProvider implements NodeProvider {
  constructor(
    private readonly socket: RpcSocket,
    network?: Network,
  ) {
    super("", network, SETTINGS(network ?? true));
  }

  override async _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<JsonRpcResult[]> {
    return await Promise.all([payload].flat().map((one) => this.socket.ask(one) as Promise<JsonRpcResult>));
  }

  onHead(listener: () => void): () => void {
    return this.socket.onHead(listener);
  }

  override destroy(): void {
    this.socket.close();
    super.destroy();
  }
}

function isDropped(error: unknown): boolean {
  return (error as { code?: unknown }).code === "ECONNRESET";
}
