import type { HubClient } from "../../chain";
import { Tasks, type Item, type Task, type TasksOptions } from "../../chain/outbox";
import type { Sighting } from "../../chain/watch";
import { StarledgerError } from "../../errors";
import { minimum, readDispute, type Address, type ChannelId } from "../../protocol";
import type { AccountService } from "../accountService";
import { OwnCloses } from "./ownCloses";
import { tasksFor } from "./plan";
import { Registrations } from "./registrations";
import { lookAt, type SeenClose, type Situation } from "./situation";

/** What disputes are made of. */
export interface DisputesOptions {
  readonly service: AccountService;
  readonly hub: HubClient;
  readonly outbox: TasksOptions["outbox"];
  /** Calls that wait to be sent at most. */
  readonly room: number;
  readonly registry: Address;
  /** Who sends what is not for everybody to send; undefined where no key pays for gas, so that nothing is sent. */
  readonly sender: Address | undefined;
  /** Seconds after which a payer that has not folded what it owes by a public preimage is closed on; null for never. */
  readonly closeAfter: bigint | null;
  readonly onTrouble: (error: StarledgerError) => void;
}

/** By channel: how its close stands, and what is due on it. */
type Looks = Map<ChannelId, { readonly situation: Situation; readonly due: readonly Task[] }>;

/** A pending close, as of the last look. */
export interface DisputeView extends Situation {
  /** What is being sent for it. */
  readonly items: readonly Item[];
  /** Unix seconds until which what is due must be mined; null where nothing is due. */
  readonly deadline: bigint | null;
  /** The deadline comes near, and not all that is due is mined. */
  readonly isLate: boolean;
}

/** Closes that are looked at together. */
const AT_ONCE = 100;
/** An answer that is not mined with this part of the challenge period left is late. */
const NEAR = 4n;

/**
 * Defends the system's channels (section 9): answers every close with the newest state, makes preimages public while they
 * count, proves locks, and settles. What it must know of a close is on chain: it keeps nothing, and goes on after a restart.
 */
export class Disputes {
  private readonly closes = new Map<ChannelId, SeenClose>();
  private readonly tasks: Tasks;
  private readonly registrations: Registrations;
  private readonly ownCloses: OwnCloses;
  private views = new Map<ChannelId, DisputeView>();
  private hasLooked = false;

  constructor(private readonly options: DisputesOptions) {
    const { service, outbox, room, registry, hub, closeAfter, onTrouble } = options;
    // Systems may share an outbox's senders.
    this.tasks = new Tasks({ outbox, room, scope: `disputes:${service.identity.system}:`, onTrouble });
    this.registrations = new Registrations(service, registry);
    this.ownCloses = new OwnCloses({ service, hub: hub.address, closeAfter });
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
   * @throws chain_unreachable, store_failed
   */
  async look(now: bigint): Promise<void> {
    await this.recall();
    const looks = await this.lookAtAll(now);
    const items = this.options.sender === undefined ? new Map<string, Item>() : await this.send(looks, now);
    for (const { situation, due } of looks.values()) this.show(situation, due, items, now);
  }

  /** Every close that is still pending, with what is due on it; one that cannot be looked at holds up no other. */
  private async lookAtAll(now: bigint): Promise<Looks> {
    const { service, hub, sender = service.identity.system, onTrouble } = this.options;
    const sending = { hub: hub.address, sender, orders: service.orders };
    const looks: Looks = new Map();
    const lookAtOne = async (close: SeenClose): Promise<void> => {
      try {
        const situation = await lookAt(service, hub, close, now);
        if (situation !== undefined) looks.set(close.id, { situation, due: tasksFor(situation, sending, now) });
        else for (const map of [this.closes, this.views]) map.delete(close.id);
      } catch (error) {
        if (!(error instanceof StarledgerError)) throw error;
        onTrouble(new StarledgerError(error.code, { ...error.details, channel: close.id }));
      }
    };
    const closes = [...this.closes.values()];
    for (let i = 0; i < closes.length; i += AT_ONCE) await Promise.all(closes.slice(i, i + AT_ONCE).map(lookAtOne));
    return looks;
  }

  /** What has to be mined first is named first. */
  private async send(looks: Looks, now: bigint): Promise<Map<string, Item>> {
    const isClosing = (id: ChannelId): boolean => this.closes.has(id);
    const tasks = [
      ...(await this.registrations.due()),
      ...[...looks.values()].flatMap(({ due }) => due),
      ...(await this.ownCloses.due(now, isClosing)),
    ];
    const unclear = [...this.closes.keys()].filter((id) => !looks.has(id));
    return await this.tasks.set(tasks, (name) => unclear.some((id) => name.includes(id)));
  }

  private show(situation: Situation, due: readonly Task[], items: ReadonlyMap<string, Item>, now: bigint): void {
    const { id } = situation.close;
    const deadline = deadlineOf(due);
    const wasLate = this.views.get(id)?.isLate ?? false;
    const isLate = deadline !== null && this.isNear(situation, deadline, now);
    const sent = due.flatMap(({ name }) => items.get(name) ?? []);
    this.views.set(id, { ...situation, items: sent, deadline, isLate });
    if (isLate && !wasLate) {
      this.options.onTrouble(
        new StarledgerError("answer_late", { channel: id, deadline: String(deadline), now: String(now) }),
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
}

/** Until when the first of these must be mined. */
function deadlineOf(tasks: readonly Task[]): bigint | null {
  const deadlines = tasks.flatMap(({ deadline }) => deadline ?? []);
  return deadlines.length === 0 ? null : deadlines.reduce(minimum);
}
