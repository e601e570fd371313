import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A node behind a connection that can be cut. */
export interface Proxy {
  readonly url: string;
  isCut: boolean;
  /** Requests that were cut off. */
  lost: number;
  /** Looks at the final block that went through. */
  looks: number;
  stop(): void;
}

export async function startProxy(target: string): Promise<Proxy> {
  const server = createServer((request, response) => {
    if (proxy.isCut) {
      proxy.lost += 1;
      request.destroy();
      return;
    }
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const body = Buffer.concat(parts);
      if (body.includes("finalized")) proxy.looks += 1;
      fetch(target, { method: "POST", body, headers: { "content-type": "application/json" } })
        .then(async (answer) => response.end(Buffer.from(await answer.arrayBuffer())))
        .catch(() => request.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = (): void => {
    server.close();
    server.closeAllConnections();
  };
  const { port } = server.address() as AddressInfo;
  const proxy: Proxy = { url: `http://127.0.0.1:${port}`, isCut: false, lost: 0, looks: 0, stop };
  return proxy;
}
