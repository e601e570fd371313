import { createHash } from "node:crypto";

import limitConcurrency from "p-limit";

import type { EventType, LedgerEvent } from "../../engine";
import { fail } from "../../errors";
import { toHash, toHex, type Address, type Hex } from "../../protocol";
import type { Delivery, Store, Webhook } from "../../store";
import type { EventLog } from "../eventLog";
import type { Keystore } from "../keystore";
import { Deliverer } from "./deliverer";
import { Messenger } from "./messenger";
import { RETRY_POLICY, type RetryPolicy } from "./policy";
import { WebhookSecrets } from "./secrets";
import { Sender } from "./sender";

/** Attempts under way at once, over all endpoints. */
const CONCURRENCY = 64;
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

/** What an endpoint is asked to be. */
export interface WebhookTerms {
  readonly url: string;
  readonly description: string;
  readonly types: readonly EventType[] | null;
  readonly account: Address | null;
}

/** An endpoint with the secret that its receiver checks deliveries by. */
export interface WithSecret {
  readonly webhook: Webhook;
  readonly secret: string;
  /** It was asked for under this idempotency key before. */
  readonly replayed: boolean;
}

interface Served {
  readonly log: EventLog;
  readonly unsubscribe: () => void;
}

/** The endpoints of the systems that this process leads: what customers change about them, and who delivers to them. */
export class Webhooks {
  private readonly sender: Sender;
  private readonly secrets: WebhookSecrets;
  private readonly messenger: Messenger;
  private readonly policy: RetryPolicy;
  private readonly slots = limitConcurrency(CONCURRENCY);
  private readonly served = new Map<Address, Served>();
  private readonly deliverers = new Map<string, { readonly system: Address; readonly deliverer: Deliverer }>();

  constructor(private readonly options: WebhookOptions) {
    const { keystore, bodyOf, isAnyTarget, policy = RETRY_POLICY } = options;
    this.policy = policy;
    this.sender = new Sender(isAnyTarget);
    this.secrets = new WebhookSecrets(keystore);
    this.messenger = new Messenger({ sender: this.sender, secrets: this.secrets, bodyOf, timeout: policy.timeout });
  }

  /** Delivers what happens in a system that this process leads, from where each endpoint stands. */
  async serve(system: Address, log: EventLog): Promise<void> {
    const unsubscribe = log.onEvents((events) => {
      for (const one of this.deliverers.values()) if (one.system === system) one.deliverer.hear(events);
    });
    this.served.set(system, { log, unsubscribe });
    for (const webhook of await this.options.store.of(system)) this.deliver(webhook);
  }

  /** Delivers no more for a system: another process leads it, or this one stops. */
  async leave(system: Address, grace = 0): Promise<void> {
    this.served.get(system)?.unsubscribe();
    this.served.delete(system);
    const left = [...this.deliverers].filter(([, one]) => one.system === system);
    await Promise.all(left.map(([id]) => this.halt(id, grace)));
  }

