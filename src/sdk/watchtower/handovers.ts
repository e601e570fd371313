import { asStarledgerError, fail, type StarledgerError } from "../../errors";
import { channelId, type ChannelId } from "../../protocol";
import { appointmentFor, type Appointing } from "./appointing";
import { fingerprint, isWorthShowing, type ChannelPapers } from "./papers";
import type { TowerReport } from "./towerApi";

/** Milliseconds from one try to the next: the first pause, which doubles, and the longest. */
const PAUSES = [500, 60_000] as const;

/** How far a watchtower is with a channel. */
export interface TowerStatus {
  readonly url: string;
  /** What the tower said last that it has; undefined before it said anything. */
  readonly confirmed: TowerReport | undefined;
  /** Whether that is all that there is. */
  readonly isCurrent: boolean;
  /** Why the last try failed; undefined once one succeeded. */
  readonly error: StarledgerError | undefined;
}

/** For whom a tower is handed what. */
export interface HandoverOptions extends Appointing {
  readonly onError: (error: StarledgerError, papers: ChannelPapers) => void;
}

interface Entry {
  papers: ChannelPapers;
  confirmed: TowerReport | undefined;
  /** The fingerprint of the papers that the tower has. */
  handed: string | undefined;
  error: StarledgerError | undefined;
}

/**
 * Hands over to one watchtower, in the background and one after the other, whatever is newest of each channel; what failed is
 * tried again after a pause that grows. What was not handed over when the program ended is offered again by the next.
 */
export class Handovers {
  private readonly entries = new Map<ChannelId, Entry>();
  private running: Promise<void> | undefined;
  private pause: number = PAUSES[0];
  private timer: NodeJS.Timeout | undefined;
  private isOver = false;

  constructor(private readonly options: HandoverOptions) {}

  /** Takes what is to be handed over next of a channel, and returns at once. */
  offer(papers: ChannelPapers): void {
    if (!isWorthShowing(papers)) return;
    const id = channelId(papers.key);
    const entry = this.entries.get(id);
    if (entry !== undefined) entry.papers = papers;
    else this.entries.set(id, { papers, confirmed: undefined, handed: undefined, error: undefined });
    if (this.timer === undefined) this.begin();
  }

  status(id: ChannelId): TowerStatus {
    const { url } = this.options.api;
    const entry = this.entries.get(id);
    if (entry === undefined) return { url, confirmed: undefined, isCurrent: true, error: undefined };
    return { url, confirmed: entry.confirmed, isCurrent: isHanded(entry), error: entry.error };
  }

  /** Resolves when all of it is handed over, or was tried once more, or after `patience` milliseconds; then no more is. */
  async end(patience: number): Promise<void> {
    this.begin();
    this.isOver = true;
    let timer: NodeJS.Timeout | undefined;
    const enough = new Promise<void>((resolve) => (timer = setTimeout(resolve, patience)));
    await Promise.race([this.running, enough]);
    clearTimeout(timer);
  }

  private begin(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.isOver || this.due().length === 0) return;
    this.running ??= this.run().finally(() => {
      this.running = undefined;
      if (this.timer === undefined) this.begin();
    });
  }

  private async run(): Promise<void> {
    let failed = false;
    for (const entry of this.due()) failed = !(await this.handOver(entry)) || failed;
    if (!failed) this.pause = PAUSES[0];
    else if (!this.isOver) this.later();
  }

  private later(): void {
    this.timer = setTimeout(() => this.begin(), this.pause * (0.5 + Math.random()));
    this.pause = Math.min(2 * this.pause, PAUSES[1]);
    // A program that has nothing else to do may end; a browser's timers are numbers.
    if (typeof this.timer === "object") this.timer.unref();
  }

  private due(): Entry[] {
    return [...this.entries.values()].filter((entry) => !isHanded(entry));
  }

  /** @returns whether the tower has it, or it is of no use to it any more */
  private async handOver(entry: Entry): Promise<boolean> {
    const { papers, confirmed } = entry;
    const { api, domain, onError } = this.options;
    try {
      const appointment = await appointmentFor(this.options, papers, confirmed);
      entry.confirmed = await api.handOver(domain, papers, appointment);
      requireTaken(entry.confirmed, papers);
      entry.error = undefined;
    } catch (error) {
      entry.error = asStarledgerError(error);
      onError(entry.error, papers);
      // Of an epoch that is over nothing can be shown.
      if (entry.error.code !== "too_late") return false;
    }
    entry.handed = fingerprint(papers);
    return true;
  }
}

function isHanded({ papers, handed }: Entry): boolean {
  return handed === fingerprint(papers);
}

/** @throws not_taken */
function requireTaken(
  { version, seq, preimages }: TowerReport,
  { completed, held, preimages: given }: ChannelPapers,
): void {
  const want = { version: completed?.state.version ?? 0n, seq: held?.note.seq ?? 0n };
  const hasPreimages = seq > want.seq || preimages >= given.length;
  if (version < want.version || seq < want.seq || !hasPreimages) fail("not_taken", { version, seq, preimages });
}
