import { Repeating } from "../../chain/repeating";
import type { Channel, Htlc } from "../../engine";
import { fail, StarledgerError, type ErrorCode } from "../../errors";
import type { Address, Hash } from "../../protocol";
import type { Forward, Store } from "../../store";
import type { AccountService } from "../accountService";
import type { Keystore } from "../keystore";
import { preimageOf } from "./crossing";
import { Returner } from "./returner";
import { openRouter, payingLock, routerOf } from "./router";

/** Milliseconds. */
const [EVERY, SWEEP_EVERY] = [50, 30_000];
/** Milliseconds until a payment that failed is tried again: twice as many each time, up to the most. */
const [FIRST_PAUSE, LONGEST_PAUSE] = [100, 30_000];
/** What says nothing of the payment itself: it is tried again. */
const PASSING = new Set<ErrorCode>(["outcome_unknown", "internal", "store_corrupt", "stopped"]);

export interface ForwarderOptions {
  readonly service: AccountService;
  readonly store: Store;
  readonly keystore: Keystore;
  /** Milliseconds between two looks. */
  readonly interval?: number;
  readonly onTrouble: (error: StarledgerError) => void;
}

/**
 * Brings payments between systems on, as far as the system that it leads is concerned (section 8). Each step is taken when
 * the ledger holds the one before, and may be taken again: whoever leads after a crash goes on where it was.
 */
export class Forwarder {
  private readonly repeating: Repeating;
  private readonly returner: Returner;
  private sweptAt = -Infinity;
  private readonly paused = new Map<string, { readonly pause: number; readonly until: number }>();

  constructor(private readonly options: ForwarderOptions) {
    this.returner = new Returner(options);
    this.repeating = new Repeating(() => this.look(), options.interval ?? EVERY, options.onTrouble);
  }

  async stop(): Promise<void> {
    await this.repeating.stop();
    this.returner.stop();
  }

  private async look(): Promise<void> {
    const { service, store, keystore } = this.options;
    const { system } = service.identity;
    if (performance.now() - this.sweptAt >= SWEEP_EVERY) {
      for (const { token } of service.assets()) await openRouter(service, keystore, token);
      for (const forward of await store.forwards.begun(system, service.time)) await this.recall(forward);
      this.sweptAt = performance.now();
    }
    for (const forward of await store.forwards.open(system)) {
      const { hash, target } = forward;
      await this.attempt(hash, () => (target === system ? this.deliver(forward) : this.collect(forward)));
    }
    await this.returner.note();
    for (const due of await this.returner.open()) {
      await this.attempt(`refund ${due.hash}`, () => this.returner.giveBack(due));
    }
  }

  /** What fails is tried again later, and holds up nothing else. */
  private async attempt(name: string, act: () => Promise<void>): Promise<void> {
    const { pause = FIRST_PAUSE / 2, until = 0 } = this.paused.get(name) ?? {};
    if (performance.now() < until) return;
    try {
      await act();
      this.paused.delete(name);
    } catch (error) {
      if (!(error instanceof StarledgerError)) throw error;
      const next = Math.min(2 * pause, LONGEST_PAUSE);
      this.paused.set(name, { pause: next, until: performance.now() + next });
      this.options.onTrouble(error);
    }
  }

  /** The payer has locked, and the process died before it could say so. */
  private async recall(forward: Forward): Promise<void> {
    const { service, store, keystore } = this.options;
    if (payingLock(service, keystore, forward) !== undefined) await store.forwards.lock(forward.hash);
  }

  /** At the payee's system: promises the money, and sees what becomes of it. */
  private async deliver(forward: Forward): Promise<void> {
    const { service, store, keystore } = this.options;
    const { forwards } = store;
    const { hash, isDirect, request, token } = forward;
    const router = await openRouter(service, keystore, token);
    // Only the payee can go on.
    if (!isDirect && forward.version !== null && this.isWaiting(router, hash)) return;
    const version = forward.version ?? (await this.promise(forward, router));
    if (version === null) return;
    const { htlc } = await service.payments.begunBy(router.id, version, hash);
    if (htlc.status === "settled") return await forwards.settle(hash, await this.preimage(hash));
    if (htlc.status === "failed" && htlc.over)
      return await forwards.fail(hash, textOf(new StarledgerError("returned")));
    if (htlc.status !== "pending" || !isDirect) return;
    await service.submit({ type: "reveal", preimage: preimageOf(keystore, request) });
    await forwards.settle(hash, await this.preimage(hash));
  }