  /** Lets attempts under way end, and notes what came of them. */
  async stop(): Promise<void> {
    await Promise.all([...this.served.keys()].map((system) => this.leave(system, GRACE)));
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

  /** Newest first. */
  deliveries(id: string, page: { readonly before: string | null; readonly limit: number }): Promise<Delivery[]> {
    return this.options.store.deliveries(id, page);
  }

  /**
   * Adds an endpoint, which is told of what comes after the event `after`. Under the same key of the same owner it is added
   * once.
   * @throws invalid_request, too_many_webhooks, idempotency_conflict
   */
  async create(
    request: WebhookTerms & { readonly system: Address; readonly after: bigint },
    owner: string,
    key: string,
  ): Promise<WithSecret> {
    const { system, after, ...terms } = request;
    const id = `wh_${sha256(`${owner}:${key}`).slice(2, 34)}`;
    const fingerprint = toHash(sha256(JSON.stringify({ system, ...terms })));
    this.requireTarget(terms.url);
    const before = await this.options.store.get(id);
    if (before === undefined && (await this.of(system)).length >= ENDPOINTS) {
      fail("too_many_webhooks", { limit: ENDPOINTS });
    }
    const progress = { position: after, failures: 0, failingSince: 0, nextAttempt: 0 };
    const fresh: Webhook = {
      ...{ id, system, owner, request: fingerprint, ...terms, status: "enabled", created: Date.now() },
      ...{ secret: this.secrets.create(id), rotation: key, formerSecret: null, formerUntil: 0 },
      ...{ generation: 0n, progress },
    };
    const replayed = !(await this.options.store.add(fresh));
    const webhook = replayed ? await this.get(id) : fresh;
    if (webhook.request !== fingerprint) fail("idempotency_conflict", { key });
    if (!replayed) this.deliver(webhook);
    return { webhook, secret: this.secrets.textOf(webhook), replayed };
  }

  /**
   * Changes an endpoint; enabled again, it goes on where it stood.
   * @throws unknown_webhook, invalid_request
   */
  change(id: string, changes: Partial<WebhookTerms & { readonly status: "enabled" | "disabled" }>): Promise<Webhook> {
    if (changes.url !== undefined) this.requireTarget(changes.url);
    return this.edit(id, (webhook) => ({ ...webhook, ...changes, progress: anew(webhook.progress.position, webhook) }));
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
   * Delivers again everything after the event `after`.
   * @throws unknown_webhook
   */
  redeliverAfter(id: string, after: bigint): Promise<Webhook> {
    return this.edit(id, (webhook) => ({ ...webhook, progress: anew(after, webhook) }));
  }

  /**
   * Delivers one event once more, at once, beside all others, to an endpoint that need not be enabled.
   * @throws unknown_webhook, unknown_event, unknown_system
   */
  async redeliver(id: string, number: bigint): Promise<Delivery> {
    const webhook = await this.get(id);
    const { system } = webhook;
    const { log } = this.served.get(system) ?? fail("unknown_system", { system });
    const [event] = number === 0n ? [] : await log.events({ after: number - 1n, limit: 1 });
    if (event?.number !== number) return fail("unknown_event", { event: number });
    const delivery = await this.slots(() => this.messenger.attempt(webhook, event));
    await this.options.store.record([delivery]);
    return delivery;
  }

  /** @throws unknown_webhook */
  async remove(id: string): Promise<void> {
    await this.get(id);
    await this.halt(id);
    await this.options.store.remove(id);
  }

  /** Changes what nobody else has changed meanwhile, and delivers accordingly. */
  private async edit(id: string, changed: (webhook: Webhook) => Webhook): Promise<Webhook> {
    for (;;) {
      // What is delivered so far is noted before it is read.
      await this.halt(id, GRACE);
      const current = await this.get(id);
      const webhook = { ...changed(current), generation: current.generation + 1n };
      if (!(await this.options.store.change(webhook))) continue;
      this.deliver(webhook);
      return webhook;
    }
  }

  private deliver(webhook: Webhook): void {
    const { id, system, status } = webhook;
    const log = this.served.get(system)?.log;
    if (log === undefined || status !== "enabled" || this.deliverers.has(id)) return;
    const { store, onFailed = () => undefined } = this.options;
    const { policy, slots, messenger } = this;
    const deliverer = new Deliverer(webhook, { log, store, policy, slots, messenger, onFailed });
    this.deliverers.set(id, { system, deliverer });
  }

  private async halt(id: string, grace = 0): Promise<void> {
    const found = this.deliverers.get(id);
    this.deliverers.delete(id);
    await found?.deliverer.stop(grace);
  }

  private requireTarget(url: string): void {
    const objection = this.sender.objection(url);
    if (objection !== undefined) fail("invalid_request", { field: "body/url", reason: objection });
  }
}

/** As if nothing had failed yet. */
function anew(position: bigint, { progress }: Webhook): Webhook["progress"] {
  return { ...progress, position, failures: 0, failingSince: 0, nextAttempt: 0 };
}

function sha256(text: string): Hex {
  return toHex(createHash("sha256").update(text).digest());
}
