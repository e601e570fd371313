import type { Changes, Htlc } from "../engine";
import type { ChannelId, Hash } from "../protocol";
import type { AccountService } from "./accountService";

/** Milliseconds. */
const SWEEP_EVERY = 30_000;

/**
 * Does for hosted accounts what their owners' wallets would: claims what their invoices asked for as soon as it is promised,
 * and folds what has ended of conditional transfers. What fails is done again by the next sweep.
 */
export class Caretaker {
  private readonly unfollow: () => void;
  private readonly timer: NodeJS.Timeout;
  private readonly folding = new Map<ChannelId, Promise<void>>();
  private readonly expiring = new Map<bigint, NodeJS.Timeout>();
  private readonly underWay = new Set<Promise<unknown>>();

  /** Takes care from now on, of what happened before too. */
  constructor(
    private readonly service: AccountService,
    private readonly sweepEvery = SWEEP_EVERY,
  ) {
    this.unfollow = service.announcements.commits.add("commit", (changes) => this.react(changes));
    this.timer = setInterval(() => this.run(() => this.sweep()), sweepEvery).unref();
    this.run(() => this.sweep());
  }

  /** Resolves when all that was to be done is done, what follows from it included. */
  async settled(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    for (const timer of this.expiring.values()) clearTimeout(timer);
    this.unfollow();
    await this.settled();
  }

  private react({ invoices, htlcs }: Required<Changes>): void {
    for (const { status, hold, invoice } of invoices) {
      if (status === "held" && !hold) this.run(() => this.claim(invoice.hash));
      if (status === "open") this.expireAt(invoice.expiry);
    }
    const ended = htlcs.filter(({ over, status }) => !over && status !== "pending");
    const ofPayer = new Map(ended.map(({ payer }) => [payer, [] as Htlc[]]));
    for (const htlc of ended) ofPayer.get(htlc.payer)!.push(htlc);
    for (const [payer, own] of ofPayer) this.run(() => this.foldBothEnds(payer, own));
  }

  private async sweep(): Promise<void> {
    const open = [...this.service.openInvoices()];
    const held = open.filter(({ status, hold }) => status === "held" && !hold);
    await Promise.allSettled(held.map(({ invoice }) => this.claim(invoice.hash)));
    await this.service.resynchroniseHosted();
    await this.service.foldHosted();
    await this.service.submit({ type: "expireInvoices" });
    for (const { invoice } of open) this.expireAt(invoice.expiry);
  }

  /** What expires before the next sweep does so in time; the rest is seen to by a later one. */
  private expireAt(expiry: bigint): void {
    const wait = Number(expiry - this.service.time) * 1_000;
    if (wait <= 0 || wait > this.sweepEvery || this.expiring.has(expiry)) return;
    const expire = (): void => {
      this.expiring.delete(expiry);
      this.run(() => this.service.submit({ type: "expireInvoices" }));
    };
    this.expiring.set(expiry, setTimeout(expire, wait).unref());
  }

  private async claim(hash: Hash): Promise<void> {
    await this.service.submit({ type: "settleInvoice", hash });
  }

  /** A released lock frees the payer's only when the payee has folded that (S3). */
  private async foldBothEnds(payer: ChannelId, ended: readonly Htlc[]): Promise<void> {
    const returned = ended.filter(({ payee, returnedIn }) => {
      return (this.service.channel(payee)?.state.noteSeq ?? returnedIn) < returnedIn;
    });
    await Promise.allSettled(returned.map(({ payee }) => this.fold(payee)));
    if (this.service.lockOutcomes(payer).length > 0) await this.fold(payer);
  }

  /** One state folds all that ends meanwhile. */
  private fold(id: ChannelId): Promise<void> {
    let folding = this.folding.get(id);
    if (folding === undefined) this.folding.set(id, (folding = this.foldSoon(id)));
    return folding;
  }

  private async foldSoon(id: ChannelId): Promise<void> {
    await new Promise(setImmediate);
    this.folding.delete(id);
    await this.service.fold([id]);
  }

  private run(act: () => Promise<unknown>): void {
    const done = act()
      .catch(() => undefined)
      .finally(() => this.underWay.delete(done));
    this.underWay.add(done);
  }
}
