import { fail } from "../../../errors";
import type { ClientMessage } from "../../../wire";
import type { AccountService } from "../../accountService";
import type { Services } from "../../services";
import { requireAccess, type Caller } from "../auth";
import { readable } from "./calls";
import { EventSubscription } from "./eventSubscription";
import { NoteSubscription } from "./noteSubscription";
import type { Outbox } from "./outbox";

type Subscribe = Extract<ClientMessage, { type: "subscribe" }>;

interface Subscription {
  /** Finds out where it begins. */
  open(after: bigint | undefined): Promise<{ readonly after?: bigint }>;
  /** Tells, once the client knows that it will. */
  start(): Promise<void>;
  stop(): void;
}

interface Begun {
  readonly result: { readonly after?: bigint };
  readonly begin: () => void;
}

interface Held extends Pick<Subscription, "stop"> {
  /** That tells of it; null where another process does. */
  readonly service: AccountService | null;
}

/** What one client is told of, by the ids that it gave. */
export class Subscriptions {
  private readonly held = new Map<string, Held>();

  /** @param onFailed told of each that ended by itself */
  constructor(
    private readonly services: Services,
    private readonly outbox: Outbox,
    private readonly limit: number,
    private readonly onFailed: (id: string, error: unknown) => void,
  ) {}

  get size(): number {
    return this.held.size;
  }

  /**
   * @returns where it begins, and what begins to tell, to be called once the client knows
   * @throws subscription_exists, too_many_subscriptions, unauthorized, forbidden, unknown_system, unknown_channel, out_of_range,
   * not_leader
   */
  async subscribe(message: Subscribe, caller: Caller | null): Promise<Begun> {
    const { id } = message;
    const { limit } = this;
    if (this.held.has(id)) fail("subscription_exists", { id });
    if (this.size >= limit) fail("too_many_subscriptions", { limit });
    const { service, subscription } = this.made(message, caller);
    const held = { service, stop: () => subscription.stop() };
    this.held.set(id, held);
    let result: Begun["result"];
    try {
      result = await subscription.open("after" in message ? message.after : undefined);
    } catch (error) {
      this.unsubscribe(id);
      throw error;
    }
    const begin = (): void => {
      // It may have ended meanwhile.
      if (this.held.get(id) !== held) return;
      subscription.start().catch((error: unknown) => {
        subscription.stop();
        if (this.held.get(id) !== held) return;
        this.held.delete(id);
        this.onFailed(id, error);
      });
    };
    return { result, begin };
  }

  /** Holds one that another process tells of. */
  hold(id: string, stop: () => void): void {
    this.held.set(id, { service: null, stop });
  }

  /** Holds it no more: it has ended. */
  forget(id: string): void {
    this.held.delete(id);
  }

  /** @throws unknown_subscription */
  unsubscribe(id: string): void {
    const held = this.held.get(id) ?? fail("unknown_subscription", { id });
    held.stop();
    this.held.delete(id);
  }

  /** The ids of those whose service is such a one. */
  where(isSuch: (service: AccountService) => boolean): string[] {
    return [...this.held].filter(([, { service }]) => service !== null && isSuch(service)).map(([id]) => id);
  }

  end(): void {
    for (const { stop } of this.held.values()) stop();
    this.held.clear();
  }

  private made(message: Subscribe, caller: Caller | null): { service: AccountService; subscription: Subscription } {
    const { services, outbox } = this;
    const { id } = message;
    if (message.channel === "notes") {
      const { channelId } = message;
      const service = readable(services, caller, channelId);
      return { service, subscription: new NoteSubscription(id, service, channelId, outbox) };
    }
    const { system, account, types } = message;
    requireAccess(caller, "events:read", { accounts: account && [account] });
    const filter = { ...(account && { account }), ...(types && { types }) };
    const service = services.ofSystem(system);
    return { service, subscription: new EventSubscription(id, service, filter, outbox) };
  }
}
