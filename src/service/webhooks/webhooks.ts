import { createHash } from "node:crypto";

import limitConcurrency from "p-limit";

import type { LedgerEvent } from "../../engine";
import { fail } from "../../errors";
import { toHash, toHex, type Address, type Hex } from "../../protocol";
import type { Delivery, DeliveryQuery, Store, Webhook } from "../../store";
import type { EventLog } from "../eventLog";
import type { Keystore } from "../keystore";
import type { Services } from "../services";
import { Dispatcher } from "./dispatcher";
import { Messenger } from "./messenger";
import { RETRY_POLICY, type RetryPolicy } from "./policy";
import { WebhookSecrets } from "./secrets";
import { Sender } from "./sender";
import type { Asked, WebhookChanges, WebhookTerms, WithSecret } from "./terms";

/** Attempts that are asked for under way at once, and milliseconds that each has. */
const ASKED = { most: 64, patience: 5_000 };
/** Endpoints of one system. */
const ENDPOINTS = 100;
/** Milliseconds that a former secret signs beside the new one. */
const OVERLAP = 24 * 3_600_000;
/** Milliseconds that attempts under way have left when an endpoint changes, or the service stops. */
const GRACE = 3_000;

/** What the webhooks of one process are made of. */
export interface WebhookOptions {
  readonly store: Store["webhooks"];
  readonly keystore: Keystore;
  /** The body of a delivery. */
  readonly bodyOf: (event: LedgerEvent) => string;
  /** Whether private addresses and plain HTTP will do. */
  readonly isAnyTarget: boolean;
  readonly policy?: RetryPolicy;
  /** Told of every endpoint that is given up. */
  readonly onFailed?: (webhook: Webhook) => void;
}

/** The endpoints of the systems that this process leads: what customers ask of them. */
export class Webhooks {
  private readonly sender: Sender;
  private readonly secrets: WebhookSecrets;
  private readonly messenger: Messenger;
  private readonly dispatcher: Dispatcher;
  private readonly slots = limitConcurrency(ASKED.most);
  private unwatch = (): void => undefined;

  constructor(private readonly options: WebhookOptions) {
    const { store, keystore, bodyOf, isAnyTarget, policy = RETRY_POLICY, onFailed = () => undefined } = options;
    this.sender = new Sender(isAnyTarget);
    this.secrets = new WebhookSecrets(keystore);
    this.messenger = new Messenger({ sender: this.sender, secrets: this.secrets, bodyOf, timeout: policy.timeout });
    this.dispatcher = new Dispatcher({ store, policy, messenger: this.messenger, onFailed });
  }

  /** Delivers of every system for as long as this process leads it; what is under way when it does no more is cut off. */
  watch(services: Services): void {
    this.unwatch = services.onEach((service) => {
      const { system } = service.identity;
      void this.serve(system, service);
      service.ended.addEventListener("abort", () => void this.leave(system, service));
    });
  }

  /** Delivers what happens in a system that this process leads, from where each endpoint stands. */
  serve(system: Address, log: EventLog): Promise<void> {
    return this.dispatcher.serve(system, log);
  }

  /** Delivers no more for a system, from now on: another process leads it. */
  leave(system: Address, log: EventLog): Promise<void> {
    return this.dispatcher.leave(system, log);
  }

  /** Lets attempts under way end, and notes what came of them. */
  async stop(): Promise<void> {
    this.unwatch();
    await this.dispatcher.stop(GRACE);
    this.sender.close();
  }

  /** @throws unknown_webhook */
  async get(id: string): Promise<Webhook> {
    return (await this.options.store.get(id)) ?? fail("unknown_webhook", { webhook: id });
  }

  /** Oldest first. */
  of(system: Address): Promise<Webhook[]> {
    return this.options.store.of(system);
  }

  deliveries(id: string, query: DeliveryQuery): Promise<Delivery[]> {
    return this.options.store.deliveries(id, query);
  }

  /**
   * Adds an endpoint, which is told of what comes after the event `after`; without one, of what comes from now on. Under the
   * same key of the same owner it is added once.
   * @throws invalid_request, out_of_range, too_many_webhooks, idempotency_conflict, not_leader
   */
  async create(
    request: WebhookTerms & { readonly system: Address; readonly after: bigint | null },
    owner: string,
    key: string,
  ): Promise<WithSecret> {
    const { system, after, ...terms } = request;
    const id = `wh_${sha256(`${owner}:${key}`).slice(2, 34)}`;
    const fingerprint = toHash(sha256(JSON.stringify({ ...request, after: after?.toString() ?? null })));
    this.requireTarget(terms.url);
    await this.dispatcher.begun(system);
    const position = await this.placeAfter(system, after);
    const before = await this.options.store.get(id);
    if (before === undefined && (await this.of(system)).length >= ENDPOINTS) {
      fail("too_many_webhooks", { limit: ENDPOINTS });
    }
    const progress = { position, failures: 0, failingSince: 0, nextAttempt: 0 };
    const fresh: Webhook = {
      ...{ id, system, owner, request: fingerprint, ...terms, status: "enabled", created: Date.now() },
      ...{ secret: this.secrets.create(id), rotation: key, formerSecret: null, formerUntil: 0 },
      ...{ generation: 0n, progress },
    };
    const replayed = !(await this.options.store.add(fresh));
    const webhook = replayed ? await this.get(id) : fresh;
    if (webhook.request !== fingerprint) fail("idempotency_conflict", { key });
    if (!replayed) this.dispatcher.deliver(webhook);
    return { webhook, secret: this.secrets.textOf(webhook), replayed };
  }

