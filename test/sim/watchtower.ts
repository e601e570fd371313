import path from "node:path";

import type { NodeProvider } from "../../src/chain";
import { rpcNode } from "../../src/chain/watch";
import { StarledgerError } from "../../src/errors";
import { domainSeparator, keccakText, type Address, type ChannelId, type SignedAppointment } from "../../src/protocol";
import type { ChannelPapers, TowerReport } from "../../src/sdk/watchtower";
import { localKey } from "../../src/signer";
import { openDatabase, type Database } from "../../src/store";
import { OutboxItems } from "../../src/store/outboxItems";
import { Appointments } from "../../src/watchtower/appointments";
import { ChainWatch } from "../../src/watchtower/chainWatch";
import { Closes } from "../../src/watchtower/closes";
import { shown } from "../../src/watchtower/http/routes";
import { MIGRATIONS } from "../../src/watchtower/migrations";
import { Tower } from "../../src/watchtower/tower";
import { POINTS } from "./asset";
import { enrich, type Deployed } from "./chain/deployed";
import { DEPTH } from "./chain/evm";
import { serviceNode } from "./chain/nodes";
import { Files } from "./disk";
import { Life, type Doom } from "./life";
import { mortalQuery } from "./mortalStore";
import type { Stage } from "./stage";

/** Of a forfeit, in hundredths of a per cent. */
export const SHARE = 1;

const KEY = localKey(keccakText("tower"));
const GWEI = 10n ** 9n;
const FEES = { cap: 10_000n * GWEI, patience: 60n };
/** Seconds after which somebody starts it again: well within a challenge period. */
const PATIENCE = POINTS.challengePeriod / 4n;

/** What a tower has said that it has of a channel. */
export type Handed = Pick<ChannelPapers, "completed" | "held">;

interface Running {
  readonly database: Database;
  readonly appointments: Appointments;
  readonly chain: ChainWatch;
  readonly tower: Tower;
}

/** A watchtower: a process of its own, on its own disk, that looks at the chain when the driver says so. */
export class Watchtower {
  life!: Life;
  /** By channel: it may forget none of it. */
  readonly handed = new Map<ChannelId, Handed>();
  private lives = 0;
  private running: Running | undefined;
  private looking: Running | undefined;
  private deadSince = 0n;

  constructor(
    private readonly stage: Stage,
    private readonly deployed: Deployed,
    /** Seconds by which its clock is wrong. */
    private readonly skew: bigint,
  ) {}

  get isAlive(): boolean {
    return this.running !== undefined;
  }

  /** Where its rewards go. */
  get address(): Address {
    return KEY.address;
  }

  /** Starts on whatever the last life has left on the disk. */
  async start(): Promise<void> {
    const { stage, deployed, skew } = this;
    await enrich(KEY.address);
    const life = (this.life = this.newLife());
    const url = `sqlite:${this.file(this.lives)}`;
    const database = await stage.outside.wait(() => openDatabase(url, MIGRATIONS));
    const query = mortalQuery(database.query, life, stage.outside);
    const [appointments, closes, items] = [new Appointments(query), new Closes(query), new OutboxItems(query)];
    const provider: NodeProvider = serviceNode(stage.evm, life, deployed.domain);
    const onTrouble = ({ code, message }: StarledgerError) => stage.say(`the tower reports ${code}: ${message}`);
    const chain = await ChainWatch.create({
      ...{ chainId: deployed.domain.chainId, provider, node: rpcNode(provider), hubs: [deployed.domain.hub] },
      ...{ systems: undefined, finality: { confirmations: DEPTH }, gasKeys: [KEY], fees: FEES, leastBalance: 1n },
      ...{ window: 16, range: undefined, interval: 1_000, items, appointments, closes, onTrouble },
      onFinished: () => undefined,
    });
    const tower = new Tower({
      ...{
        database: { query, close: () => database.close() },
        appointments,
        closes,
        items,
        chains: [chain],
        onTrouble,
      },
      ...{ leastShare: SHARE, quota: 10, keep: 86_400_000 },
      now: () => 1_000 * Number(stage.time + skew),
    });
    this.running = { database, appointments, chain, tower };
    await this.requireKept(this.running);
  }

