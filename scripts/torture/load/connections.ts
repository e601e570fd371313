import type { Socket } from "node:net";

import { addressOf, type Siege } from "./siege";

/** Milliseconds between two bytes of whoever is slow. */
const DRIP = 1_000;
/** Requests that are asked for at once by whoever reads no answer. */
const PIPELINED = 100;

/** Connections that say nothing, all of one address. */
export function staySilent(siege: Siege, count: number): void {
  for (let i = 0; i < count; i++) siege.hold("silent", addressOf(11), () => undefined);
}

/** Heads that never end, a byte at a time. */
export function dripHeads(siege: Siege, count: number): void {
  for (let i = 0; i < count; i++) {
    siege.hold("slowHead", addressOf(12), (socket) => {
      socket.write("GET /v1/assets HTTP/1.1\r\nhost: here\r\nnote: ");
      drip(socket);
    });
  }
}

/** Bodies that never end, a byte at a time. */
export function dripBodies(siege: Siege, count: number): void {
  const head =
    "POST /v1/preimages HTTP/1.1\r\nhost: here\r\ncontent-type: application/json\r\ncontent-length: 10000\r\n\r\n";
  for (let i = 0; i < count; i++) {
    siege.hold("slowBody", addressOf(13), (socket) => {
      socket.write(head);
      drip(socket);
    });
  }
}

/** Whoever asks for the largest answer again and again, and reads none. */
export function leaveAnswers(siege: Siege, count: number): void {
  for (let i = 0; i < count; i++) {
    siege.hold("unreadAnswer", addressOf(14), (socket) => {
      socket.pause();
      socket.write("GET /openapi.json HTTP/1.1\r\nhost: here\r\n\r\n".repeat(PIPELINED));
      // Who reads nothing notices its end by what it writes.
      drip(socket);
    });
  }
}

function drip(socket: Socket): void {
  const timer = setInterval(() => socket.write("x"), DRIP);
  socket.once("close", () => clearInterval(timer));
}
