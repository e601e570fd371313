import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";

import type { FastifyRequest } from "fastify";
import type { RawData, WebSocket } from "ws";
import { z } from "zod";

import { fail, StarledgerError, type ErrorCode } from "../../../errors";
import type { Store } from "../../../store";
import { encodeStateReceipt, STREAM_CLOSED, streamResults, type ClientMessage, type StateReceipt } from "../../../wire";
import { encodeSubmissionResult, type SubmissionResult } from "../../../wire/binary";
import type { AccountService } from "../../accountService";
import { requireCall, type Authenticator, type Caller } from "../auth";
import type { Services } from "../../services";
import { problemOf } from "../../../http";
import { answerCall, type Answered } from "./calls";
import type { StreamLimits } from "./limits";
import { saidIn, type Said } from "./messages";
import { Outbox } from "./outbox";
import { Relays } from "./relays";
import { Subscriptions } from "./subscriptions";

/**
 * Counts a message as a call of whoever sends it.
 * @throws rate_limited, overloaded
 */
export type Admit = (request: FastifyRequest) => Promise<void>;

/** What the sessions of one process share. */
export interface SessionParts {
  readonly services: Services;
  readonly store: Store;
  readonly callerOf: Authenticator["callerOf"];
  readonly admit: Admit;
  readonly limits: StreamLimits;
}

/** Why a message is one too many. */
const TOO_MUCH: ReadonlySet<ErrorCode> = new Set(["rate_limited", "overloaded"]);
/** Milliseconds for which a message that was one too many keeps its place among those under way: floods are read no faster. */
const RESTRAINT = 1_000;
/** Milliseconds that a client has to answer a close. */
const CLOSING = 2_000;

const DONE: Answered = { replayed: false, result: {} };

/** One client of the stream: carries out what it sends, and ends it when it is idle, silent or too slow. */
export class Session {
  private readonly outbox: Outbox;
  private readonly subscriptions: Subscriptions;
  private readonly relays: Relays;
  private readonly heartbeat: NodeJS.Timeout;
  private readonly underWay = new Set<Promise<void>>();
  /** What the client has said of who it is. */
  private authorization: string | undefined;
  private isAlive = true;
  private lastAsked = Date.now();
  private stopping = false;

  constructor(
    private readonly socket: WebSocket,
    private readonly request: FastifyRequest,
    private readonly parts: SessionParts,
  ) {
    const { limits } = parts;
    this.authorization = request.headers.authorization;
    this.outbox = new Outbox(socket, request.raw.socket, limits.buffered);
    this.subscriptions = new Subscriptions(parts.services, this.outbox, limits.subscriptions, (id, error) =>
      this.refuse(id, error),
    );
    this.relays = new Relays({
      ...{ services: parts.services, store: parts.store, request, outbox: this.outbox },
      onEnded: (id) => this.subscriptions.forget(id),
      onLost: (code) => (code === STREAM_CLOSED.unauthorized ? this.closeUnauthorized() : this.closeMoved()),
    });
    this.heartbeat = setInterval(() => this.beat(), limits.heartbeat);
    socket.on("message", (data, isBinary) => this.take(data, isBinary));
    socket.on("pong", () => (this.isAlive = true));
    socket.once("close", () => {
      clearInterval(this.heartbeat);
      this.subscriptions.end();
      this.relays.close();
    });
  }

  /** Other processes lead the systems of such services, or may: whoever is told by them is told so, and closed. */
  leave(isSuch: (service: AccountService) => boolean): void {
    const told = this.subscriptions.where(isSuch);
    if (told.length === 0 || this.stopping) return;
    for (const id of told) this.refuse(id, new StarledgerError("not_leader"));
    this.closeMoved();
  }

  /** Takes no more calls, answers those under way, says that the service stops, and resolves when the client is gone. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.subscriptions.end();
    await Promise.all(this.underWay);
    if (!this.outbox.isOpen) return;
    const closed = once(this.socket, "close");
    this.close(STREAM_CLOSED.goingAway, "The service stops: go on after your last number");
    await closed;
  }

  /** Whoever asks faster than it can be answered, or than it reads the answers, waits. */
  private take(data: RawData, isBinary: boolean): void {
    this.isAlive = true;
    this.lastAsked = Date.now();
    const handled = this.answer(data, isBinary).finally(() => {
      this.underWay.delete(handled);
      if (this.socket.isPaused && this.underWay.size < this.parts.limits.calls) this.socket.resume();
    });
    this.underWay.add(handled);
    if (this.underWay.size >= this.parts.limits.calls) this.socket.pause();
  }

