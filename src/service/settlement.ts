import type { Item, Outbox } from "../chain/outbox";
import { encodeWithdrawalBatch, type BatchItem } from "../chain/withdrawalBatch";
import { StarledgerError } from "../errors";
import { keccak, minimum, type Address, type ChannelId, type Hash } from "../protocol";
import type { Payouts } from "../store";
import type { AccountService } from "./accountService";
import { WithdrawalQueue, type Waiting } from "./withdrawalQueue";

/** When withdrawals go to the chain. */
export interface SettlementPolicy {
  /** In one transaction at most. */
  readonly most: number;
  /** Seconds that one waits for others at most. */
  readonly patience: bigint;
  /** Seconds before its deadline from which on a withdrawal is not sent any more: it would come too late. */
  readonly margin: bigint;
  /** Wei per gas: while the base fee is higher, withdrawals wait; null for any. */
  readonly ceiling: bigint | null;
  /** Seconds that one waits for a lower base fee at most. */
  readonly longest: bigint;
}

/** What settlement is made of. */
export interface SettlementOptions {
  readonly service: AccountService;
  readonly outbox: Pick<Outbox, "put" | "open" | "find">;
  readonly payouts: Payouts;
  readonly hub: Address;
  readonly policy: SettlementPolicy;
  /** Batches under way at most: what waits longer may share a transaction with more. */
  readonly window: number;
  /** Wei per gas, of the latest block. */
  readonly baseFee: () => Promise<bigint>;
  readonly onTrouble: (error: StarledgerError) => void;
}

/** So many times the margin before its deadline, a withdrawal waits for no lower fee any more. */
const HURRY = 4n;

/**
 * Gathers withdrawals into batches by number, age and price of gas, and hands them to the outbox (section 9). What is signed is
 * in the ledger, what carries it beside the outbox. Totals make it harmless to send one twice.
 */
export class Settlement {
  private readonly queue: WithdrawalQueue;
  /** Batches that failed as a whole, and how often each withdrawal was in one. */
  private readonly failed: string[] = [];
  private readonly failures = new Map<Hash, number>();

  constructor(private readonly options: SettlementOptions) {
    this.queue = new WithdrawalQueue(options.service, options.payouts, options.policy.margin);
  }

  /**
   * The hub has refused the pending withdrawal of a channel in a batch of ours: it is not sent again; its owner may send it.
   * @param reason the error's data
   */
  async refuse(channelId: ChannelId, transaction: Hash, reason: string): Promise<void> {
    const refused = await this.queue.refuse(channelId, transaction, reason);
    if (refused) this.options.onTrouble(new StarledgerError("withdrawal_refused", { channel: channelId, reason }));
  }

  /** A call of the outbox is over. */
  finished({ status, key }: Item): void {
    if (status === "failed") this.failed.push(key);
  }

  /**
   * Sends what is due.
   * @param now Unix seconds
   * @throws store_failed, chain_unreachable
   */
  async settle(now: bigint): Promise<void> {
    await this.countFailures();
    const { outbox, window, service } = this.options;
    let room = window - (await outbox.open(service.identity.system)).length;
    const batches = this.batches(await this.queue.waiting(now));
    const due = batches.filter((batch) => this.isDue(batch, now));
    if (room <= 0 || due.length === 0) return;
    const isDear = await this.isDear();
    for (const batch of due) {
      if (isDear && !batch.some((one) => this.isUrgent(one, now))) continue;
      if ((room -= 1) < 0) return;
      await this.send(batch);
    }
  }

  /** By token; those that failed with others go in ever smaller batches, until the one at fault is alone. */
  private batches(waiting: readonly Waiting[]): Waiting[][] {
    const groups = new Map<string, Waiting[]>();
    for (const one of waiting) {
      const group = `${one.channel.key.token} ${this.failures.get(one.hash) ?? 0}`;
      groups.set(group, [...(groups.get(group) ?? []), one]);
    }
    return [...groups.values()].flatMap((group) => {
      const most = this.sizeFor(group);
      return Array.from({ length: Math.ceil(group.length / most) }, (_, i) => group.slice(i * most, (i + 1) * most));
    });
  }

  private sizeFor([first]: readonly Waiting[]): number {
    return Math.max(1, this.options.policy.most >> (this.failures.get(first!.hash) ?? 0));
  }

  private isDue(batch: readonly Waiting[], now: bigint): boolean {
    return (
      batch.length >= this.sizeFor(batch) || batch.some(({ since }) => now - since >= this.options.policy.patience)
    );
  }

  private isUrgent({ since, withdrawal }: Waiting, now: bigint): boolean {
    const { longest, margin } = this.options.policy;
    return now - since >= longest || withdrawal.deadline < now + HURRY * margin;
  }

  private async isDear(): Promise<boolean> {
    const { policy, baseFee } = this.options;
    return policy.ceiling !== null && (await baseFee()) > policy.ceiling;
  }

  private async send(batch: readonly Waiting[]): Promise<void> {
    const { service, outbox, payouts, hub } = this.options;
    const items: BatchItem[] = [];
    for (const { channel, withdrawal, hash } of batch) {
      const consent = await service.signatures.consent(hash);
      if (consent !== undefined) items.push({ user: channel.key.user, withdrawal, userSignature: consent.signature });
    }
    const hashes = batch.map(({ hash }) => hash);
    const deadline = batch.map(({ withdrawal }) => withdrawal.deadline).reduce(minimum);
    const data = encodeWithdrawalBatch(batch[0]!.channel.key.token, items);
    const key = await this.keyFor(hashes);
    // What carries them is known before there is anything that does: no crash leaves a batch whose withdrawals seem to wait.
    await payouts.assign(key, hashes);
    await outbox.put(key, { to: hub, data, value: 0n, deadline }, service.identity.system);
  }

  /** A batch that is over stays in the outbox under its key: the same one once more is another call. */
  private async keyFor(hashes: readonly Hash[]): Promise<string> {
    const digest = keccak(Buffer.from(hashes.map((hash) => hash.slice(2)).join(""), "hex"));
    for (let time = 1; ; time++) {
      const key = `withdrawals:${digest}:${time}`;
      if ((await this.options.outbox.find(key)) === undefined) return key;
    }
  }

  private async countFailures(): Promise<void> {
    for (const key of this.failed.splice(0)) {
      for (const hash of await this.options.payouts.carriedBy(key)) {
        this.failures.set(hash, (this.failures.get(hash) ?? 0) + 1);
      }
    }
    this.queue.forget(this.failures);
  }
}
