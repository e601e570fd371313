import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { once } from "node:events";

import { WebSocket } from "ws";

import { stateSubmission } from "../../src/wire";
import { decodeSubmissionResult, encodeSubmission } from "../../src/wire/binary";
import type { Latencies } from "../measure/load";
import type { Call } from "./calls";
import type { Rate } from "./transport";

// A process that makes the requests of its parent, over HTTP or the stream, and tells how long each took.

/** Over HTTP, or over the stream in JSON or in bytes. */
export type Protocol = "http" | "websocket" | "bytes";

/** What it is told to do; each is answered by the latencies, of none where nothing was made. */
export type Order =
  | {
      readonly step: "prepare";
      readonly wave: number;
      readonly file: string;
      readonly protocol: Protocol;
      readonly url: string;
      readonly operatorKey: string;
    }
  | { readonly step: "make"; readonly wave: number; readonly rate: Rate };

/** Connections, and the calls that each has under way: over HTTP one, on the stream as many as the service reads. */
const LANES = {
  http: { count: 512, window: 1 },
  websocket: { count: 128, window: 32 },
  bytes: { count: 128, window: 32 },
};

/** A call, written before it is due. */
interface Message extends Pick<Call, "path" | "key"> {
  readonly content: string | Buffer;
}

/** One connection: what it is given it sends in its order. */
interface Lane {
  send(message: Message): Promise<void>;
}

/** A wave, by lane. */
interface Prepared {
  readonly lanes: readonly Lane[];
  readonly window: number;
  readonly messages: readonly { readonly lane: number; readonly message: Message }[];
}

const waves = new Map<number, Prepared>();
/** For all waves. */
let opened: Promise<Lane[]> | undefined;

process.on("message", (order: Order) => {
  const done = order.step === "prepare" ? prepare(order) : make(waves.get(order.wave)!, order.rate);
  done.then(
    (latencies) => process.send!(latencies),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});

async function prepare({ wave, file, protocol, url, operatorKey }: Extract<Order, { step: "prepare" }>) {
  const { count, window } = LANES[protocol];
  const headers = { authorization: `Bearer ${operatorKey}` };
  const open = protocol === "http" ? httpLane(url, headers) : streamLane(url, headers);
  const lanes = await (opened ??= Promise.all(Array.from({ length: count }, open)));
  const messages = readFileSync(file, "utf8")
    .split("\n")
    .map((line) => {
      const call = JSON.parse(line) as Call;
      const { path, key, lane } = call;
      return { lane: laneOf(lane, count), message: { path, key, content: WRITERS[protocol](call) } };
    });
  waves.set(wave, { lanes, window, messages });
  return [];
}

/** Sends every message when it is due, and its lane has room. */
async function make({ lanes, window, messages }: Prepared, rate: Rate): Promise<Latencies> {
  const latencies: Latencies = [];
  const began = performance.now();
  let due = began;
  const queues = lanes.map((): { readonly message: Message; readonly due: number | null }[] => []);
  for (const { lane, message } of messages) {
    if (rate !== "max") due += (-Math.log(1 - Math.random()) * 1000) / rate;
    queues[lane]!.push({ message, due: rate === "max" ? null : due });
  }
  const drain = async (lane: Lane, queue: (typeof queues)[number]) => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const wait = (next.due ?? 0) - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      const from = next.due ?? performance.now();
      await lane.send(next.message);
      latencies.push(performance.now() - from);
    }
  };
  await Promise.all(lanes.flatMap((lane, i) => Array.from({ length: window }, () => drain(lane, queues[i]!))));
  return latencies;
}

function httpLane(url: string, headers: Record<string, string>) {
  const { hostname, port } = new URL(url);
  return (): Promise<Lane> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const send = ({ path, key, content }: Message) =>
      new Promise<void>((resolve, reject) => {
        const own = {
          ...headers,
          "content-type": "application/json",
          "content-length": Buffer.byteLength(content),
          "idempotency-key": key,
        };
        const sent = request({ agent, hostname, port, method: "POST", path, headers: own }, (response) => {
          response.once("end", () => {
            if (response.statusCode! < 300) resolve();
            else reject(new Error(`${path}: ${response.statusCode}`));
          });
          response.resume();
        });
        sent.once("error", reject);
        sent.end(content);
      });
    return Promise.resolve({ send });
  };
}

function inJson({ type, key, body }: Call): string {
  if (type === null) throw new Error("The stream carries only what owners sign, and preimages");
  return JSON.stringify({ type, id: key, idempotencyKey: key, body });
}

/** What the calls are in each. */
const WRITERS: Readonly<Record<Protocol, (call: Call) => string | Buffer>> = {
  http: ({ body }) => JSON.stringify(body),
  websocket: inJson,
  bytes: (call) =>
    call.type === "submitState"
      ? encodeSubmission({ id: call.key, idempotencyKey: call.key, body: stateSubmission.parse(call.body) })
      : inJson(call),
};

const said = (data: Buffer) => JSON.parse(data.toString()) as { readonly id: string; readonly type: string };

function streamLane(url: string, headers: Record<string, string>) {
  return async (): Promise<Lane> => {
    const socket = new WebSocket(`${url.replace("http", "ws")}/v1/stream`, { headers });
    const waiting = new Map<string, { resolve(): void; reject(error: Error): void }>();
    await once(socket, "open");
    socket.on("message", (data, isBinary) => {
      const { id, type } = isBinary
        ? { ...decodeSubmissionResult(data as Buffer), type: "result" }
        : said(data as Buffer);
      const call = waiting.get(id);
      waiting.delete(id);
      if (type === "result") call?.resolve();
      else call?.reject(new Error((data as Buffer).toString()));
    });
    const send = ({ key, content }: Message) =>
      new Promise<void>((resolve, reject) => {
        waiting.set(key, { resolve, reject });
        socket.send(content);
      });
    return { send };
  };
}

function laneOf(name: string, count: number): number {
  let sum = 7;
  for (let i = 0; i < name.length; i++) sum = (31 * sum + name.charCodeAt(i)) | 0;
  return Math.abs(sum) % count;
}
