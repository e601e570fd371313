import { createServer, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";

import { verifyWebhook } from "../src/sdk";

/** A receiver of webhooks: takes each delivery once, and only those that the service signed. */
export function receive(secret: string, act: (type: string, content: unknown) => void) {
  const seen = new Set<string>();
  const take = async (request: IncomingMessage): Promise<void> => {
    const delivery = { body: await buffer(request), headers: request.headers, secret };
    const { id, type, content } = await verifyWebhook(delivery);
    if (!seen.has(id)) act(type, content);
    seen.add(id);
  };
  return createServer((request, response) => {
    const answer = (status: number) => () => response.writeHead(status).end();
    take(request).then(answer(204), answer(400));
  });
}
