import { WebSocket, type RawData } from "ws";

/** What is asked by JSON-RPC, and answered. */
export interface RpcRequest {
  readonly id: number;
  readonly method: string;
  readonly params: unknown;
}

interface Reply {
  readonly id?: number;
  readonly method?: string;
}

interface Waiting {
  readonly request: RpcRequest;
  readonly resolve: (reply: unknown) => void;
  readonly reject: (reason: Error) => void;
}

/** Milliseconds that an answer may take, until a connection that broke is opened again, and between two signs of life. */
const [PATIENCE, PAUSE, HEARTBEAT] = [20_000, 1_000, 15_000];

/**
 * JSON-RPC over a WebSocket, which is opened when it is needed, and again when it breaks. It hears of every block while somebody
 * listens; a node that falls silent is left, and asked again.
 */
export class RpcSocket {
  private readonly waiting = new Map<number, Waiting>();
  private readonly listeners = new Set<() => void>();
  private opening: Promise<WebSocket> | undefined;
  private retry: NodeJS.Timeout | undefined;
  private asked = 0;
  private isClosed = false;

  /** @param heartbeat milliseconds between two signs of life of the node; without one it is left */
  constructor(
    private readonly url: string,
    private readonly heartbeat = HEARTBEAT,
  ) {}

  /** Rejects with the code of a node that is not there, as its provider would. */
  async ask(request: RpcRequest): Promise<unknown> {
    const socket = await this.open();
    const id = (this.asked += 1);
    const timer = setTimeout(() => this.waiting.get(id)?.reject(failure("TIMEOUT")), PATIENCE).unref();
    try {
      return await new Promise((resolve, reject) => {
        this.waiting.set(id, { request, resolve, reject });
        socket.send(JSON.stringify({ jsonrpc: "2.0", ...request, id }));
      });
    } finally {
      clearTimeout(timer);
      this.waiting.delete(id);
    }
  }

  /**
   * Calls `listener` whenever there may be a new block.
   * @returns what ends it
   */
  onHead(listener: () => void): () => void {
    this.listeners.add(listener);
    this.open().catch(() => undefined);
    return () => void this.listeners.delete(listener);
  }

  close(): void {
    this.isClosed = true;
    this.listeners.clear();
    clearTimeout(this.retry);
    this.opening?.then((socket) => socket.terminate()).catch(() => undefined);
  }

  private open(): Promise<WebSocket> {
    if (this.isClosed) return Promise.reject(failure("NETWORK_ERROR"));
    return (this.opening ??= new Promise((resolve, reject) => {
      const socket = new WebSocket(this.url, { handshakeTimeout: PATIENCE, perMessageDeflate: false });
      socket.on("error", (error) => reject(failure("NETWORK_ERROR", error.message)));
      socket.on("close", () => this.lose());
      socket.on("message", (data) => this.hear(socket, data));
      socket.once("open", () => {
        resolve(socket);
        keepAlive(socket, this.heartbeat);
        void this.subscribe();
      });
    }));
  }

  /** One that tells of no blocks is looked at from time to time, as all are. */
  private async subscribe(): Promise<void> {
    await this.ask({ id: 0, method: "eth_subscribe", params: ["newHeads"] }).catch(() => undefined);
    // Some may have gone by.
    this.tell();
  }

  private lose(): void {
    this.opening = undefined;
    for (const { reject } of this.waiting.values()) reject(failure("ECONNRESET"));
    if (this.listeners.size > 0) this.retry = setTimeout(() => void this.open().catch(() => undefined), PAUSE).unref();
  }

  private hear(socket: WebSocket, data: RawData): void {
    const reply = parse(data);
    if (reply === undefined) return socket.terminate();
    if (reply.method === "eth_subscription") return this.tell();
    const waiting = this.waiting.get(reply.id ?? 0);
    waiting?.resolve({ ...reply, id: waiting.request.id });
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

/** Ends a connection at whose other end nobody is any more. */
function keepAlive(socket: WebSocket, heartbeat: number): void {
  let isAlive = true;
  const timer = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, heartbeat).unref();
  socket.on("pong", () => (isAlive = true));
  socket.once("close", () => clearInterval(timer));
}

function parse(data: RawData): Reply | undefined {
  try {
    return JSON.parse((data as Buffer).toString()) as Reply;
  } catch {
    return undefined;
  }
}

function failure(code: string, message = "the connection to the node ended"): Error {
  return Object.assign(new Error(message), { code });
}
