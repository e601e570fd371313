import { once } from "node:events";

import type { FastifyRequest } from "fastify";
import type { RawData, WebSocket } from "ws";
import { z } from "zod";

import { fail, StarledgerError } from "../../../errors";
import { clientMessage, STREAM_CLOSED, streamResults, type ClientMessage } from "../../../wire";
import { requireAccess, requireCall, type Authenticator, type Caller } from "../auth";
import type { Services } from "../../services";
import { problemOf, refusalOf } from "../problems";
import { answerCall, readable, type Answered } from "./calls";
import type { StreamLimits } from "./limits";
import { EventSubscription } from "./eventSubscription";
import { NoteSubscription } from "./noteSubscription";
import { Outbox } from "./outbox";

/** What the sessions of one process share. */
export interface SessionParts {
  readonly services: Services;
  readonly callerOf: Authenticator["callerOf"];
  readonly limits: StreamLimits;
}

type Subscribe = Extract<ClientMessage, { type: "subscribe" }>;

interface Subscription {
  /** Finds out where it begins. */
  open(after: bigint | undefined): Promise<void>;
  /** Tells, once the client knows that it will. */
  start(): Promise<void>;
  stop(): void;
}

/** Milliseconds that a client has to answer a close. */
const CLOSING = 2_000;

const DONE: Answered = { replayed: false, result: {} as Answered["result"] };

/** One client of the stream: carries out what it sends, and ends it when it is idle, silent or too slow. */
export class Session {
  private readonly outbox: Outbox;
  private readonly subscriptions = new Map<string, Subscription>();
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
    this.outbox = new Outbox(socket, limits.buffered);
    this.heartbeat = setInterval(() => this.beat(), limits.heartbeat);
    socket.on("message", (data, isBinary) => this.take(data, isBinary));
    socket.on("pong", () => (this.isAlive = true));
    socket.once("close", () => {
      clearInterval(this.heartbeat);
      this.endSubscriptions();
    });
  }

  /** Takes no more calls, answers those under way, says that the service stops, and resolves when the client is gone. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.endSubscriptions();
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
      const content = contentOf(data, isBinary);
      id = idOf(content);
      const message = parsed(content);
      const { replayed, result } = await this.carryOut(message);
      const encoded = z.encode(streamResults[message.type], result);
      this.outbox.send({ type: "result", id: message.id, replayed, result: encoded });
      if (message.type === "subscribe") this.begin(message.id);
    } catch (error) {
      this.refuse(id, error);
    }
    await this.outbox.room();
  }

  private async carryOut(message: ClientMessage): Promise<Answered> {
    if (this.stopping) fail("stopped");
    switch (message.type) {
      case "authenticate":
        await this.authenticate(`Bearer ${message.token}`);
        return DONE;
      case "subscribe":
        await this.subscribe(message);
        return DONE;
      case "ping":
        return DONE;
      case "unsubscribe":
        this.unsubscribe(message.subscription);
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

  private async subscribe(message: Subscribe): Promise<void> {
    const { id } = message;
    const { subscriptions: limit } = this.parts.limits;
    if (this.subscriptions.has(id)) fail("subscription_exists", { id });
    if (this.subscriptions.size >= limit) fail("too_many_subscriptions", { limit });
    const subscription = this.subscriptionTo(message);
    this.subscriptions.set(id, subscription);
    try {
      await subscription.open("after" in message ? message.after : undefined);
    } catch (error) {
      this.unsubscribe(id);
      throw error;
    }
  }

  private subscriptionTo(message: Subscribe): Subscription {
    const { id } = message;
    const { services } = this.parts;
    if (message.channel === "notes") {
      const { channelId } = message;
      return new NoteSubscription(id, readable(services, this.caller, channelId), channelId, this.outbox);
    }
    const { system, account, types } = message;
    requireAccess(this.caller, "events:read", { accounts: account && [account] });
    const filter = { ...(account && { account }), ...(types && { types }) };
    return new EventSubscription(id, services.ofSystem(system), filter, this.outbox);
  }

  /** A subscription that fails ends; the client hears of it, and keeps its connection. */
  private begin(id: string): void {
    const subscription = this.subscriptions.get(id);
    subscription?.start().catch((error: unknown) => {
      subscription.stop();
      if (this.subscriptions.get(id) !== subscription) return;
      this.subscriptions.delete(id);
      this.refuse(id, error);
    });
  }

  private unsubscribe(id: string): void {
    const subscription = this.subscriptions.get(id) ?? fail("unknown_subscription", { id });
    subscription.stop();
    this.subscriptions.delete(id);
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
    socket.ping();
    // Keys are revoked and users sign out.
    if (this.authorization === undefined) return;
    this.authenticate(this.authorization).catch((error: unknown) => {
      const isOver = error instanceof StarledgerError && !error.retryable;
      if (isOver) this.close(STREAM_CLOSED.unauthorized, "What you said of who you are holds no more");
    });
  }

  /** The client has some time to say that it has understood. */
  private close(code: number, reason: string): void {
    clearInterval(this.heartbeat);
    this.endSubscriptions();
    this.socket.resume();
    this.socket.close(code, reason);
    setTimeout(() => this.socket.terminate(), CLOSING).unref();
  }

  private endSubscriptions(): void {
    for (const subscription of this.subscriptions.values()) subscription.stop();
    this.subscriptions.clear();
  }
}

function contentOf(data: RawData, isBinary: boolean): unknown {
  try {
    // Browsers and servers alike hand over text as it came, in one piece.
    if (!isBinary) return JSON.parse((data as Buffer).toString());
  } catch {
    // As below.
  }
  return fail("invalid_request", { field: "message", reason: "not JSON as text" });
}

function idOf(content: unknown): string | null {
  const { id } = (content ?? {}) as { id?: unknown };
  return typeof id === "string" && id.length <= 64 ? id : null;
}

function parsed(content: unknown): ClientMessage {
  const { data, error } = clientMessage.safeParse(content);
  if (data !== undefined) return data;
  const { path, message } = error.issues[0]!;
  throw refusalOf(path.length === 0 ? "message" : path.join("/"), message);
}
