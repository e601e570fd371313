import type Database from "libsql";

import { inProcess } from "../../scripts/demo/inProcess";
import { fail, StarledgerError } from "../../src/errors";
import {
  DEFAULT_LOCK_POLICY,
  fromHex,
  type Address,
  type ChannelId,
  type Domain,
  type Hash,
  type State,
} from "../../src/protocol";
import type { HeldNote, ServiceApi, ShownChannel, ShownPosition } from "../../src/sdk";
import type { ResynchronisationApi } from "../../src/sdk/api";
import { AccountService, Caretaker, Keystore, type NoteDelivery, type Reply } from "../../src/service";
import { openRouter, routerOf } from "../../src/service/crossing";
import type { Identity } from "../../src/service/serviceOptions";
import type { ChainSide } from "../../src/service/chainSide";
import { localKey } from "../../src/signer";
import type { Terms } from "./asset";
import { Crossings, type Across } from "./crossings";
import type { Deployed } from "./chain/deployed";
import { chainSideOf } from "./chain/side";
import type { Store } from "../../src/store";
import { hex, type Row } from "../../src/store/query";
import type { Life, Doom } from "./life";
import { Losses } from "./loss/losses";
import type { Machine } from "./machine";
import { mortal } from "./mortalStore";
import { MARGIN, type Stage } from "./stage";
import { Violation } from "./violation";
import { Witness } from "./witness";

const KEYSTORE = new Keystore("a secret of the operator", `0x${"5a".repeat(16)}`);
/** Milliseconds; renewed at a third of it, in simulated time. */
const LEASE = 600_000;

interface OutsetRequest {
  readonly id: ChannelId;
  readonly shown: ShownPosition;
}

/** What wallets ask. */
export interface Answers extends Omit<ServiceApi, "routes" | "resynchronisation"> {
  readonly findRoute: Crossings["find"];
  readonly sendRoute: Crossings["send"];
  readonly outset: (request: OutsetRequest) => ReturnType<ResynchronisationApi["outset"]>;
  readonly complete: ResynchronisationApi["complete"];
}

export type Question = keyof Answers;

/** A system account: its service as a process that dies and is started again on what the disk of its machine has kept. */
export class System {
  life!: Life;
  readonly witness = new Witness();
  private running:
    | {
        readonly service: AccountService;
        readonly caretaker: Caretaker;
        readonly store: Store;
        readonly side: ChainSide;
        /** Undefined where there is no other system. */
        readonly crossings: Crossings | undefined;
      }
    | undefined;
  /** One that was taken for dead, and is not: somebody else leads by now. */
  private former: { readonly service: AccountService; readonly crossings: Crossings | undefined } | undefined;
  private asked = 0;
  /** Unix seconds until which nobody leads it. */
  private away = 0n;
  private looking: ChainSide | undefined;
  /** Since its process was begun. */
  private troubles = 0;
  /** The last block as of its last look, if nothing went wrong in that. */
  private lookedAt: number | undefined;
  readonly losses = new Losses();
  private readonly listeners = new Map<Address, (delivery: NoteDelivery) => void>();

  constructor(
    private readonly stage: Stage,
    private readonly machine: Machine,
    readonly deployed: Deployed,
    readonly terms: Terms,
    /** Seconds by which its clock is wrong. */
    private readonly skew: bigint,
    /** Of all systems. */
    private readonly identities: readonly Identity[],
  ) {}

  get name(): string {
    return this.terms.name;
  }

  get address(): Address {
    return this.terms.address;
  }

  /** The account by which money goes to the other system, and comes from it. */
  get router(): Address {
    return routerOf(KEYSTORE, this.address);
  }

  /** Opens the router's account. */
  async openRouter(token: Address): Promise<void> {
    await openRouter(this.service!, KEYSTORE, token);
  }

  /** Whether nothing is on its way that it has to bring on; who is gone can be given nothing back. */
  async isQuietAcross(gone: readonly Address[]): Promise<boolean> {
    const { forwards, returns } = this.running!.store;
    const open = (await forwards.open(this.address)).filter(({ payer }) => !gone.includes(payer));
    return open.length + (await returns.open(this.address)).length === 0;
  }

  /** Unix seconds, by its clock. */
  get time(): bigint {
    return this.stage.time + this.skew;
  }

  get service(): AccountService | undefined {
    return this.running?.service;
  }

  /** Starts on whatever the last life has left on the disk. */
  async start(): Promise<void> {
    this.life = this.machine.newLife(`the service of the ${this.name}`, () => this.ended());
    await this.lead(await this.machine.open());
  }

