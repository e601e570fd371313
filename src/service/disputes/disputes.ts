import type { HubClient } from "../../chain";
import type { Item } from "../../chain/outbox";
import type { Sighting } from "../../chain/watch";
import { StarledgerError } from "../../errors";
import { minimum, readDispute, type Address, type ChannelId } from "../../protocol";
import type { AccountService } from "../accountService";
import { OwnCloses } from "./ownCloses";
import { tasksFor } from "./plan";
import { Registrations } from "./registrations";
import { lookAt, type SeenClose, type Situation } from "./situation";
import { Tasks, type Task, type TaskOutbox } from "./tasks";

/** What disputes are made of. */
export interface DisputesOptions {
  readonly service: AccountService;
  readonly hub: HubClient;
  readonly outbox: TaskOutbox;
  readonly registry: Address;
  /** Who sends what is not for everybody to send; undefined where no key pays for gas, so that nothing is sent. */
  readonly sender: Address | undefined;
  /** Seconds after which a payer that has not folded what it owes by a public preimage is closed on; null for never. */
  readonly closeAfter: bigint | null;
  readonly onTrouble: (error: StarledgerError) => void;
}

/** A pending close, as of the last look. */
export interface DisputeView extends Situation {
  /** What is being sent for it. */
  readonly items: readonly Item[];
  /** Unix seconds until which what is due must be mined; null where nothing is due. */
  readonly deadline: bigint | null;
  /** The deadline comes near, and not all that is due is mined. */
  readonly isLate: boolean;
}

/** An answer that is not mined with this part of the challenge period left is late. */
const NEAR = 4n;

/**
 * Defends the system's channels (section 9): answers every close with the newest state, makes preimages public while they
 * count, proves locks, and settles. What it must know of a close is on chain: it keeps nothing, and goes on after a restart.
 */
export class Disputes {
  private readonly closes = new Map<ChannelId, SeenClose>();
  private readonly tasks = new Map<ChannelId, Tasks>();
  private readonly registrations: Registrations;
  private readonly ownCloses: OwnCloses;
  private views = new Map<ChannelId, DisputeView>();
  private hasLooked = false;

  constructor(private readonly options: DisputesOptions) {
    const { service, outbox, registry, hub, closeAfter } = options;
    this.registrations = new Registrations(service, outbox, registry);
    this.ownCloses = new OwnCloses({ service, outbox, hub: hub.address, closeAfter });
  }

  /** All that are pending, the first to end first. */
  list(): readonly DisputeView[] {
    return [...this.views.values()].sort((a, b) => Number(a.settleableFrom - b.settleableFrom));
  }

  /** Takes in closes, final or not. */
  see(sightings: readonly Sighting[]): void {
    for (const one of sightings) {
      if (one.type !== "closing" || this.options.service.channel(one.channelId) === undefined) continue;
      const { channelId: id, record, at } = one;
      const { block, transaction } = at;
      this.closes.set(id, { id, record, judged: readDispute(record), block, transaction });
    }
  }

  /**
   * Looks after every close, after those that the system begins, and after the preimages that are due.
   * @param now the latest block's time, in Unix seconds
   * @throws chain_unreachable, store_failed, signer_unavailable, signer_refused
   */
  async look(now: bigint): Promise<void> {
    await this.recall();
    if (this.options.sender !== undefined) await this.registrations.look();
    for (const close of [...this.closes.values()]) {
      try {
        await this.lookAfter(close, now);
      } catch (error) {
        // One that cannot be looked after holds up no other.
        if (!(error instanceof StarledgerError)) throw error;
        this.options.onTrouble(new StarledgerError(error.code, { ...error.details, channel: close.id }));
      }
    }
    if (this.options.sender !== undefined) await this.ownCloses.look(now, (id) => this.closes.has(id));
  }

  private async lookAfter(close: SeenClose, now: bigint): Promise<void> {
    const { service, hub } = this.options;
    const tasks = this.tasksOf(close.id);
    const situation = await lookAt(service, hub, close, now);
    if (situation === undefined) {
      await tasks.set([]);
      for (const map of [this.closes, this.tasks, this.views]) map.delete(close.id);
      return;
    }
    const sender = this.options.sender ?? service.identity.system;
    const due = tasksFor(situation, { hub: hub.address, sender, orders: service.orders }, now);
    const items = this.options.sender === undefined ? [] : await tasks.set(due);
    const deadline = deadlineOf(due);
    const wasLate = this.views.get(close.id)?.isLate ?? false;
    const isLate = deadline !== null && this.isNear(situation, deadline, now);
    this.views.set(close.id, { ...situation, items, deadline, isLate });
    if (isLate && !wasLate) {
      this.options.onTrouble(
        new StarledgerError("answer_late", { channel: close.id, deadline: String(deadline), now: String(now) }),
      );
    }
  }

  private isNear({ channel }: Situation, deadline: bigint, now: bigint): boolean {
    const { challengePeriod } = this.options.service.asset(channel.key.token).settings;
    return deadline - now < challengePeriod / NEAR;
  }

  /** After a start: the closes of the channels that were frozen before. */
  private async recall(): Promise<void> {
    if (this.hasLooked) return;
    const { service, hub } = this.options;
    for (const id of service.waitingChannels()) {
      const channel = service.channel(id);
      if (channel?.status !== "frozen" || this.closes.has(id)) continue;
      const { closing, epoch } = await hub.channel(channel.key);
      if (closing && epoch === channel.key.epoch) this.closes.set(id, await hub.pendingClose(id));
    }
    this.hasLooked = true;
  }

  private tasksOf(id: ChannelId): Tasks {
    let tasks = this.tasks.get(id);
    if (tasks === undefined) this.tasks.set(id, (tasks = new Tasks(this.options.outbox)));
    return tasks;
  }
}

/** Until when the first of these must be mined. */
function deadlineOf(tasks: readonly Task[]): bigint | null {
  const deadlines = tasks.flatMap(({ deadline }) => deadline ?? []);
  return deadlines.length === 0 ? null : deadlines.reduce(minimum);
}