  private async answer(data: RawData, isBinary: boolean): Promise<void> {
    let id: string | null = null;
    try {
      const said = saidIn(data, isBinary);
      id = said.id;
      await this.parts.admit(this.request);
      const message = said.message();
      await this.answerHere(message, said).catch((error: unknown) => this.passOn(message, said.text(), error));
    } catch (error) {
      this.refuse(id, error);
      if (error instanceof StarledgerError && TOO_MUCH.has(error.code)) await delay(RESTRAINT);
    }
    await this.outbox.room();
  }

  private async answerHere(message: ClientMessage, { isBinary }: Said): Promise<void> {
    if (this.stopping) fail("stopped");
    if (message.type === "subscribe") {
      const { result, begin } = await this.subscriptions.subscribe(message, this.caller);
      this.tellResult(message, { replayed: false, result });
      begin();
      return;
    }
    const answered = await this.carryOut(message);
    if (isBinary) this.outbox.pass(encodeSubmissionResult({ id: message.id, ...answered } as SubmissionResult));
    else this.tellResult(message, answered);
  }

  private tellResult({ type, id }: ClientMessage, { replayed, result }: Answered): void {
    const isReceipt = type === "submitState";
    const encoded = isReceipt ? encodeStateReceipt(result as StateReceipt) : z.encode(streamResults[type], result);
    this.outbox.pass(JSON.stringify({ type: "result", id, replayed, result: encoded }));
  }

  /** Has another process answer, if this one cannot since that one leads what it is about. */
  private async passOn({ type, id }: ClientMessage, text: string, cause: unknown): Promise<void> {
    const relay = await this.relays.leaderOf(cause, this.authorization);
    const isSubscription = type === "subscribe";
    if (isSubscription) this.subscriptions.hold(id, () => relay.unsubscribe(id));
    const isDone = await relay.pass(id, text, isSubscription);
    if (isSubscription && !isDone) this.subscriptions.forget(id);
  }

  private async carryOut(message: Exclude<ClientMessage, { type: "subscribe" }>): Promise<Answered> {
    switch (message.type) {
      case "authenticate":
        await this.authenticate(`Bearer ${message.token}`);
        return DONE;
      case "ping":
        return DONE;
      case "unsubscribe":
        this.subscriptions.unsubscribe(message.subscription);
        return DONE;
      default:
        return await answerCall(this.parts.services, this.caller, message);
    }
  }

  private get caller(): Caller | null {
    return this.request.caller;
  }

  /** @throws unauthorized, forbidden */
  private async authenticate(authorization: string): Promise<void> {
    const caller = await this.parts.callerOf({ headers: { authorization } });
    requireCall(this.request, caller);
    this.request.caller = caller;
    this.authorization = authorization;
  }

  private refuse(id: string | null, error: unknown): void {
    const known = error instanceof StarledgerError ? error : new StarledgerError("internal");
    if (known.code === "internal") this.request.log.error(error);
    this.outbox.send({ type: "error", id, problem: problemOf(known) });
  }

  private beat(): void {
    const { socket, outbox, subscriptions, parts } = this;
    const isIdle = subscriptions.size === 0 && Date.now() - this.lastAsked > parts.limits.idle;
    if (isIdle) return this.close(STREAM_CLOSED.idle, "Nothing was asked for");
    const isServed = this.underWay.size > 0 && !outbox.isFull;
    if (!outbox.takeProgress() && !isServed && !this.isAlive) {
      if (socket.bufferedAmount === 0) return socket.terminate();
      return this.close(STREAM_CLOSED.tooSlow, "Too slow: go on after your last number");
    }
    this.isAlive = false;
    this.leave((service) => service.mayBeDeposed);
    socket.ping();
    // Keys are revoked and users sign out.
    if (this.authorization === undefined) return;
    this.authenticate(this.authorization).catch((error: unknown) => {
      const isOver = error instanceof StarledgerError && !error.retryable;
      if (isOver) this.closeUnauthorized();
    });
  }

  private closeMoved(): void {
    this.close(STREAM_CLOSED.moved, "Another process leads the system: connect again, go on after your last number");
  }

  private closeUnauthorized(): void {
    this.close(STREAM_CLOSED.unauthorized, "What you said of who you are holds no more");
  }

  /** The client has some time to say that it has understood. */
  private close(code: number, reason: string): void {
    clearInterval(this.heartbeat);
    this.subscriptions.end();
    this.socket.resume();
    this.socket.close(code, reason);
    setTimeout(() => this.socket.terminate(), CLOSING).unref();
  }
}