  private isWaiting({ id }: Channel, hash: Hash): boolean {
    return this.options.service.htlcsUnder(hash).some(({ payer, status }) => payer === id && status === "pending");
  }

  /** The version of the router's state that locked; null if nothing is to be locked. */
  private async promise(forward: Forward, router: Channel): Promise<bigint | null> {
    const { service, store } = this.options;
    const { forwards } = store;
    const { hash } = forward;
    const { term } = service.status;
    if (!(await forwards.claim(hash, term))) return null;
    try {
      const version = (await this.before(router, hash))?.version ?? (await this.lock(forward, router));
      await forwards.promise(hash, version);
      return version;
    } catch (error) {
      if (!(error instanceof StarledgerError) || error.retryable || PASSING.has(error.code)) throw error;
      await forwards.refuse(hash, textOf(error), term);
      return null;
    }
  }

  /** What was locked before this process knew of it. */
  private async before(router: Channel, hash: Hash): Promise<Htlc | undefined> {
    const { service, store } = this.options;
    const open = service.htlcsUnder(hash).find(({ payer }) => payer === router.id);
    // Only where the preimage is known can it be over already.
    return open ?? (service.preimage(hash) && (await store.payments.htlcsFor(router.id, hash))[0]);
  }

  /** A margin less long than what comes from the payer's system, so that there is time to claim that. */
  private async lock(forward: Forward, { key }: Channel): Promise<bigint> {
    const { service } = this.options;
    const { payee: to, token, amount, hash, reference, arrives } = forward;
    const expiry = arrives - service.margin;
    const order = { from: key.user, to, token, amount, hash, expiry, reference, maxFee: 0n };
    const { version } = await service.submit({ type: "lockHosted", ...order }).catch((error: unknown) => {
      const isPoor = error instanceof StarledgerError && error.code === "insufficient_balance";
      throw isPoor ? new StarledgerError("route_exhausted", { system: forward.target, token }) : error;
    });
    return version ?? fail("store_corrupt", { hash });
  }

  /** At the payer's system: claims the money when the payee is paid, or gives it up when it never will be. */
  private async collect(forward: Forward): Promise<void> {
    const { service, store } = this.options;
    const { hash, preimage } = forward;
    const { term } = service.status;
    if (preimage !== null) {
      // The last chance was to register it in time: it is told of once, and nothing is left to be done.
      await service.submit({ type: "reveal", preimage }).catch((error: unknown) => {
        if (!(error instanceof StarledgerError) || error.code !== "unknown_lock") throw error;
        this.options.onTrouble(error);
      });
    } else await this.giveUp(forward);
    await store.forwards.end(hash, term);
  }

  /** Nobody was paid: the payer has its money again, also what the router got by a preimage that the chain has shown meanwhile. */
  private async giveUp({ hash, token, amount, payer }: Forward): Promise<void> {
    const { service, keystore } = this.options;
    const router = routerOf(keystore, service.identity.system);
    const to = service.channelOf(router, token)?.id;
    const isPromised = service.htlcsUnder(hash).some(({ payee, status }) => payee === to && status === "pending");
    if (isPromised) await service.submit({ type: "releaseHosted", from: router, token, hash });
    else if (await this.hasKept(router, hash, payer))
      await service.submit({ type: "refund", payment: hash, payee: router, amount, reference: hash });
  }

  /** Whether the router was paid under a hash, by this payer alone, and has not given it back. */
  private async hasKept(router: Address, hash: Hash, payer: Address): Promise<boolean> {
    const { service, store } = this.options;
    const paid = await store.refunds.of(service.identity.system, [hash]);
    const [kept, ...others] = paid.filter(({ payee }) => payee === router);
    return kept?.payer === payer && others.length === 0 && kept.refunded === 0n;
  }

  private async preimage(hash: Hash): Promise<Hash> {
    const { service, store } = this.options;
    const known = await store.payments.preimage(service.identity.system, hash);
    return known?.preimage ?? fail("store_corrupt", { hash });
  }
}

function textOf({ code, details }: StarledgerError): string {
  return JSON.stringify({ code, details });
}
