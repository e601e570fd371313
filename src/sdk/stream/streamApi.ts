import type * as z from "zod";

import { fail, StarledgerError } from "../../errors";
import type { Address, ChannelId } from "../../protocol";
import { streamResults, type event, type ServerMessage } from "../../wire";
import { connection } from "./connection";

/** Milliseconds before the second attempt to connect, doubled with each that fails, and at most. */
const PAUSE = { first: 250, longest: 15_000 };

type LedgerEvent = z.output<typeof event>;
/** What a wallet hears of its channel: a note, or how locks have ended. */
export type ChannelNews = Extract<ServerMessage, { type: "note" | "outcomes" }>;

/** Which events. */
export interface StreamedEvents {
  readonly system: Address;
  /** The number of the last event that is known; without it, only what comes. */
  readonly after?: bigint;
  /** Only what concerns this account. */
  readonly account?: Address;
  readonly types?: readonly LedgerEvent["type"][];
}

/** How the stream is reached. */
export interface StreamOptions {
  /** What says who asks; asked again, with `isRefused`, when the last one holds no more. */
  readonly token?: (isRefused: boolean) => string | Promise<string>;
  /** Told of every connection that could not be had, or ended; it is tried again by itself. */
  readonly onTrouble?: (error: StarledgerError) => void;
}

/** What a service tells as it happens, over WebSockets that are opened again when they end. */
export interface StreamApi {
  /**
   * The events after a number, without a gap or a repeat, until `signal` says stop. Of a whole log every number is checked.
   * @throws missing_events, unauthorized, forbidden, unknown_system, out_of_range
   */
  readonly events: (query: StreamedEvents, signal?: AbortSignal) => AsyncGenerator<LedgerEvent>;
  /**
   * What is new of a channel, the latest at once; nothing of it is checked here.
   * @throws unauthorized, forbidden, unknown_channel
   */
  readonly news: (channelId: ChannelId, signal?: AbortSignal) => AsyncGenerator<ChannelNews>;
}

/**
 * The stream of a service.
 * @param url without the path of a call: `https://host:port`
 */
export function streamApi(url: string, { token, onTrouble = () => undefined }: StreamOptions = {}): StreamApi {
  async function* follow(subscribe: () => object, signal: AbortSignal): AsyncGenerator<ServerMessage> {
    const isOver = (): boolean => signal.aborted;
    let failures = 0;
    let refusals = 0;
    while (!isOver()) {
      try {
        const said = await token?.(refusals > 0);
        const message = { type: "subscribe", id: "subscription", ...subscribe() };
        for await (const one of connection({ url, token: said, subscribe: message, signal })) {
          [failures, refusals] = [0, 0];
          yield one;
        }
        if (!isOver()) onTrouble(new StarledgerError("unreachable", { reason: "the connection has ended" }));
      } catch (error) {
        if (!(error instanceof StarledgerError)) throw error;
        const isExpired = error.code === "unauthorized" && token !== undefined && (refusals += 1) === 1;
        if (!isExpired && !error.retryable) throw error;
        onTrouble(error);
      }
      await pause(Math.min(PAUSE.longest, PAUSE.first * 2 ** failures++) * (0.5 + Math.random() / 2), signal);
    }
  }

  return {
    async *events({ system, after: begin, account, types }, signal = new AbortController().signal) {
      const isWhole = account === undefined && types === undefined;
      let after = begin;
      const subscribe = () => ({
        ...{ channel: "events", system, ...(account && { account }), ...(types && { types }) },
        ...(after !== undefined && { after: String(after) }),
      });
      for await (const message of follow(subscribe, signal)) {
        if (message.type === "result") after ??= streamResults.subscribe.parse(message.result).after;
        if (message.type !== "events") continue;
        for (const one of message.events) {
          const want: bigint = (after ?? one.number - 1n) + 1n;
          if (isWhole ? one.number !== want : one.number < want) fail("missing_events", { got: one.number, want });
          after = one.number;
          yield one;
          if (signal.aborted) return;
        }
      }
    },
    async *news(channelId, signal = new AbortController().signal) {
      for await (const message of follow(() => ({ channel: "notes", channelId }), signal)) {
        if (message.type === "note" || message.type === "outcomes") yield message;
      }
    },
  };
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done);
  });
}
