import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";

import { bundle } from "../scripts/browser/bundle";
import { toAddress } from "../src/protocol";
import { firstToken, operator, SERVICE } from "./settings";

// Serves the wallet page, and opens accounts for whoever uses it, with some money to begin with.
//
//   npm run example:wallet

const PORT = Number(process.env["WALLET_PORT"] ?? 8090);
const GIFT = 100n;
const api = operator();

async function main(): Promise<void> {
  const { token, decimals, whole } = await firstToken(api);
  const files = new Map([
    ["/", { type: "text/html", content: readFileSync("examples/wallet/index.html", "utf8") }],
    ["/wallet.js", { type: "text/javascript", content: await bundle({ entryPoints: ["examples/wallet/wallet.ts"] }) }],
    ["/settings.json", { type: "application/json", content: JSON.stringify({ ...SERVICE, token, decimals }) }],
  ]);

  /** Opened twice, an account is opened once and given money once. */
  const open = async (request: IncomingMessage): Promise<void> => {
    const address = toAddress(await text(request));
    await api.openAccount({ custody: "self", address, tokens: [token] }, { idempotencyKey: `open-${address}` });
    await api.issue({ account: address, token, amount: GIFT * whole }, { idempotencyKey: `gift-${address}` });
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const file = files.get(request.url!);
    if (request.method === "POST" && request.url === "/open") {
      await open(request);
      response.writeHead(204).end();
    } else if (file !== undefined) response.writeHead(200, { "content-type": file.type }).end(file.content);
    else response.writeHead(404).end();
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  server.listen(PORT, "127.0.0.1", () => console.log(`Wallet: http://127.0.0.1:${PORT}`));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(0));
}

void main();
