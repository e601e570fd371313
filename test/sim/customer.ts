import path from "node:path";

import { StarledgerError } from "../../src/errors";
import {
  addressOf,
  keccakText,
  NO_FUNDS,
  sign,
  type Address,
  type Hash,
  type Hex,
  type SignedInvoice,
} from "../../src/protocol";
import { fromJson, toJson } from "../../src/protocol/json";
import {
  FileStore,
  Wallet,
  type HeldNote,
  type ServiceApi,
  type StoreRecord,
  type WalletRecord,
  type WalletStore,
} from "../../src/sdk";
import { cutWithin, Files } from "./disk";
import { Life, type Doom } from "./life";
import type { Order } from "./orders";
import { MARGIN, type Stage } from "./stage";
import { POINTS, type System } from "./system";

/** What an honest wallet is never told, and never says: each would mean that a rule was broken. */
const NEVER = new Set([
  ...["equivocation", "locks_mismatch", "wrong_signer", "invalid_signature", "stale_note", "wrong_preimage"],
  ...["journal_unbalanced", "store_corrupt", "internal", "state_mismatch", "unknown_note", "wrong_outcome"],
]);

/** An honest user who keeps the key: a wallet on its file, as a process that dies and is started again. */
export class Customer {
  readonly key: Hex;
  readonly address: Address;
  life!: Life;
  wallet!: Wallet;
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
  private readonly durable = new Set<string>();

  constructor(
    private readonly stage: Stage,
    private readonly system: System,
    readonly name: string,
    readonly token: Address,
    private readonly skew: bigint,
  ) {
    this.key = keccakText(name);
    this.address = addressOf(this.key);
  }

  get isAlive(): boolean {
    return !this.life.isOver;
  }

  async start(): Promise<void> {
    const { stage, system, token, address: user, key } = this;
    const files = [this.lives, this.lives + 1].map((life) => this.file(life));
    const store = await FileStore.open(files[0]!);
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
    this.wallet = await Wallet.restore({
      sign: (digest: Hash) => sign(digest, key),
      channel: { system: system.address, user, token, epoch: 0n },
      asset: POINTS,
      domain: system.domain,
      signers: new Set([addressOf(system.signerKey)]),
      api: this.apiOf(life),
      store: this.mortal(store, life),
      margin: MARGIN,
      now: () => stage.time + this.skew,
      randomHash: () => stage.randomHash(),
      isOriginal: true,
    });
    this.wallet.updateFunds(NO_FUNDS, stage.finalTime);
    for (const record of await store.all()) this.stored(record);
    this.requireKept();
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
    if (version < this.acknowledged) this.stage.blame(`U2: ${this.name} forgot state ${this.acknowledged}`);
    this.acknowledged = version;
  }

  /** A note arrives. */
  hear(delivery: HeldNote): void {
    this.does("receive", () => this.wallet.receive(delivery));
  }

  /** Does something that takes time, and tells the trace what came of it. */
  does(what: string, act: () => Promise<unknown>, orders: readonly Order[] = []): void {
    const { life, stage, name, wallet } = this;
    if (life.isOver) return;
    this.doing += 1;
    for (const order of orders) this.underWay.add(order);
    wallet.updateFunds(NO_FUNDS, stage.finalTime);
    const end = (outcome: string, status?: Order["status"]): void => {
      if (life.isOver) return;
      this.doing -= 1;
      for (const order of orders) this.underWay.delete(order);
      stage.say(`${name}: ${what}: ${outcome}`);
      if (status !== undefined) for (const order of orders) if (order.status !== "done") order.status = status;
    };
    act().then(
      () => end("done", "done"),
      (error: unknown) => {
        const isTyped = error instanceof StarledgerError;
        if (!isTyped) stage.blame(`${name}: ${what}: ${String((error as Error).stack)}`);
        else if (NEVER.has(error.code) && !life.isOver)
          stage.blame(`${name}: ${what}: ${error.code}: ${error.message}`);
        end(isTyped ? error.code : "failed", isTyped && !error.retryable ? "refused" : undefined);
      },
    );
  }

  /** Pays, once however often it is asked for (as the client of the SDK does). */
  pay(asked: readonly Order[]): void {
    const orders = asked.filter((order) => !this.underWay.has(order));
    this.does(
      "pay",
      async () => {
        await this.wallet.resume();
        const left = orders.filter(({ reference }) => this.wallet.paymentOf(reference) === undefined);
        const payments = left.map(({ to, amount, reference }) => ({ to, amount, reference }));
        if (payments.length > 0) await this.wallet.payMany(payments);
      },
      orders,
    );
  }

  payInvoice(signed: SignedInvoice, order: Order): void {
    this.does("pay an invoice", () => this.wallet.payInvoice(signed, order.fee), [order]);
  }

  private apiOf(life: Life): ServiceApi {
    const ask = <T>(name: Exclude<keyof ServiceApi, "routes" | "resynchronisation">, request: unknown): Promise<T> => {
      const text = toJson([request]);
      const label = `${this.name} ${name}`;
      const deliver = (): Promise<T> | undefined => {
        const [sent] = fromJson(text) as [never];
        const answer = this.system.ask(name, sent);
        return answer?.then((value) => (value === undefined ? undefined : fromJson(toJson(value))) as T);
      };
      return this.stage.network.call(life, label, deliver);
    };
    return {
      submitState: (request) => {
        this.requireStored(life, request.signature, "state");
        return ask("submitState", request);
      },
      withdraw: (request) => ask("withdraw", request),
      closeCooperatively: (request) => ask("closeCooperatively", request),
      channel: (id) => ask("channel", id),
      latestNote: (id) => ask("latestNote", id),
      reveal: (preimage) => ask("reveal", preimage),
      lockOutcomes: (id) => ask("lockOutcomes", id),
    };
  }

  /** U2: what is signed is on the wallet's disk before it is sent. */
  private requireStored(life: Life, signature: string, what: string): void {
    if (life.isOver || this.durable.has(signature)) return;
    this.stage.blame(`U2: ${this.name} sends a ${what} before it is on disk`);
  }

  private mortal(store: FileStore, life: Life): WalletStore {
    return {
      append: async (record: WalletRecord) => {
        const line = toJson(record);
        await life.write(
          () => store.append(record),
          (_, after, share) => cutWithin(line, after, share),
        );
        this.stored(record);
        if (record.type === "completed") this.acknowledged = record.completed.state.version;
      },
      records: (id) => store.records(id),
    };
  }

  private stored(record: StoreRecord): void {
    if (record.type === "proposed") this.durable.add(record.proposal.signature);
  }

  private file(life: number): string {
    return path.join(this.stage.folder, `${this.name}-${life}.jsonl`);
  }
}
