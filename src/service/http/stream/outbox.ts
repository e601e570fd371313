import type { Socket } from "node:net";

import { z } from "zod";
import { WebSocket } from "ws";

import { serverMessage, type ServerMessage } from "../../../wire";

/** What one client is sent, and whether it reads it. What it has not read is bounded by whoever asks for room first. */
export class Outbox {
  private waiting: (() => void)[] = [];
  private progress = false;

  /**
   * @param connection that the socket writes to
   * @param limit bytes that may wait for the client
   */
  constructor(
    private readonly socket: WebSocket,
    private readonly connection: Socket,
    private readonly limit: number,
  ) {
    socket.once("close", () => this.wake());
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /** Whether the client has more to read than it may leave. */
  get isFull(): boolean {
    return this.isOpen && this.socket.bufferedAmount > this.limit;
  }

  /** Whether the client has read anything since this was last asked. */
  takeProgress(): boolean {
    const { progress } = this;
    this.progress = false;
    return progress;
  }

  send(message: ServerMessage): void {
    if (this.isOpen) this.pass(JSON.stringify(z.encode(serverMessage, message)));
  }

  /** Sends text or bytes as they are, all that is said at once in one piece. */
  pass(said: string | Buffer): void {
    if (!this.isOpen) return;
    if (this.connection.writableCorked === 0) {
      this.connection.cork();
      process.nextTick(() => this.connection.uncork());
    }
    this.socket.send(said, () => {
      this.progress = true;
      if (!this.isFull) this.wake();
    });
  }

  /** Resolves when the client has read enough, or is gone. */
  async room(): Promise<void> {
    while (this.isFull) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
