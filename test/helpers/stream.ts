import { once } from "node:events";

import { WebSocket, type RawData } from "ws";

import { afterTest } from "./afterTest";

type Message = Readonly<Record<string, unknown>>;

/** A client of the stream that keeps what it is sent; it is cut off with the test. */
export async function connectStream(context: Mocha.Context, url: string, headers: Record<string, string> = {}) {
  const socket = new WebSocket(`${url.replace("http", "ws")}/v1/stream`, { headers });
  afterTest(context, () => socket.terminate());
  const received: Message[] = [];
  const arrivals: (() => void)[] = [];
  let asked = 0;
  const bytes: Buffer[] = [];
  socket.on("message", (data: RawData, isBinary) => {
    if (isBinary) bytes.push(data as Buffer);
    else received.push(JSON.parse((data as Buffer).toString()) as Message);
    for (const arrived of arrivals.splice(0)) arrived();
  });
  const closed = once(socket, "close").then(([code, reason]) => ({
    code: code as number,
    reason: (reason as Buffer).toString(),
  }));
  let end: string | undefined;
  closed
    .then(({ code, reason }) => {
      end = `the connection ended: ${code} ${reason}`;
      for (const arrived of arrivals.splice(0)) arrived();
    })
    // A connection that never opened fails below.
    .catch(() => undefined);
  await once(socket, "open");

  /** Takes the first message, come or yet to come, that `wanted` holds for; it rejects if the connection ends before. */
  const take = async (wanted: (message: Message) => boolean): Promise<Message> => {
    for (;;) {
      const index = received.findIndex(wanted);
      if (index >= 0) return received.splice(index, 1)[0]!;
      if (end !== undefined) throw new Error(end);
      await new Promise<void>((resolve) => arrivals.push(resolve));
    }
  };
  /** All that came in bytes, once there are so many. */
  const receivedBytes = async (count: number): Promise<Buffer[]> => {
    while (bytes.length < count) await new Promise<void>((resolve) => arrivals.push(resolve));
    return bytes;
  };
  return {
    socket,
    received,
    receivedBytes,
    closed,
    take,
    send: (message: unknown) => socket.send(typeof message === "string" ? message : JSON.stringify(message)),
    /** Sends a message under an id of its own, unless it has one; resolves with the answer. */
    ask: (message: object): Promise<Message> => {
      const named = { id: `ask-${(asked += 1)}`, ...message };
      socket.send(JSON.stringify(named));
      return take(({ id }) => id === named.id);
    },
  };
}