  /** Another process takes the first for dead; both live on. */
  async takeOver(): Promise<void> {
    const { running, former } = this;
    const stopped = () => Promise.all([running?.caretaker.stop(), former?.crossings?.stop()]);
    if (running === undefined || !(await this.life.survives(stopped))) return;
    this.former = running;
    await this.lead(await this.machine.open());
  }

  /** An orderly stop, and a start after it. */
  async restart(): Promise<void> {
    const { running } = this;
    if (running === undefined) return;
    const stopped = await this.life.survives(async () => {
      await Promise.all([running.caretaker.stop(), running.crossings?.stop()]);
      await running.service.stop();
      await running.store.close();
    });
    if (!stopped) return;
    this.running = undefined;
    await this.lead(await this.machine.open());
  }

  dooms(doom: Doom): void {
    this.life.dooms(doom);
  }

  crash(isAlone: boolean): void {
    if (isAlone) this.life.endAlone("alone between two writes");
    else this.life.end();
  }

  hear(account: Address, listener: (delivery: NoteDelivery) => void): void {
    this.listeners.set(account, listener);
  }

  /** Its process dies, and nobody starts another for so many seconds. */
  abandon(seconds: bigint): void {
    this.away = this.stage.time + seconds;
    this.crash(true);
  }

  get isAway(): boolean {
    return this.stage.time < this.away;
  }

  /** Lets it leave everything behind. */
  async stop(): Promise<void> {
    await this.life.survives(async () => {
      await Promise.all([this.running, this.former].map(async (one) => await one?.crossings?.stop()));
      await this.running?.caretaker.stop();
    });
    await this.running?.store.close();
  }

  /** Milliseconds: not all look at once. */
  private get lookEvery(): number {
    return 100 * (1 + this.identities.findIndex(({ system }) => system === this.address));
  }

  get isOneOfSeveral(): boolean {
    return this.identities.length > 1;
  }

  /** What a message from a wallet leads to; undefined where nobody hears it. */
  ask<Name extends Question>(name: Name, request: Parameters<Answers[Name]>[0]): Promise<unknown> | undefined {
    const { life } = this;
    this.asked += 1;
    // While two live, states reach either.
    const former = name === "submitState" && this.asked % 2 === 0 ? this.former?.service : undefined;
    const service = former ?? this.service;
    if (service === undefined) return undefined;
    const { crossings } = this.running!;
    const routes = { findRoute: crossings?.find.bind(crossings), sendRoute: crossings?.send.bind(crossings) };
    const inside = inProcess(service);
    const outset = ({ id, shown }: OutsetRequest) => inside.resynchronisation!.outset(id, shown);
    const anew = { ...inside.resynchronisation, outset };
    const api = { ...inside, ...routes, ...anew } as unknown as Record<Name, (request: unknown) => Promise<unknown>>;
    const answered = life.hears(api[name](request)).then((answer) => {
      this.stage.check(() => this.seen(name, request, answer));
      return answer;
    });
    if (former === undefined) return answered;
    // The API asks a process only while its lease is fresh: of one that leads no more, nothing but acceptance would matter.
    return answered.catch(() => fail("not_leader", { system: this.address }));
  }

  /** Whatever else the service is asked, under its key. */
  submit(request: Parameters<AccountService["submit"]>[0], key?: string): Promise<Reply> | undefined {
    return this.service && this.life.hears(this.service.submit(request, key));
  }

  /** What a hosted account pays at the other system. */
  payAcross(asked: Across, key: string): Promise<Reply> | undefined {
    return this.running && this.life.hears(this.running.crossings!.pay(asked, key));
  }

  get domain(): Domain {
    return this.deployed.domain;
  }

  /** Looks at the chain, unless it is still looking. */
  look(): void {
    const { running, life, stage } = this;
    if (running === undefined || this.looking === running.side) return;
    this.looking = running.side;
    const [{ number }, { troubles }] = [stage.evm.head, this];
    life.hears(running.side.look()).then(
      () => {
        this.looking = undefined;
        if (this.troubles === troubles) this.lookedAt = number;
      },
      (error: unknown) => {
        this.looking = undefined;
        if (!(error instanceof StarledgerError) || error.code === "chain_rewritten") {
          stage.blame(`${life.name} looks at the chain: ${String((error as Error).stack)}`);
        } else stage.say(`${life.name} does not take in the chain: ${error.code}`);
      },
    );
  }

