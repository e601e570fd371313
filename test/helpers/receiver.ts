import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { afterTest } from "./afterTest";

/** What a receiver was sent. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Somebody's server that takes deliveries, and answers what the test says; it goes with the test. */
export async function startReceiver(context: Mocha.Context) {
  const received: Received[] = [];
  const arrivals: (() => void)[] = [];
  let answer = (response: ServerResponse): unknown => response.writeHead(204).end();
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      received.push({ headers: request.headers, body });
      answer(response);
      for (const arrived of arrivals.splice(0)) arrived();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterTest(context, () => {
    server.close();
    server.closeAllConnections();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    received,
    /** Resolves when so many deliveries have come in all. */
    count: async (wanted: number) => {
      while (received.length < wanted) await new Promise<void>((resolve) => arrivals.push(resolve));
    },
    answers: (next: (response: ServerResponse) => unknown) => (answer = next),
    answersWith: (status: number, text = "") => (answer = (response) => response.writeHead(status).end(text)),
  };
}
