import { connect, createServer, type AddressInfo, type Socket } from "node:net";

import { afterTest } from "./afterTest";

/** A way to a server that can break. */
export interface Proxy {
  /** The server's address by this way. */
  readonly url: string;
  /** Breaks when the server next answers, before the answer is through. */
  loseNextAnswer(): void;
  /** Breaks now. The server does not notice, and goes on with what it was asked. */
  abandon(): void;
  /** Lets nobody through any more, or again. */
  close(): void;
  open(): void;
}

/** Between the store and the server of `url`. */
export async function proxyTo(context: Mocha.Context, url: string): Promise<Proxy> {
  const address = new URL(url);
  const target = Number(address.port);
  const pairs = new Set<readonly [Socket, Socket]>();
  let [closed, losing] = [false, false];
  const server = createServer((client) => {
    client.on("error", () => undefined);
    if (closed) return void client.destroy();
    const upstream = connect(target, "127.0.0.1").on("error", () => undefined);
    const pair = [client, upstream] as const;
    pairs.add(pair);
    client.on("data", (chunk) => upstream.write(chunk));
    client.on("end", () => upstream.end());
    upstream.on("end", () => client.end());
    upstream.on("data", (chunk) => {
      if (!losing) return void client.write(chunk);
      losing = false;
      client.destroy();
      upstream.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterTest(context, () => {
    for (const sockets of pairs) for (const socket of sockets) socket.destroy();
    server.close();
  });
  address.port = String((server.address() as AddressInfo).port);
  return {
    url: address.href,
    loseNextAnswer: () => (losing = true),
    abandon: () => {
      for (const [client] of pairs) client.destroy();
    },
    close: () => (closed = true),
    open: () => (closed = false),
  };
}
