import type { AddressInfo } from "node:net";

import { WebSocket, WebSocketServer, type RawData } from "ws";

import { afterTest } from "./afterTest";

/** A way to a chain's node over a WebSocket that can break, or keep new blocks to itself. */
export interface SocketProxy {
  readonly url: string;
  /** Passes on answers, and no notification. */
  keepsBlocks: boolean;
  /** Answers nothing any more, and no ping either: the connection stays open. */
  isDeaf: boolean;
  /** How often somebody has connected. */
  readonly connections: number;
  /** Ends all connections; whoever likes may connect again. */
  break(): void;
}

/** Between whoever asks and the node at `target`, an http URL. */
export async function socketProxyTo(context: Mocha.Context, target: string): Promise<SocketProxy> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", autoPong: false });
  await new Promise<void>((resolve) => server.once("listening", resolve));
  const sockets = new Set<WebSocket>();
  let connections = 0;
  const proxy = {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ keepsBlocks: false, isDeaf: false },
    get connections() {
      return connections;
    },
    break: () => {
      for (const socket of sockets) socket.terminate();
    },
  };
  server.on("connection", (client) => {
    connections += 1;
    const node = new WebSocket(target.replace(/^http/, "ws"));
    const asked: string[] = [];
    for (const socket of [client, node]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => sockets.delete(socket));
    }
    client.on("ping", () => {
      if (!proxy.isDeaf) client.pong();
    });
    client.on("close", () => node.terminate());
    node.on("close", () => client.terminate());
    node.on("open", () => {
      for (const text of asked.splice(0)) node.send(text);
    });
    client.on("message", (data) => {
      if (node.readyState === WebSocket.OPEN) node.send(textOf(data));
      else asked.push(textOf(data));
    });
    node.on("message", (data) => {
      const text = textOf(data);
      const isKept = proxy.isDeaf || (proxy.keepsBlocks && text.includes("eth_subscription"));
      if (!isKept) client.send(text);
    });
  });
  afterTest(context, () => {
    proxy.break();
    server.close();
  });
  return proxy;
}

function textOf(data: RawData): string {
  return (data as Buffer).toString();
}
