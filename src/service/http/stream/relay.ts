import { once } from "node:events";

import { WebSocket } from "ws";

import { fail } from "../../../errors";
import type { Outbox } from "./outbox";

/** Milliseconds until a leader that does not take the connection is given up. */
const PATIENCE = 10_000;

/** What ids of this process's own messages end with. */
const OWN = " of another process";

/** What says whose a message is. */
interface Said {
  readonly type: string;
  readonly id?: string | null;
  readonly subscription?: string;
}

/** A message that is not answered yet. */
interface Waiting {
  readonly isSubscription: boolean;
  readonly resolve: (isDone: boolean) => void;
}

/** What one client asks of one other process, which leads what it is about: as it was sent, and the answers as they come. */
export class Relay {
  private readonly waiting = new Map<string, Waiting>();
  private readonly subscriptions = new Set<string>();
  /** Messages of this process's own. */
  private own = 0;

  /** @param onLost called if the connection ends while the client needs it; with the code that it ended with */
  private constructor(
    private readonly socket: WebSocket,
    private readonly outbox: Outbox,
    private readonly onEnded: (subscription: string) => void,
    onLost: (code: number) => void,
  ) {
    socket.on("message", (data) => void this.take((data as Buffer).toString()));
    // What ends with an error closes.
    socket.on("error", () => undefined);
    socket.once("close", (code) => {
      const isNeeded = this.waiting.size + this.subscriptions.size > 0;
      this.giveUp();
      if (isNeeded) onLost(code);
    });
  }

  /** @throws unreachable */
  static async connect(
    leader: string,
    headers: Readonly<Record<string, string>>,
    outbox: Outbox,
    onEnded: (subscription: string) => void,
    onLost: (code: number) => void,
  ): Promise<Relay> {
    const url = `${leader.replace(/^http/, "ws").replace(/\/$/, "")}/v1/stream`;
    const socket = new WebSocket(url, { headers, handshakeTimeout: PATIENCE });
    try {
      await once(socket, "open");
    } catch (error) {
      return fail("unreachable", { leader, reason: (error as Error).message });
    }
    return new Relay(socket, outbox, onEnded, onLost);
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /**
   * Passes a message on; resolves when its answer is passed back, or when there is no connection any more.
   * @returns whether it was done
   */
  pass(id: string, text: string, isSubscription: boolean): Promise<boolean> {
    this.waiting.get(id)?.resolve(false);
    return new Promise((resolve) => {
      this.waiting.set(id, { isSubscription, resolve });
      this.socket.send(text);
    });
  }

  /** Ends a subscription; the client is answered by whoever asks. */
  unsubscribe(subscription: string): void {
    if (!this.subscriptions.delete(subscription)) return;
    const id = `${(this.own += 1)}${OWN}`;
    void this.pass(id, JSON.stringify({ type: "unsubscribe", id, subscription }), false);
  }

  close(): void {
    this.giveUp();
    this.subscriptions.clear();
    this.socket.close();
  }

  private giveUp(): void {
    for (const { resolve } of this.waiting.values()) resolve(false);
    this.waiting.clear();
  }

  private async take(text: string): Promise<void> {
    const { type, id, subscription } = JSON.parse(text) as Said;
    const isOver = subscription !== undefined && !this.subscriptions.has(subscription);
    if (!isOver && id?.endsWith(OWN) !== true) this.outbox.pass(text);
    if (id !== undefined && id !== null) this.settle(id, type === "result");
    if (!this.outbox.isFull) return;
    // A client that reads slowly is sent no more by either process.
    this.socket.pause();
    await this.outbox.room();
    this.socket.resume();
  }

  private settle(id: string, isDone: boolean): void {
    const waiting = this.waiting.get(id);
    if (waiting === undefined) {
      if (!isDone && this.subscriptions.delete(id)) this.onEnded(id);
      return;
    }
    this.waiting.delete(id);
    if (isDone && waiting.isSubscription) this.subscriptions.add(id);
    waiting.resolve(isDone);
  }
}
