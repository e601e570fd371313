import { ERRORS, fail, type ErrorCode } from "../../errors";
import { serverMessage, STREAM_CLOSED, type ServerMessage } from "../../wire";
import { Refusal } from "../httpCalls";
import { openSocket, type Socket } from "./socket";

/** Messages that may wait to be taken; then the connection ends, and what comes after them is asked for again. */
const WAITING = 1_000;
/** Milliseconds between two signs of life. */
const HEARTBEAT = 20_000;

/** One connection to the stream, and what comes over it. */
export interface ConnectionOptions {
  /** The service: `https://host:port`. */
  readonly url: string;
  readonly token: string | undefined;
  /** A `subscribe` message. */
  readonly subscribe: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
}

/**
 * Subscribes over a connection of its own: yields the answer, then what is told, until the connection ends.
 * @throws unauthorized, unreachable, and, as a {@link Refusal}, what the service refuses with
 */
export async function* connection({ url, token, subscribe, signal }: ConnectionOptions): AsyncGenerator<ServerMessage> {
  const open = openSocket ?? fail("unreachable", { reason: "no WebSocket here" });
  const texts: string[] = [];
  let code: number | undefined;
  let wake = (): void => undefined;
  let isHeard = true;
  const say = (message: object): void => socket.send(JSON.stringify(message));
  const socket: Socket = open(new URL("/v1/stream", url).href.replace(/^http/, "ws"), {
    onOpen: () => {
      say(token === undefined ? subscribe : { type: "authenticate", id: "token", token });
    },
    onText: (text) => {
      isHeard = true;
      if (texts.length < WAITING) texts.push(text);
      else socket.close();
      wake();
    },
    onClose: (ended) => {
      code = ended;
      clearInterval(heartbeat);
      wake();
    },
  });
  const end = (): void => socket.close();
  signal.addEventListener("abort", end);
  const heartbeat = setInterval(() => {
    if (!isHeard) return end();
    isHeard = false;
    say({ type: "ping", id: "ping" });
  }, HEARTBEAT);
  try {
    for (;;) {
      const text = texts.shift();
      if (text !== undefined) {
        const message = readMessage(text);
        // What is asked before the service knows by whom is refused.
        if (message.type === "result" && message.id === "token") say(subscribe);
        else if (message.type !== "result" || message.id === "subscription") yield message;
      } else if (code !== undefined) break;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
    if (code === STREAM_CLOSED.unauthorized) fail("unauthorized");
  } finally {
    clearInterval(heartbeat);
    signal.removeEventListener("abort", end);
    socket.close();
  }
}

function readMessage(text: string): ServerMessage {
  const { data, error } = serverMessage.safeParse(jsonOf(text));
  if (data === undefined) return fail("unreachable", { reason: error.issues[0]?.message });
  if (data.type !== "error") return data;
  const { code, details } = data.problem;
  if (!(code in ERRORS)) return fail("unreachable", { reason: `unknown code ${code}` });
  throw new Refusal(code as ErrorCode, details);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
