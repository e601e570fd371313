import { decodeWithdrawalBatch, encodeWithdrawalBatch, type BatchItem } from "../chain/withdrawalBatch";
import type { Outbox } from "../chain/outbox";
import type { Channel } from "../engine";
import { hashWithdrawal, keccak, minimum, type Address, type ChannelId, type Hash, type Withdrawal } from "../protocol";
import type { AccountService } from "./accountService";

/** When withdrawals go to the chain. */
export interface SettlementPolicy {
  /** In one transaction at most. */
  readonly most: number;
  /** Seconds that one waits for others at most. */
  readonly patience: bigint;
  /** Seconds before its deadline from which on a withdrawal is not sent any more: it would come too late. */
  readonly margin: bigint;
}

/** A withdrawal, signed by both sides, that no transaction under way carries. */
interface Waiting {
  readonly channel: Channel;
  readonly withdrawal: Withdrawal;
  readonly hash: Hash;
  /** Unix seconds. */
  readonly since: bigint;
}

/**
 * Gathers withdrawals into batches by number and age, and hands them to the outbox (section 9). It keeps nothing itself: what
 * is signed is in the ledger, what is under way in the outbox. Totals make it harmless to send one twice.
 */
export class Settlement {
  private readonly since = new Map<Hash, bigint>();
  /** Those that the hub has refused. */
  private readonly refused = new Set<Hash>();

  constructor(
    private readonly service: AccountService,
    private readonly outbox: Outbox,
    private readonly hub: Address,
    private readonly policy: SettlementPolicy,
  ) {}

  /** The hub has refused the pending withdrawal of a channel: it is not sent again; its owner may send it. */
  refuse(channelId: ChannelId): void {
    const pending = this.service.channel(channelId)?.pending;
    if (pending) this.refused.add(hashWithdrawal(pending));
  }

  /**
   * Sends what is due.
   * @param now Unix seconds
   * @throws store_failed
   */
  async settle(now: bigint): Promise<void> {
    const byToken = new Map<Address, Waiting[]>();
    for (const one of await this.waiting(now)) {
      const { token } = one.channel.key;
      byToken.set(token, [...(byToken.get(token) ?? []), one]);
    }
    for (const [token, all] of byToken) {
      const { most, patience } = this.policy;
      for (let first = 0; first < all.length; first += most) {
        const some = all.slice(first, first + most);
        const isDue = some.length === most || some.some(({ since }) => now - since >= patience);
        if (isDue) await this.send(token, some);
      }
    }
  }

  private async send(token: Address, waiting: readonly Waiting[]): Promise<void> {
    const items: BatchItem[] = [];
    for (const { channel, withdrawal, hash } of waiting) {
      const consent = await this.service.consent(hash);
      if (consent !== undefined) items.push({ user: channel.key.user, withdrawal, userSignature: consent.signature });
    }
    const key = keccak(Buffer.from(waiting.map(({ hash }) => hash.slice(2)).join(""), "hex"));
    const first = waiting.map(({ withdrawal }) => withdrawal.deadline).reduce(minimum);
    const data = encodeWithdrawalBatch(token, items);
    const call = { to: this.hub, data, value: 0n, deadline: first };
    await this.outbox.put(`withdrawals:${key}`, call, this.service.identity.system);
  }

  private async waiting(now: bigint): Promise<Waiting[]> {
    const underWay = await this.underWay();
    const found: Waiting[] = [];
    const seen = new Set<Hash>();
    for (const id of this.service.waitingChannels()) {
      const channel = this.service.channel(id);
      const withdrawal = channel?.pending;
      if (!channel || !withdrawal) continue;
      const hash = hashWithdrawal(withdrawal);
      seen.add(hash);
      if (this.refused.has(hash) || withdrawal.deadline < now + this.policy.margin) continue;
      if (underWay.has(placeOf(channel.key.token, channel.key.user, withdrawal.withdrawn))) continue;
      const since = this.since.get(hash) ?? now;
      this.since.set(hash, since);
      found.push({ channel, withdrawal, hash, since });
    }
    for (const hash of this.since.keys()) if (!seen.has(hash)) this.since.delete(hash);
    for (const hash of this.refused) if (!seen.has(hash)) this.refused.delete(hash);
    return found;
  }

  /** What the transactions under way pay. */
  private async underWay(): Promise<Set<string>> {
    const open = await this.outbox.open(this.service.identity.system);
    const batches = open.flatMap(({ call }) => decodeWithdrawalBatch(call.data) ?? []);
    return new Set(batches.flatMap(({ token, items }) => items.map((one) => placeOf(token, one.user, one.withdrawn))));
  }
}

function placeOf(token: Address, user: Address, withdrawn: bigint): string {
  return `${token}${user}${withdrawn}`;
}