  dooms(doom: Doom): void {
    this.life.dooms(doom);
  }

  crash(): void {
    this.life.end();
  }

  async stop(): Promise<void> {
    await this.running?.database.close();
  }

  /** With each block: whoever runs it notices, some time, that it is dead. */
  async attend(): Promise<void> {
    if (this.running !== undefined) await this.requireKept(this.running);
    else if (this.stage.time >= this.deadSince + PATIENCE) await this.start();
    this.look();
  }

  /** Takes something, as far as it is newer; undefined where nobody hears it. */
  take(
    id: ChannelId,
    { key, completed, held, preimages }: ChannelPapers,
    appointment: SignedAppointment | undefined,
  ): Promise<TowerReport> | undefined {
    const { running, life, deployed } = this;
    if (running === undefined) return undefined;
    const handover = { key, completed, held, preimages, appointment };
    return life.hears(running.tower.take(deployed.domain, id, handover, key.user)).then((report) => {
      this.remember(id, { completed, held });
      this.requireAll(id, report.appointed);
      return shown(report);
    });
  }

  /** What it has of a channel; undefined where nobody hears the question. */
  report(id: ChannelId, caller: Address): Promise<TowerReport> | undefined {
    const { running, life, deployed } = this;
    return running && life.hears(running.tower.report(deployed.domain, id, caller)).then(shown);
  }

  private look(): void {
    const { running, life, stage } = this;
    if (running === undefined || this.looking === running) return;
    this.looking = running;
    life.hears(running.chain.look()).then(
      () => (this.looking = undefined),
      (error: unknown) => {
        this.looking = undefined;
        if (!(error instanceof StarledgerError) || error.code === "chain_rewritten") {
          stage.blame(`the tower looks at the chain: ${String((error as Error).stack)}`);
        } else stage.say(`the tower does not take in the chain: ${error.code}`);
      },
    );
  }

  private remember(id: ChannelId, { completed, held }: Handed): void {
    const before = this.handed.get(id);
    this.handed.set(id, {
      completed: versionOf({ completed }) > versionOf(before) ? completed : before?.completed,
      held: seqOf({ held }) > seqOf(before) ? held : before?.held,
    });
  }

  private async requireKept({ appointments }: Running): Promise<void> {
    const hub = domainSeparator(this.deployed.domain);
    for (const id of this.handed.keys()) this.requireAll(id, await appointments.of(hub, id));
  }

  private requireAll(id: ChannelId, kept: Handed | undefined): void {
    const handed = this.handed.get(id);
    if (versionOf(kept) >= versionOf(handed) && seqOf(kept) >= seqOf(handed)) return;
    this.stage.blame(`the tower forgets what it had of ${id}`);
  }

  private newLife(): Life {
    const files = [this.lives, this.lives + 1].map((life) => [this.file(life), `${this.file(life)}-wal`]);
    return new Life("the tower", new Files(files[0]!, files[1]!), this.stage.outside, (how) => {
      const { stage, running } = this;
      stage.say(`the tower dies ${how}`);
      stage.count(`tower dies ${how}`);
      this.lives += 1;
      this.running = undefined;
      this.deadSince = stage.time;
      void running?.database.close();
    });
  }

  private file(life: number): string {
    return path.join(this.stage.folder, `tower-${life}.db`);
  }
}

function versionOf(handed: Partial<Handed> | undefined): bigint {
  return handed?.completed?.state.version ?? 0n;
}

function seqOf(handed: Partial<Handed> | undefined): bigint {
  return handed?.held?.note.seq ?? 0n;
}