  /**
   * Once it has looked, its node has all that it sends: nodes forget.
   * @throws Violation
   */
  async requireSent(): Promise<void> {
    const { running, machine, stage, address: sender } = this;
    if (running === undefined || this.lookedAt !== stage.evm.head.number) return;
    for (const { nonce, hash } of sentOnDisk(machine.database, sender)) {
      const isMined = nonce < (await stage.evm.minedOf(sender));
      if (!isMined && !(await stage.evm.knows(hash)))
        throw new Violation(`the service of the ${this.name} forgets what its node forgot`);
    }
  }

  private async lead(store: Store): Promise<void> {
    const { stage, domain, address: system, life } = this;
    // The lease of whoever led before runs out.
    this.machine.database.prepare("UPDATE leases SET until = 0 WHERE system = ?").run([fromHex(system)]);
    const mortalStore = mortal(store, life, stage.outside);
    const service = await AccountService.start({
      store: mortalStore,
      lease: { ttl: LEASE },
      ...{ domain, system, signer: localKey(this.terms.signerKey), keystore: KEYSTORE },
      now: () => this.time,
      randomHash: () => stage.randomHash(),
      locks: { ...DEFAULT_LOCK_POLICY, margin: MARGIN, maxCount: 8 },
    });
    const side = await chainSideOf(service, mortalStore, {
      ...{ stage, life, deployed: this.deployed, terms: this.terms, skew: this.skew },
      onTrouble: () => (this.troubles += 1),
    });
    const onTrouble = ({ code }: StarledgerError) => stage.say(`${life.name}, of a payment between systems: ${code}`);
    const parts = {
      store: mortalStore,
      keystore: KEYSTORE,
      identities: this.identities,
      interval: this.lookEvery,
      onTrouble,
    };
    const crossings = this.isOneOfSeveral ? new Crossings(service, parts) : undefined;
    this.running = { service, store, side, caretaker: new Caretaker(service), crossings };
    for (const [account, listener] of this.listeners) {
      service.announcements.notes.add(account, (delivery) => {
        if (life.isOver) return;
        stage.check(() => this.witness.systemSignedNote(delivery.note, this.onDisk));
        listener(delivery);
      });
    }
    this.losses.started(service);
    stage.check(() => this.witness.requireKept(service, this.isOver));
  }

  /** Its process is dead: what that still does nobody hears of. */
  private ended(): void {
    const { running } = this;
    this.running = this.former = undefined;
    void running?.caretaker.stop();
    void running?.store.close();
  }

  private seen(name: Question, request: unknown, answer: unknown): void {
    const { witness } = this;
    if (name === "submitState" || name === "complete")
      witness.systemSignedState((request as { proposal: State }).proposal, this.onDisk);
    if (name === "latestNote" && answer !== undefined) witness.systemSignedNote((answer as HeldNote).note, this.onDisk);
    if (name !== "channel") return;
    const { state, note } = answer as ShownChannel;
    if (state !== undefined) witness.systemSignedState(state.state, this.onDisk);
    if (note !== undefined) witness.systemSignedNote(note.note, this.onDisk);
  }

  private readonly onDisk = (table: "states" | "notes", channel: ChannelId, number: bigint): boolean => {
    const [places, column] = table === "states" ? ["state_places", "version"] : ["note_places", "seq"];
    const is = `channel = ?1 AND ${column} = ?2`;
    // Those whose places are not entered are few.
    const found = this.machine.database.prepare(`SELECT 1 FROM ${places} WHERE ${is}
      UNION ALL SELECT 1 FROM ${table} WHERE place > (SELECT min(${table}) FROM entered_places) AND ${is}`);
    return found.get([fromHex(channel), number]) !== undefined;
  };

  private readonly isOver = (channel: ChannelId): boolean => {
    const found = this.machine.database.prepare("SELECT 1 FROM channels WHERE id = ? AND status = 'settled'");
    return found.get([fromHex(channel)]) !== undefined;
  };
}

/** The newest attempt of each call that is under way. */
function sentOnDisk(database: Database.Database, sender: Address): { nonce: number; hash: Hash }[] {
  const rows = database
    .prepare(
      `SELECT nonce, (SELECT hash FROM outbox_attempts a WHERE a.item = o.id ORDER BY number DESC LIMIT 1) AS hash
      FROM outbox o WHERE status = 'sent' AND sender = ?`,
    )
    .all([fromHex(sender)]) as Row[];
  return rows.flatMap(({ nonce, hash: last }) =>
    last === null ? [] : [{ nonce: Number(nonce), hash: hex(last) as Hash }],
  );
}
