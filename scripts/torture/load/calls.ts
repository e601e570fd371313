import { Agent, request, type RequestOptions } from "node:http";
import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";

import { addressOf, type Siege } from "./siege";

const DEPTH = 100_000;
/** Bytes of a body that is far too large. */
const HUGE = 2 ** 23;
/** Calls that one address makes at once. */
const AT_ONCE = 8;
/** Milliseconds between two bodies of whoever sends such. */
const PAUSE = 200;

/** Addresses that ask as fast as they are answered. */
export function flood(siege: Siege, addresses: number): void {
  for (let i = 0; i < addresses; i++) {
    const agent = new Agent({ keepAlive: true, localAddress: addressOf(31, i) });
    siege.onEnd(() => agent.destroy());
    for (let k = 0; k < AT_ONCE; k++) void siege.repeat(() => ask(siege, "flood", { path: "/v1/assets", agent }));
  }
}

/** Bodies beyond all bounds: in bytes, with and without a word of how many, and in depth. */
export function postMonsters(siege: Siege): void {
  const huge = Buffer.alloc(HUGE, "x");
  const lists = Buffer.from("[".repeat(DEPTH) + "]".repeat(DEPTH));
  const objects = Buffer.from(`${'{"a":'.repeat(DEPTH / 2)}1${"}".repeat(DEPTH / 2)}`);
  post(siege, "hugeBody", huge, { "content-length": huge.length });
  post(siege, "hugeChunkedBody", huge);
  post(siege, "deepBody", lists, { "content-length": lists.length });
  post(siege, "deepBody", objects, { "content-length": objects.length });
}

function post(siege: Siege, abuser: string, body: Buffer, length: { readonly "content-length"?: number } = {}): void {
  const headers = { "content-type": "application/json", "idempotency-key": abuser, ...length };
  const options = {
    path: "/v1/preimages",
    method: "POST",
    localAddress: addressOf(32),
    headers,
    agent: false,
  } as const;
  void siege.repeat(async () => {
    await ask(siege, abuser, options, body);
    await delay(PAUSE);
  });
}

/** Asks, and counts how it is answered: by a status, or by the end of the connection. */
function ask(siege: Siege, abuser: string, options: RequestOptions, body: Buffer = Buffer.alloc(0)): Promise<void> {
  return new Promise((resolve) => {
    let status = "cut";
    const call = request(siege.url, options, (response) => {
      status = String(response.statusCode);
      response.resume().on("error", () => undefined);
    });
    call.on("error", () => undefined);
    call.once("close", () => {
      if (!siege.isOver) siege.count(abuser, status);
      resolve();
    });
    Readable.from(pieces(body)).pipe(call);
  });
}

function* pieces(body: Buffer): Generator<Buffer> {
  for (let at = 0; at < body.length; at += 2 ** 16) yield body.subarray(at, at + 2 ** 16);
}
