import path from "node:path";

import Database from "libsql";

import { inProcess } from "../../scripts/demo/inProcess";
import { fail, StarledgerError } from "../../src/errors";
import {
  addressOf,
  DEFAULT_LOCK_POLICY,
  fromHex,
  type Address,
  type ChannelId,
  type Domain,
  type Hash,
  type State,
} from "../../src/protocol";
import type { HeldNote, ServiceApi, ShownChannel } from "../../src/sdk";
import { AccountService, Caretaker, Keystore, type NoteDelivery } from "../../src/service";
import type { ChainSide } from "../../src/service/chainSide";
import { localKey } from "../../src/signer";
import { SIGNER_KEY, SYSTEM_KEY } from "./asset";
import type { Deployed } from "./chain/deployed";
import { chainSideOf } from "./chain/side";
import { openStore, type Store } from "../../src/store";
import { hex, type Row } from "../../src/store/query";
import { Files } from "./disk";
import { Life, type Doom } from "./life";
import { mortal } from "./mortalStore";
import { MARGIN, type Stage } from "./stage";
import { Violation } from "./violation";

const KEYSTORE = new Keystore("a secret of the operator", `0x${"5a".repeat(16)}`);
/** Milliseconds; renewed at a third of it, in simulated time. */
const LEASE = 600_000;

/** A system account: its service as a process that dies and is started again on what its disk has kept. */
export class System {
  readonly address: Address = addressOf(SYSTEM_KEY);
  life!: Life;
  private lives = 0;
  private running:
    | {
        readonly service: AccountService;
        readonly caretaker: Caretaker;
        readonly store: Store;
        readonly side: ChainSide;
      }
    | undefined;
  /** One that was taken for dead, and is not: somebody else leads by now. */
  private former: AccountService | undefined;
  private asked = 0;
  private looking: ChainSide | undefined;
  /** Since its process was begun. */
  private troubles = 0;
  /** The last block as of its last look, if nothing went wrong in that. */
  private lookedAt: number | undefined;
  private reader: Database.Database | undefined;
  private readonly listeners = new Map<Address, (delivery: NoteDelivery) => void>();

  constructor(
    private readonly stage: Stage,
    readonly deployed: Deployed,
    /** Seconds by which its clock is wrong. */
    private readonly skew: bigint,
  ) {}

  get service(): AccountService | undefined {
    return this.running?.service;
  }

  /** Starts on whatever the last life has left on the disk. */
  async start(): Promise<void> {
    const file = this.file(this.lives);
    this.life = this.newLife();
    const store = await openStore(`sqlite:${file}`);
    this.reader = new Database(file);
    await this.lead(store);
  }

  /** Another process takes the first for dead; both live on. */
  async takeOver(): Promise<void> {
    const { running } = this;
    if (running === undefined || !(await this.life.survives(() => running.caretaker.stop()))) return;
    this.former = running.service;
    await this.lead(await openStore(`sqlite:${this.file(this.lives)}`));
  }

  /** An orderly stop, and a start after it. */
  async restart(): Promise<void> {
    const { running } = this;
    if (running === undefined) return;
    const stopped = await this.life.survives(async () => {
      await running.caretaker.stop();
      await running.service.stop();
      await running.store.close();
    });
    if (!stopped) return;
    this.running = undefined;
    await this.lead(await openStore(`sqlite:${this.file(this.lives)}`));
  }

  dooms(doom: Doom): void {
    this.life.dooms(doom);
  }

  crash(): void {
    this.life.end();
  }

  hear(account: Address, listener: (delivery: NoteDelivery) => void): void {
    this.listeners.set(account, listener);
  }

  /** Lets it leave everything behind. */
  async stop(): Promise<void> {
    this.reader?.close();
    await this.life.survives(async () => await this.running?.caretaker.stop());
    await this.running?.store.close();
  }

  /** What a message from a wallet leads to; undefined where nobody hears it. */
  ask<Name extends Exclude<keyof ServiceApi, "routes" | "resynchronisation">>(
    name: Name,
    request: Parameters<ServiceApi[Name]>[0],
  ): Promise<unknown> | undefined {
    const { life } = this;
    this.asked += 1;
    // While two live, states reach either.
    const former = name === "submitState" && this.asked % 2 === 0 ? this.former : undefined;
    const service = former ?? this.service;
    if (service === undefined) return undefined;
    const api = inProcess(service) as unknown as Record<Name, (request: unknown) => Promise<unknown>>;
    const answered = life.hears(api[name](request)).then((answer) => {
      this.stage.check(() => this.seen(name, request, answer));
      return answer;
    });
    if (former === undefined) return answered;
    // The API asks a process only while its lease is fresh: of one that leads no more, nothing but acceptance would matter.
    return answered.catch(() => fail("not_leader", { system: this.address }));
  }

