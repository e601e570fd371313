import type { Channel } from "../engine";
import { hashWithdrawal, type ChannelId, type Hash, type Withdrawal } from "../protocol";
import type { Payouts } from "../store";
import type { AccountService } from "./accountService";

/** A withdrawal, signed by both sides, that no transaction under way carries. */
export interface Waiting {
  readonly channel: Channel;
  readonly withdrawal: Withdrawal;
  readonly hash: Hash;
  /** Unix seconds. */
  readonly since: bigint;
}

/** Rows that are asked for at once. */
const AT_ONCE = 500;

/** The withdrawals that are signed and not on the final chain, and those of them that wait to be sent. */
export class WithdrawalQueue {
  private readonly hashes = new WeakMap<Withdrawal, Hash>();
  private since = new Map<Hash, bigint>();
  private readonly refused = new Set<Hash>();
  /** What was there before the start has waited for long enough. */
  private readonly early: ReadonlySet<Hash>;

  constructor(
    private readonly service: AccountService,
    private readonly payouts: Payouts,
    private readonly margin: bigint,
  ) {
    this.early = new Set(this.pending().map(({ hash }) => hash));
  }

  /**
   * Those that nothing carries, and that would not come too late.
   * @param now Unix seconds
   */
  async waiting(now: bigint): Promise<Waiting[]> {
    const pending = this.pending();
    await this.takeIn(
      pending.map(({ hash }) => hash),
      now,
    );
    const underWay = await this.payouts.underWay(this.service.identity.system);
    return pending.flatMap(({ channel, withdrawal, hash }) => {
      const isOut = underWay.has(hash) || this.refused.has(hash) || withdrawal.deadline < now + this.margin;
      return isOut ? [] : [{ channel, withdrawal, hash, since: this.since.get(hash)! }];
    });
  }

  /** @returns whether `transaction` carried the pending withdrawal of the channel: a refusal of an older one says nothing */
  async refuse(channelId: ChannelId, transaction: Hash, reason: string): Promise<boolean> {
    const pending = this.service.channel(channelId)?.pending;
    if (!pending) return false;
    const hash = this.hashOf(pending);
    await this.payouts.refuse(hash, transaction, reason);
    const isRefused = (await this.payouts.of([hash])).get(hash)?.refused != null;
    if (isRefused) this.refused.add(hash);
    return isRefused;
  }

  /** Takes out of `counts` what is not pending any more. */
  forget(counts: Map<Hash, unknown>): void {
    for (const hash of counts.keys()) if (!this.since.has(hash)) counts.delete(hash);
  }

  private pending() {
    return [...this.service.waitingChannels()].flatMap((id) => {
      const channel = this.service.channel(id);
      const withdrawal = channel?.pending;
      return channel && withdrawal ? [{ channel, withdrawal, hash: this.hashOf(withdrawal) }] : [];
    });
  }

  /** What the hub has refused before the start stays so. */
  private async takeIn(pending: readonly Hash[], now: bigint): Promise<void> {
    const fresh = pending.filter((hash) => !this.since.has(hash));
    for (let i = 0; i < fresh.length; i += AT_ONCE) {
      const some = fresh.slice(i, i + AT_ONCE);
      await this.payouts.queue(some);
      for (const [hash, { refused }] of await this.payouts.of(some)) {
        if (refused !== null) this.refused.add(hash);
      }
    }
    this.since = new Map(pending.map((hash) => [hash, this.since.get(hash) ?? (this.early.has(hash) ? 0n : now)]));
    for (const hash of this.refused) if (!this.since.has(hash)) this.refused.delete(hash);
  }

  private hashOf(withdrawal: Withdrawal): Hash {
    const known = this.hashes.get(withdrawal);
    if (known !== undefined) return known;
    const hash = hashWithdrawal(withdrawal);
    this.hashes.set(withdrawal, hash);
    return hash;
  }
}
