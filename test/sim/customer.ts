import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import type { Random } from "../../scripts/torture/random";
import {
  addressOf,
  keccakText,
  sign,
  type Address,
  type ChannelKey,
  type Hash,
  type Hex,
  type Signature,
  type SignedInvoice,
} from "../../src/protocol";
import { FileStore, Wallet, type HeldNote, type SignedState, type StoreRecord, type WalletRecord } from "../../src/sdk";
import { ChainNode } from "../../src/sdk/chain/chainNode";
import { DisputeHub } from "../../src/sdk/chain/disputes";
import { registrarOf } from "../../src/sdk/chain/registrar";
import { localSigner, type Signer, type Transaction } from "../../src/sdk/signers";
import { Payments } from "../../src/sdk/client/payments";
import { unlessRefused } from "../../src/sdk/wallet/refusals";
import { Handovers } from "../../src/sdk/watchtower/handovers";
import { apiOver } from "./customerApi";
import { Files } from "./disk";
import { Life, type Doom } from "./life";
import type { Order } from "./orders";
import { failureOf } from "./outcome";
import { mortalFile } from "./mortalStore";
import { MARGIN, type Stage } from "./stage";
import { walletNode } from "./chain/nodes";
import { Kept } from "./loss/holding";
import { Past } from "./hostile/past";
import type { Treason } from "./hostile/treason";
import type { System } from "./system";
import { towerApiOver } from "./towerApi";
import { Unanswered } from "./unanswered";
import { SHARE, type Watchtower } from "./watchtower";

/** A user who keeps the key: a wallet on its file, as a process that dies and is started again. */
export class Customer {
  readonly key: Hex;
  readonly address: Address;
  life!: Life;
  wallet!: Wallet;
  hub!: DisputeHub;
  private store!: FileStore;
  /** What it does at the moment. */
  doing = 0;
  /** Invoices whose preimage it gives only when told to. */
  readonly held: Hash[] = [];
  /** The last version that it was told is complete. */
  private acknowledged = 0n;
  /** Being carried out in this life. */
  private readonly underWay = new Set<Order>();
  private lives = 0;
  private payments = new Payments();
  private handovers: Handovers | undefined;
  private readonly durable = new Set<string>();
  private unanswered = new Unanswered();
  /** What its file holds. */
  kept = new Kept();
  readonly past = new Past();
  /** It has left, and takes part no more. */
  isGone = false;
  /** Nobody starts it again before its time. */
  isAway = false;
  /** Set once the system has turned against it. */
  treason: Treason | undefined;
  /** What it has sent last. */
  lastSent: SignedState | undefined;

  constructor(
    private readonly stage: Stage,
    readonly system: System,
    readonly name: string,
    readonly token: Address,
    private readonly skew: bigint,
    /** Whether it signs and closes with whatever it likes. */
    readonly isHostile: boolean,
    /** Whom it hands over to, if it does. */
    readonly tower: Watchtower | undefined,
  ) {
    this.key = keccakText(name);
    this.address = addressOf(this.key);
  }

  /** Both it and the system are honest. */
  private get isTrusting(): boolean {
    return this.treason === undefined && !this.isHostile;
  }

  get isAlive(): boolean {
    return !this.life.isOver;
  }