  /** Whatever else the service is asked, under its key. */
  submit(
    request: Parameters<AccountService["submit"]>[0],
    key?: string,
  ): ReturnType<AccountService["submit"]> | undefined {
    return this.service && this.life.hears(this.service.submit(request, key));
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
          stage.blame(`the service looks at the chain: ${String((error as Error).stack)}`);
        } else stage.say(`the service does not take in the chain: ${error.code}`);
      },
    );
  }

  /**
   * Once it has looked, its node has all that it sends: nodes forget.
   * @throws Violation
   */
  async requireSent(): Promise<void> {
    const { reader, stage } = this;
    if (reader === undefined || this.lookedAt !== stage.evm.head.number) return;
    for (const { nonce, hash, sender } of sentOnDisk(reader)) {
      const isMined = nonce < (await stage.evm.minedOf(sender));
      if (!isMined && !(await stage.evm.knows(hash))) throw new Violation(`the service forgets what its node forgot`);
    }
  }

  private async lead(store: Store): Promise<void> {
    const { stage, domain, address: system, life } = this;
    // The lease of whoever led before runs out.
    this.reader!.exec("PRAGMA busy_timeout = 5000; UPDATE leases SET until = 0");
    const mortalStore = mortal(store, life, stage.outside);
    const service = await AccountService.start({
      store: mortalStore,
      lease: { ttl: LEASE },
      ...{ domain, system, signer: localKey(SIGNER_KEY), keystore: KEYSTORE },
      now: () => stage.time + this.skew,
      randomHash: () => stage.randomHash(),
      locks: { ...DEFAULT_LOCK_POLICY, margin: MARGIN, maxCount: 8 },
    });
    const side = await chainSideOf(service, mortalStore, {
      ...{ stage, life, deployed: this.deployed, skew: this.skew },
      onTrouble: () => (this.troubles += 1),
    });
    this.running = { service, store, side, caretaker: new Caretaker(service) };
    for (const [account, listener] of this.listeners) {
      service.announcements.notes.add(account, (delivery) => {
        if (life.isOver) return;
        stage.check(() => stage.witness.systemSignedNote(delivery.note, this.onDisk));
        listener(delivery);
      });
    }
    stage.check(() => stage.witness.requireKept(service, this.isOver));
  }

  private newLife(): Life {
    const files = [this.lives, this.lives + 1].map((life) => [this.file(life), `${this.file(life)}-wal`]);
    return new Life("the service", new Files(files[0]!, files[1]!), this.stage.outside, (how) => {
      const { running, reader } = this;
      this.stage.say(`the service dies ${how}`);
      this.stage.count(`service dies ${how}`);
      this.lives += 1;
      this.running = this.former = this.reader = undefined;
      // What it still does goes to a disk that nobody reads.
      void running?.caretaker.stop();
      reader?.close();
      void running?.store.close();
    });
  }

  private seen(name: keyof ServiceApi, request: unknown, answer: unknown): void {
    const { witness } = this.stage;
    if (name === "submitState") witness.systemSignedState((request as { proposal: State }).proposal, this.onDisk);
    if (name === "latestNote" && answer !== undefined) witness.systemSignedNote((answer as HeldNote).note, this.onDisk);
    if (name !== "channel") return;
    const { state, note } = answer as ShownChannel;
    if (state !== undefined) witness.systemSignedState(state.state, this.onDisk);
    if (note !== undefined) witness.systemSignedNote(note.note, this.onDisk);
  }

  private readonly onDisk = (table: "states" | "notes", channel: ChannelId, number: bigint): boolean => {
    const column = table === "states" ? "version" : "seq";
    const found = this.reader!.prepare(`SELECT 1 FROM ${table} WHERE channel = ? AND ${column} = ?`);
    return found.get([fromHex(channel), number]) !== undefined;
  };

  private readonly isOver = (channel: ChannelId): boolean => {
    const found = this.reader!.prepare("SELECT 1 FROM channels WHERE id = ? AND status = 'settled'");
    return found.get([fromHex(channel)]) !== undefined;
  };

  private file(life: number): string {
    return path.join(this.stage.folder, `service-${life}.db`);
  }
}

/** The newest attempt of each call that is under way. */
function sentOnDisk(reader: Database.Database): { sender: Address; nonce: number; hash: Hash }[] {
  const rows = reader
    .prepare(
      `SELECT sender, nonce, (SELECT hash FROM outbox_attempts a WHERE a.item = o.id ORDER BY number DESC LIMIT 1) AS hash
      FROM outbox o WHERE status = 'sent'`,
    )
    .all([]) as Row[];
  return rows.flatMap(({ sender, nonce, hash: last }) =>
    last === null ? [] : [{ sender: hex(sender) as Address, nonce: Number(nonce), hash: hex(last) as Hash }],
  );
}
