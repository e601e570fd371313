import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { afterTest } from "./afterTest";

/** A question to a node, and what it answered. */
export interface RpcCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** A way to a chain's node that can be slow, fail, and lie. */
export interface RpcProxy {
  readonly url: string;
  /** What is told in place of what the node said. */
  lie: ((call: RpcCall, result: unknown) => unknown) | undefined;
  /** Answers with an error of the server. */
  fails: boolean;
  /** Ends connections without a word. */
  drops: number;
  /** Milliseconds that each answer takes. */
  delay: number;
  /** Takes part in nothing any more. */
  readonly stop: () => Promise<void>;
}

interface Answer {
  readonly id: number;
  readonly result?: unknown;
}

/** Between whoever asks and the node at `target`. */
export async function rpcProxyTo(context: Mocha.Context, target: string): Promise<RpcProxy> {
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const proxy: RpcProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ lie: undefined, fails: false, drops: 0, delay: 0, stop },
  };
  afterTest(context, stop);
  return proxy;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
    if (proxy.drops > 0) {
      proxy.drops -= 1;
      return void request.socket.destroy();
    }
    if (proxy.delay > 0) await new Promise((resolve) => setTimeout(resolve, proxy.delay).unref());
    if (proxy.fails) return void response.writeHead(503).end();
    const body = Buffer.concat(parts).toString();
    const answered = await fetch(target, { method: "POST", body, headers: { "content-type": "application/json" } });
    const asked = [JSON.parse(body) as RpcCall & { id: number }].flat();
    const answers = [(await answered.json()) as Answer].flat();
    const told = await Promise.all(
      answers.map(async (answer) => {
        const call = asked.find(({ id }) => id === answer.id)!;
        if (!("result" in answer) || proxy.lie === undefined) return answer;
        return { ...answer, result: await proxy.lie(call, answer.result) };
      }),
    );
    const text = JSON.stringify(body.startsWith("[") ? told : told[0]);
    response.writeHead(200, { "content-type": "application/json" }).end(text);
  }
}
