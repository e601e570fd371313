import path from "node:path";

import { ZERO_HASH, type Address, type Hash } from "../../src/protocol";
import { FileStore, Wallet, type ServiceApi } from "../../src/sdk";
import { Caretaker, Services, type AccountService } from "../../src/service";
import { Crossing, Forwarder, openRouter, routerOf } from "../../src/service/crossing";
import type { LeaseOptions, Store } from "../../src/store";
import { afterTest } from "./afterTest";
import { databaseOf, openTestStore } from "./databases";
import { apiAs } from "./http";
import {
  issue,
  KEYSTORE,
  NOW,
  person,
  POINTS,
  pointsOf,
  startService,
  temporaryFolder,
  walletOptions,
} from "./service";
import { systemsOf, TERMS } from "./systems";

/** What looks after one system. */
const PARTS = 3;

const [SOURCE, TARGET] = systemsOf(2) as [ReturnType<typeof systemsOf>[0], ReturnType<typeof systemsOf>[0]];

/** Two systems on one store and who looks after them: alice is at the first, bob at the second. */
export class TwoSystems {
  readonly alice = person("alice").address;
  readonly bob = person("bob").address;
  source!: AccountService;
  target!: AccountService;
  /** Unix seconds, for both. */
  time = NOW;
  private running: (() => Promise<void>)[] = [];

  private constructor(
    readonly store: Store,
    /** Of the database. */
    readonly url: string,
  ) {}

  /** Alice has 100 points; the router of bob's system, which pays him, has `reserve`. */
  static async open(context: Mocha.Context, reserve = 100n): Promise<TwoSystems> {
    const url = await databaseOf(context).fresh(context);
    const both = new TwoSystems(await openTestStore(context, url), url);
    afterTest(context, () => both.stop());
    await both.start();
    const asset = { ...TERMS, token: POINTS };
    for (const [service, name] of [
      [both.source, "alice"],
      [both.target, "bob"],
    ] as const) {
      await service.submit({ type: "addAsset", asset: { ...asset, system: service.identity.system } });
      await service.submit({ type: "openHostedAccount", privateKey: person(name).key, tokens: [POINTS] });
      await openRouter(service, KEYSTORE, POINTS);
    }
    await issue(both.source, both.alice, 100n);
    if (reserve > 0n) await issue(both.target, both.routerOf(both.target), reserve);
    return both;
  }

  /**
   * Somebody who keeps the key, with 100 points, at alice's system unless said otherwise: the wallet reaches the API at `url`.
   * @param change what of the API is other than it should be
   */
  async openWallet(
    context: Mocha.Context,
    url: string,
    name: string,
    change: Partial<ServiceApi> = {},
    at: "source" | "target" = "source",
  ) {
    const { key, address } = person(name);
    const system = at === "source" ? SOURCE : TARGET;
    await this[at].submit({ type: "openAccount", address, tokens: [POINTS] });
    await issue(this[at], address, 100n);
    const file = path.join(temporaryFolder(context), "wallet.jsonl");
    const restored = async () => {
      const store = await FileStore.open(file);
      afterTest(context, () => store.close());
      const options = walletOptions(key, store, { ...apiAs(url, name), ...change });
      const channel = { ...options.channel, system: system.address };
      return await Wallet.restore({ ...options, channel, signers: new Set([system.signer.address]) });
    };
    const wallet = await restored();
    await wallet.sync();
    return { wallet, address, restored };
  }

  get services(): Services {
    return new Services([this.source, this.target]);
  }

  routerOf(service: AccountService): Address {
    return routerOf(KEYSTORE, service.identity.system);
  }

  /** What alice, the routers of her system and of bob's, and bob have. */
  get held(): bigint[] {
    const { source, target, alice, bob } = this;
    return [
      ...[pointsOf(source, alice), pointsOf(source, this.routerOf(source))],
      ...[pointsOf(target, this.routerOf(target)), pointsOf(target, bob)],
    ];
  }

  /** Starts both again, as after a crash. */
  async start(store: Store = this.store): Promise<void> {
    await this.startSource(store);
    this.target = await startService(store, { system: TARGET.address, signer: TARGET.signer, now: () => this.time });
    this.attend(this.target, store);
  }

  async startSource(store: Store = this.store): Promise<void> {
    this.source = await this.leadSource({}, store);
    this.attend(this.source, store);
  }

  /** Leads the source, which nobody looks after. */
  leadSource(lease: LeaseOptions, store: Store = this.store): Promise<AccountService> {
    return startService(store, { system: SOURCE.address, signer: SOURCE.signer, now: () => this.time, lease });
  }

  /** Nobody leads it any more. */
  async stopSource(): Promise<void> {
    for (const end of this.running.splice(0, PARTS)) await end();
  }

  attend(service: AccountService, store: Store = this.store): void {
    const caretaker = new Caretaker(service, 10);
    const parts = { service, store, keystore: KEYSTORE, interval: 5, onTrouble: () => undefined };
    const forwarder = new Forwarder(parts);
    this.running.push(
      () => forwarder.stop(),
      () => caretaker.stop(),
      () => service.stop(),
    );
  }

  async stop(): Promise<void> {
    for (const end of this.running.splice(0)) await end();
  }

  /** As the API does for a call with this key: alice pays bob. */
  async transfer(amount: bigint, request: string, store: Store = this.store): Promise<void> {
    const crossing = new Crossing({ services: this.services, store, keystore: KEYSTORE });
    const hash = await this.lock(amount, request, store);
    await crossing.sendOff({ hash });
    await crossing.requirePaid({ hash });
  }

  /** As far as the payer's lock. */
  async lock(amount: bigint, request: string, store: Store = this.store): Promise<Hash> {
    const { source, services, alice: from, bob: to } = this;
    const crossing = new Crossing({ services, store, keystore: KEYSTORE });
    const order = { from, to, token: POINTS, amount, reference: ZERO_HASH };
    const begun = await crossing.begin(crossing.transfer(source, TARGET.address, order, request));
    await source.submit(await crossing.lockFor(source, begun), request);
    return begun.hash;
  }

  /** Waits until every refund here is one at the payer's system too. */
  async refunded(): Promise<void> {
    const count = async (service: AccountService) =>
      (await service.events({ types: ["money.refunded"], limit: 1_000 })).length;
    while ((await count(this.target)) > (await count(this.source))) await new Promise(setImmediate);
    // What the store has, the ledger in memory has between two commits.
    await this.source.snapshot(POINTS);
  }

  /** Waits until nothing is on its way, or the process that does it is dead. */
  async settled(process?: { readonly hasDied: boolean }): Promise<void> {
    const { store, source, target } = this;
    while (process?.hasDied !== true) {
      // What the payee's system has done with is the payer's to go on with.
      const systems = [target, source].map(({ identity }) => identity.system);
      const open: unknown[] = [];
      for (const system of systems) {
        open.push(...(await store.forwards.open(system)), ...(await store.returns.open(system)));
      }
      const locks = [source, target].flatMap((service) => [...service.openHtlcs()]);
      if (open.length + locks.length === 0) return;
      await new Promise(setImmediate);
    }
  }
}