  async start(): Promise<void> {
    const { stage, system, key } = this;
    const files = [this.lives, this.lives + 1].map((life) => this.file(life));
    const store = await stage.outside.wait(() => FileStore.open(files[0]!));
    const life = new Life(this.name, new Files([files[0]!], [files[1]!]), stage.outside, (how) => {
      stage.say(`${this.name} dies ${how}`);
      stage.count(`wallet dies ${how}`);
      this.lives += 1;
      this.doing = 0;
      this.underWay.clear();
      void store.close();
    });
    this.life = life;
    this.store = store;
    this.hub = new DisputeHub(system.domain.hub, new ChainNode(walletNode(stage.evm, life)));
    this.wallet = await Wallet.restore({
      sign: (digest: Hash) => sign(digest, key),
      channel: this.channel,
      asset: system.terms.settings,
      domain: system.domain,
      signers: new Set([addressOf(system.terms.signerKey)]),
      registrar: registrarOf(system.deployed.registry, this.hub.node, this.account),
      api: apiOver(stage.network, system, life, {
        sending: (request) => this.sending(life, request),
        agreeing: (signature) => this.requireDurable(life, signature),
        asking: (name, request, ask) => (this.treason === undefined ? ask() : this.treason.answer(name, request, ask)),
      }),
      store: mortalFile(store, life, stage.outside, (record) => this.appended(record)),
      margin: MARGIN,
      now: () => stage.time + this.skew,
      randomHash: () => stage.randomHash(),
      isOriginal: true,
    });
    this.payments = new Payments();
    this.handovers = this.handoversIn(life);
    await this.look();
    this.unanswered = new Unanswered();
    this.kept = new Kept();
    for (const record of await this.records()) this.stored(record);
    this.requireKept();
    this.handsOver();
  }

  /** Goes on with its file as it once was, of which it kept everything. */
  async rewind(random: Random): Promise<void> {
    this.life.end("and goes back");
    const file = this.file(this.lives);
    const lines = readFileSync(file, "utf8").split("\n");
    writeFileSync(
      file,
      lines
        .slice(0, random.between(0, lines.length - 1))
        .map((line) => `${line}\n`)
        .join(""),
    );
    await this.start();
  }

  async stop(): Promise<void> {
    if (this.isAlive) await this.store.close();
  }

  dooms(doom: Doom): void {
    this.life.dooms(doom);
  }

  /** What it holds signed must not be less than it was once told. */
  requireKept(): void {
    const { version } = this.wallet.state;
    if (version < this.acknowledged && !this.isHostile)
      this.stage.blame(`U2: ${this.name} forgot state ${this.acknowledged}`);
    this.acknowledged = version;
  }

  /** A note arrives, unless a hostile system withholds it. */
  hear(delivery: HeldNote): void {
    if (this.treason?.withholds() !== true) this.receive(delivery);
  }

  receive(delivery: HeldNote): void {
    this.does("receive", () => this.wallet.receive(delivery));
  }

  /** Does something that takes time, and tells the trace what came of it. */
  does(what: string, act: () => Promise<unknown>, orders: readonly Order[] = []): void {
    const { life, stage, name } = this;
    if (life.isOver) return;
    this.doing += 1;
    for (const order of orders) this.underWay.add(order);
    const end = (outcome: string, status?: Order["status"]): void => {
      if (life.isOver) return;
      this.doing -= 1;
      this.handsOver();
      for (const order of orders) this.underWay.delete(order);
      stage.say(`${name}: ${what}: ${outcome}`);
      if (status !== undefined) for (const order of orders) if (order.status !== "done") order.status = status;
    };
    const looked = async (): Promise<unknown> => {
      await this.look();
      return await act();
    };
    looked().then(
      () => end("done", "done"),
      (error: unknown) => {
        const { name: outcome, isRefused, fault } = failureOf(error, this.isTrusting);
        if (fault !== undefined && !life.isOver) stage.blame(`${name}: ${what}: ${fault}`);
        end(outcome, isRefused ? "refused" : undefined);
      },
    );
  }

  /** Pays, once however often it is asked for (as the client of the SDK does). */
  pay(asked: readonly Order[]): void {
    const wanted = asked.filter((order) => !this.underWay.has(order));
    const orders = wanted.filter(({ via }) => via === undefined);
    for (const order of wanted) if (order.via !== undefined) this.payAcross(order);
    if (orders.length === 0 && wanted.length > 0) return;
    this.does(
      "pay",
      async () => {
        await this.wallet.resume().catch(unlessRefused);
        const left = orders.filter(({ reference }) => this.wallet.paymentOf(reference) === undefined);
        const payments = left.map(({ to, amount, reference }) => ({ to, amount, reference }));
        if (payments.length > 0) await this.wallet.payMany(payments);
      },
      orders,
    );
  }

