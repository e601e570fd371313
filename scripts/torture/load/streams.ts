import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";

import { WebSocket } from "ws";

import { addressOf, type Siege } from "./siege";

/** Connections that one address opens, well below what it may: there are many addresses. */
const PER_ADDRESS = 100;
/** Connections that are opened at once. */
const WAVE = 50;
/** Bytes of a message that is too large: twice what may come in. */
const TOO_LARGE = 2 ** 20;

/** Opens a stream and counts how it ends. */
function open(siege: Siege, abuser: string, from: string, headers: Record<string, string> = {}): WebSocket {
  const target = `${siege.url.href.replace("http", "ws")}v1/stream`;
  const socket = new WebSocket(target, { localAddress: from, headers });
  socket.on("open", () => siege.count(abuser, "opened"));
  socket.on("unexpected-response", (_request, response) => {
    siege.count(abuser, String(response.statusCode));
    socket.terminate();
  });
  socket.on("error", () => undefined);
  socket.on("close", (code) => {
    if (!siege.isOver) siege.count(abuser, `closed ${code}`);
  });
  siege.onEnd(() => socket.terminate());
  return socket;
}

/** Connections on which nothing is asked for; resolves when all are open or refused. */
export async function stayIdle(siege: Siege, count: number): Promise<void> {
  for (let i = 0; i < count && !siege.isOver; i += WAVE) {
    const wave = Array.from({ length: Math.min(WAVE, count - i) }, (_, k) => {
      const socket = open(siege, "idle", addressOf(21, Math.floor((i + k) / PER_ADDRESS)));
      return new Promise((resolve) => socket.once("open", resolve).once("close", resolve));
    });
    await Promise.all(wave);
  }
}

/** Whoever subscribes to the log of a system, from its beginning, and reads nothing; it comes back when it is closed. */
export function leaveEvents(siege: Siege, count: number, system: string, key: string): void {
  const begin = (): void => {
    if (siege.isOver) return;
    const socket = open(siege, "unreadStream", addressOf(22), { authorization: `Bearer ${key}` });
    socket.once("open", () => {
      socket.send(JSON.stringify({ type: "subscribe", id: "s", channel: "events", system, after: "0" }));
      socket.pause();
    });
    socket.once("close", () => setTimeout(begin, 1_000).unref());
  };
  for (let i = 0; i < count; i++) begin();
}

/** More calls over one connection each than there may be; what is answered is counted. */
export function floodStreams(siege: Siege, count: number): void {
  for (let i = 0; i < count; i++) {
    const socket = open(siege, "streamFlood", addressOf(23));
    socket.on("message", (data) => {
      const { type, problem } = JSON.parse((data as Buffer).toString()) as { type: string; problem?: { code: string } };
      siege.count("streamFlood", problem?.code ?? type);
    });
    socket.once("open", () => {
      void siege.repeat(async () => {
        const channelId = `0x${randomBytes(32).toString("hex")}`;
        if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ type: "channel", id: "c", channelId }));
        await delay(1);
      });
    });
  }
}

/** Messages that are too large, or deeper than any program expects. */
export function sendMonsters(siege: Siege): void {
  const monsters = ["x".repeat(TOO_LARGE), "[".repeat(100_000), `${"[".repeat(100_000)}${"]".repeat(100_000)}`];
  for (const monster of monsters) {
    const abuser = monster.startsWith("x") ? "hugeMessage" : "deepMessage";
    void siege.repeat(async () => {
      const socket = open(siege, abuser, addressOf(24));
      socket.on("message", (data) => {
        siege.count(abuser, (JSON.parse((data as Buffer).toString()) as { problem: { code: string } }).problem.code);
        socket.terminate();
      });
      socket.once("open", () => socket.send(monster));
      await new Promise((resolve) => socket.once("close", resolve));
      await delay(200);
    });
  }
}