  /**
   * Changes an endpoint; enabled again, it goes on where it stood.
   * @throws unknown_webhook, invalid_request, out_of_range, not_leader
   */
  async change(id: string, { after, ...changes }: WebhookChanges): Promise<Webhook> {
    if (changes.url !== undefined) this.requireTarget(changes.url);
    const { system } = await this.get(id);
    const position = after === undefined ? undefined : await this.placeAfter(system, after);
    return await this.edit(id, (webhook) => ({
      ...webhook,
      url: changes.url ?? webhook.url,
      description: changes.description ?? webhook.description,
      types: changes.types === undefined ? webhook.types : changes.types,
      account: changes.account === undefined ? webhook.account : changes.account,
      status: changes.status ?? webhook.status,
      // As if nothing had failed yet.
      progress: { position: position ?? webhook.progress.position, failures: 0, failingSince: 0, nextAttempt: 0 },
    }));
  }

  /**
   * Makes a new secret; the old one signs beside it for a day. Under the same key it is made once.
   * @throws unknown_webhook
   */
  async rotate(id: string, key: string): Promise<WithSecret> {
    const secret = this.secrets.create(id);
    let replayed = false;
    const webhook = await this.edit(id, (current) => {
      replayed = current.rotation === key;
      if (replayed) return current;
      const former = { formerSecret: current.secret, formerUntil: Date.now() + OVERLAP };
      return { ...current, secret, rotation: key, ...former };
    });
    return { webhook, secret: this.secrets.textOf(webhook), replayed };
  }

  /**
   * Delivers one event once more, at once, beside all others, to an endpoint that need not be enabled; under the same key
   * once.
   * @param request the caller and its idempotency key
   * @throws unknown_webhook, unknown_event, idempotency_conflict, not_leader
   */
  async redeliver(id: string, number: bigint, request: string): Promise<Asked> {
    const webhook = await this.get(id);
    const log = this.dispatcher.logOf(webhook.system);
    const [event] = number === 0n ? [] : await log.events({ after: number - 1n, limit: 1 });
    if (event?.number !== number) return fail("unknown_event", { event: number });
    return await this.ask(webhook, number, request, (cut) => this.messenger.tell(webhook, event, cut));
  }

  /**
   * Sends a test, which tells of no event; under the same key once.
   * @throws unknown_webhook, idempotency_conflict
   */
  async ping(id: string, request: string): Promise<Asked> {
    const webhook = await this.get(id);
    return await this.ask(webhook, 0n, request, (cut) => this.messenger.ping(webhook, cut));
  }

  /** @throws unknown_webhook */
  async remove(id: string): Promise<void> {
    const { system } = await this.get(id);
    await this.dispatcher.begun(system);
    await this.dispatcher.halt(id, 0);
    await this.options.store.remove(id);
  }

  private async ask(
    { id }: Webhook,
    event: bigint,
    request: string,
    send: (cut: AbortSignal) => Promise<Delivery>,
  ): Promise<Asked> {
    const { store } = this.options;
    const before = await store.requested(id, request);
    if (before !== undefined && before.event !== event) fail("idempotency_conflict");
    if (before !== undefined) return { delivery: before, replayed: true };
    const delivery = { ...(await this.slots(() => send(AbortSignal.timeout(ASKED.patience)))), request };
    await store.record([delivery]);
    return { delivery, replayed: false };
  }

  /** Changes what nobody else has changed meanwhile, and delivers accordingly. */
  private async edit(id: string, changed: (webhook: Webhook) => Webhook): Promise<Webhook> {
    const { system } = await this.get(id);
    await this.dispatcher.begun(system);
    try {
      for (;;) {
        // What is delivered so far is noted before it is read.
        await this.dispatcher.halt(id, GRACE);
        const current = await this.get(id);
        const webhook = { ...changed(current), generation: current.generation + 1n };
        if (!(await this.options.store.change(webhook))) continue;
        this.dispatcher.deliver(webhook);
        return webhook;
      }
    } catch (error) {
      // Changed or not, it is delivered to again.
      void this.dispatcher.resume(system, id);
      throw error;
    }
  }

  /** @throws out_of_range if there is no such event yet */
  private async placeAfter(system: Address, after: bigint | null): Promise<bigint> {
    const [last] = await this.dispatcher.logOf(system).events({ order: "descending", limit: 1 });
    const newest = last?.number ?? 0n;
    if (after !== null && after > newest) fail("out_of_range", { field: "after", got: after, last: newest });
    return after ?? newest;
  }

  private requireTarget(url: string): void {
    const objection = this.sender.objection(url);
    if (objection !== undefined) fail("invalid_request", { field: "body/url", reason: objection });
  }
}

function sha256(text: string): Hex {
  return toHex(createHash("sha256").update(text).digest());
}