  /** The same of an account of the other system, as the client of the SDK does it: done when it is known to have arrived. */
  private payAcross(order: Order): void {
    const { payments, wallet, token } = this;
    const { to, amount, reference } = order;
    this.does("pay to the other system", () => payments.pay(wallet, { to, token, amount, reference }), [order]);
  }

  payInvoice(signed: SignedInvoice, order: Order): void {
    this.does("pay an invoice", () => this.wallet.payInvoice(signed, order.fee), [order]);
  }

  /** As a client does that is started: asks what the service has of it, and hears so that it has lost data. */
  catchUp(): void {
    this.does("catch up", () => this.wallet.catchUp());
  }

  /** Whether it knows of a loss of data, and waits to begin anew. */
  get isWaiting(): boolean {
    return this.wallet.isLost;
  }

  /** Whether its watchtower has all that it has. */
  get isHandedOver(): boolean {
    return this.handovers?.status(this.wallet.id).isCurrent ?? true;
  }

  get channel(): ChannelKey {
    return { system: this.system.address, user: this.address, token: this.token, epoch: 0n };
  }

  /** Pays for its own transactions. */
  get account(): Signer {
    return localSigner(this.key);
  }

  /** Sends a transaction of its own. */
  async sends(transaction: Transaction): Promise<Hash> {
    return await this.account.send(transaction, this.hub.node);
  }

  /** All that its disk holds. */
  async records(): Promise<readonly StoreRecord[]> {
    return await this.stage.outside.wait(() => this.store.all());
  }

  withdraw(amount: bigint, deadline: bigint): Promise<unknown> {
    const { address: recipient, stage, skew } = this;
    return this.wallet.withdraw({ amount, recipient, deadline, now: stage.time + skew });
  }

  /** Takes in what its node says of the final chain. */
  async look(): Promise<void> {
    const { hub, channel, wallet } = this;
    const { number, time } = await hub.node.block("finalized");
    const { id, closing, funds } = await hub.channel(channel, number);
    if (!closing && id === wallet.id) wallet.updateFunds(funds, time);
    const latest = await hub.channel(channel);
    if (!wallet.isFrozen && (latest.closing || latest.id !== wallet.id)) await wallet.freeze();
  }

  /** Offers its watchtower what is new, as the SDK does after everything that changes a channel. */
  private handsOver(): void {
    this.handovers?.offer(this.wallet.papers);
  }

  private handoversIn(life: Life): Handovers | undefined {
    const { tower, stage, system, address, account, skew, name } = this;
    if (tower === undefined) return undefined;
    return new Handovers({
      ...{ api: towerApiOver(stage.network, tower, life, address, system.domain), domain: system.domain, account },
      ...{ maxShareBps: SHARE, now: () => stage.time + skew },
      onError: ({ code }) => stage.say(`${name}: hands over: ${code}`),
    });
  }

  /** U2: what is signed is on the wallet's disk before it is sent. */
  private sending(life: Life, request: SignedState): void {
    this.lastSent = request;
    if (!life.isOver && this.isTrusting && !this.unanswered.allows(request)) {
      this.stage.blame(`U1: ${this.name} signs another state before the last is answered`);
    }
    this.requireDurable(life, request.signature);
  }

  private requireDurable(life: Life, signature: Signature): void {
    if (life.isOver || this.durable.has(signature)) return;
    this.stage.blame(`U2: ${this.name} sends a state before it is on disk`);
  }

  private appended(record: WalletRecord): void {
    this.stored(record);
    if (record.type === "completed") this.acknowledged = record.completed.state.version;
  }

  private stored(record: StoreRecord): void {
    this.past.remember(record);
    this.kept.remember(record);
    this.unanswered.remember(record);
    if (record.type === "proposed") this.durable.add(record.proposal.signature);
    if (record.type === "routed" && this.treason?.isForgedRoute(record.routed.route) === true) {
      this.stage.blame(`U5: ${this.name} believes a way that leads elsewhere`);
    }
    if (record.type !== "received" || this.treason?.isForged(record.held) !== true) return;
    this.stage.blame(`U5: ${this.name} believes a forged note`);
  }

  private file(life: number): string {
    return path.join(this.stage.folder, `${this.name}-${life}.jsonl`);
  }
}
