import { balance, emptyNote, emptyState, minimum, type Funds } from "../../../src/protocol";
import { POINTS } from "../asset";
import { leave, untilDone } from "../closes";
import type { Customer } from "../customer";
import type { Life } from "../life";
import type { Stage } from "../stage";
import type { Handed } from "../watchtower";

/** Seconds after which a user is online again: well within a challenge period. */
const PATIENCE = POINTS.challengePeriod / 4n;
/** Seconds for which one is away who has a watchtower: until nobody but that could have answered. */
export const AWAY = 3n * POINTS.challengePeriod;
/** Milliseconds between two looks for what is final. */
const PAUSE = 300_000;

/**
 * A user whom the system has turned against, and who leaves alone: of what it held then it must get all that no state that it
 * ever signed takes back (property 2).
 */
export class Escape {
  /** Unix seconds since when there is a reason to leave. */
  private since: bigint | undefined;
  private leavingIn: Life | undefined;
  /** What it must have at least, by what it held when it began to leave. */
  private least: bigint | undefined;

  constructor(
    private readonly stage: Stage,
    readonly customer: Customer,
  ) {}

  get isOver(): boolean {
    return this.customer.isGone;
  }

  /** From here on it leaves when its time has come, if not before. */
  alarm(): void {
    this.since ??= this.stage.time;
  }

  /** Whoever has a watchtower need not be there: it gets at least what that has, unless it leaves already (property 2). */
  async stayAway(): Promise<void> {
    const { customer, stage } = this;
    const handed = customer.tower?.handed.get(customer.wallet.id);
    if (handed === undefined || !customer.isAlive || this.since !== undefined) return;
    this.least = await this.leastDue(handed);
    this.since = stage.time + AWAY - PATIENCE;
    customer.isAway = true;
    customer.life.end("and stays away");
    stage.count("a user is away while the system closes");
  }

  /** To be called with each block. */
  async attend(): Promise<void> {
    const { since, customer, stage } = this;
    if (since === undefined || this.isOver || stage.time < since + PATIENCE) return;
    if (!customer.isAlive) await customer.start();
    customer.isAway = false;
    this.begin();
  }

  /** Leaves, unless it does so already in this life. */
  begin(): void {
    const { customer, stage } = this;
    if (this.isOver || this.leavingIn === customer.life) return;
    this.alarm();
    const life = (this.leavingIn = customer.life);
    this.leave().catch((error: unknown) => {
      if (!life.isOver) stage.blame(`${customer.name} leaves a hostile system: ${String((error as Error).stack)}`);
    });
  }

  private async leave(): Promise<void> {
    const { customer, stage } = this;
    await customer.wallet.freeze();
    // Once the epoch is over, it has some of it already.
    const least = (this.least ??= await this.leastDue(this.customer.wallet.papers));
    do {
      await untilDone(() => leave(stage, customer, true));
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    } while ((await customer.hub.channel(customer.channel, "finalized")).epoch === customer.channel.epoch);
    const { funds } = await customer.hub.channel(customer.channel);
    const got = (await this.tokens()) + worthOf(funds);
    customer.isGone = true;
    customer.life.end("by its own will");
    stage.say(`${customer.name} left a hostile system with ${got}, at least ${least}`);
    if (got < least) stage.blame(`property 2: ${customer.name} left a hostile system with ${got}, not ${least}`);
  }

  /**
   * What it has on the chain and, whichever of its states the system completes, in its channel; 0 once that is over.
   * @param shown what is shown for it
   */
  private async leastDue({ completed, held }: Handed): Promise<bigint> {
    const { hub, channel } = this.customer;
    const { closing, funds, id, epoch } = await hub.channel(channel);
    if (epoch > channel.epoch) return 0n;
    const judged = closing ? (await hub.pendingClose(id)).judged : undefined;
    const onChain = judged === undefined ? worthOf(funds) : judged.funded - judged.paid;
    const state = completed?.state ?? emptyState(id);
    const signed = (await this.customer.records()).flatMap((record) => {
      if (record.type === "withdrawal") return record.payment ? [record.payment.state] : [];
      return record.type === "proposed" ? [record.proposal.state] : [];
    });
    const note = held?.note ?? emptyNote(id);
    const none = { deposited: 0n, withdrawn: 0n, reclaimed: 0n, collateral: 0n };
    const possible = [state, ...signed.filter(({ version }) => version > state.version)];
    const worst = possible.map((one) => balance(none, one, note) - one.locked).reduce(minimum);
    return (await this.tokens()) + onChain + worst;
  }

  private tokens(): Promise<bigint> {
    const { hub, token, address } = this.customer;
    return hub.held(token, address);
  }
}

function worthOf({ deposited, withdrawn }: Funds): bigint {
  return deposited - withdrawn;
}
