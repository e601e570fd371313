import { isError, type JsonRpcProvider, type TransactionReceipt } from "ethers";

import { fail, StarledgerError } from "../../errors";
import { minimum, toAddress, type Address, type Hash } from "../../protocol";
import type { TransactionSigner } from "../../signer";
import { answered } from "../hubErrors";
import { feesFor, type FeeMarket, type FeePolicy } from "./fees";
import { byDeadline, type Attempt, type Call, type Ended, type Item, type ItemStore } from "./item";
import { plan, type ItemOnChain, type MinedAttempt } from "./plan";
import { Purse, type Budget } from "./purse";
import { signAttempt } from "./sign";

/** What an outbox is made of. */
export interface OutboxOptions extends Budget {
  readonly provider: JsonRpcProvider;
  readonly store: ItemStore;
  /** The keys that transactions are paid by, each in its own order of nonces. */
  readonly senders: readonly TransactionSigner[];
  readonly policy: FeePolicy;
  /** The last final block. */
  readonly finalBlock: () => Promise<number>;
  /** Items of one sender that are sent and not mined at once at most: nodes keep only so many. */
  readonly window: number;
  /** Unix seconds. */
  readonly now: () => bigint;
  readonly onFinished: (item: Item) => void;
  readonly onTrouble: (error: StarledgerError) => void;
}

/** What an outbox is doing for one sender, as of its last look. */
export interface SenderStatus {
  readonly sender: Address;
  /** Wei; null before the first look. */
  readonly balance: bigint | null;
  readonly isLow: boolean;
  readonly waiting: number;
  readonly sent: number;
  /** Seconds since the oldest of them was first signed or, where it was not, since this process first saw it; 0 if there is none. */
  readonly age: bigint;
}

/** Above what the node estimates, in percent. */
const GAS_MARGIN = 25n;

/**
 * Brings calls to the chain, each once or never (section 9): kept before they are signed, signed before they are sent, sent
 * with more until they are mined, watched until they are final. A crash between any two steps loses and repeats nothing: the
 * nonce is kept with the call, and one nonce is mined once.
 */
export class Outbox {
  /** How often a node had forgotten what it was sent. */
  dropped = 0;
  private readonly senders: ReadonlyMap<Address, TransactionSigner>;
  private readonly purse: Purse;
  private readonly loads = new Map<Address, Pick<SenderStatus, "waiting" | "sent" | "age">>();
  /** Since when the items of a sender are known to be under way, in Unix seconds. */
  private readonly seen = new Map<Address, ReadonlyMap<bigint, bigint>>();
  private readonly mined = new Map<Hash, number>();

  constructor(private readonly options: OutboxOptions) {
    this.senders = new Map(options.senders.map((sender) => [toAddress(sender.address), sender]));
    this.purse = new Purse(options.store, options, options.onTrouble);
  }

  /**
   * Takes a call; resolves once it is kept. Under the same key it is taken once.
   * @param sender who must send it; unless given, whoever has the least to do of those with enough money for gas
   * @throws store_failed, out_of_range for a sender whose key is not here
   */
  async put(key: string, call: Call, sender?: Address): Promise<Item> {
    if (sender !== undefined && !this.senders.has(sender)) fail("out_of_range", { sender });
    return await this.options.store.add(sender ?? (await this.fittest()), key, call);
  }

  /** Whether it has the key of this account. */
  sends(sender: Address): boolean {
    return this.senders.has(sender);
  }

  /** Gives up a call that has no nonce yet; one that has is carried on. */
  async drop(key: string): Promise<void> {
    const item = await this.options.store.find(key);
    if (item?.status === "waiting") await this.options.store.finish(item, "cancelled", null);
  }

  find(key: string): Promise<Item | undefined> {
    return this.options.store.find(key);
  }

  /** The calls of a sender that are under way. */
  open(sender: Address): Promise<Item[]> {
    return this.options.store.open(sender);
  }

  /** The calls of all its senders that are under way. */
  async items(): Promise<Item[]> {
    return (await Promise.all([...this.senders.keys()].map((sender) => this.open(sender)))).flat();
  }

  /** The block that a transaction under way is in, as of the last look; undefined where it is in none. */
  blockOf(transaction: Hash): number | undefined {
    return this.mined.get(transaction);
  }

  status(): SenderStatus[] {
    return [...this.senders.keys()].map((sender) => ({
      sender,
      balance: this.purse.balanceOf(sender) ?? null,
      isLow: this.purse.isLow(sender),
      ...(this.loads.get(sender) ?? { waiting: 0, sent: 0, age: 0n }),
    }));
  }

  /** Looks once after every item. What fails is a trouble of that sender alone. */
  async look(): Promise<void> {
    this.mined.clear();
    for (const [address, signer] of this.senders) {
      try {
        await this.lookAfter(address, signer);
      } catch (error) {
        const reason = (error as Error).message;
        this.options.onTrouble(error instanceof StarledgerError ? error : new StarledgerError("internal", { reason }));
      }
    }
  }

  /** Of those that have too little money, the richest. */
  private async fittest(): Promise<Address> {
    const all = [...this.senders.keys()];
    const solvent = all.filter((sender) => !this.purse.isLow(sender));
    const [first, ...others] = solvent.length > 0 ? solvent : [this.purse.richestOf(all)];
    if (others.length === 0) return first!;
    const loads = await Promise.all(
      solvent.map(async (sender) => ({
        sender,
        open: (await this.options.store.open(sender)).length,
      })),
    );
    return loads.reduce((least, one) => (one.open < least.open ? one : least)).sender;
  }

  private async lookAfter(sender: Address, signer: TransactionSigner): Promise<void> {
    const { provider, store, window } = this.options;
    this.purse.see(sender, await answered(provider.getBalance(sender, "latest")));
    const items = await store.open(sender);
    const sent = items.filter(({ status }) => status === "sent");
    this.loads.set(sender, { waiting: items.length - sent.length, sent: sent.length, age: this.ageOf(sender, items) });
    if (items.length === 0) return;
    const finalBlock = await this.options.finalBlock();
    const [latestNonce, finalNonce] = await answered(
      Promise.all([provider.getTransactionCount(sender, "latest"), provider.getTransactionCount(sender, finalBlock)]),
    );
    const mined = new Map(
      await Promise.all(sent.map(async (item) => [item.id, await this.minedAttempt(item)] as const)),
    );
    // What is mined is no load for the node, though it is not final yet.
    let underWay = sent.filter(({ nonce }) => nonce! >= latestNonce).length;
    for (const item of [...items].sort(byUrgency)) {
      if (item.status === "waiting" && (underWay += 1) > window) return;
      await this.advance(item, signer, { latestNonce, finalNonce, finalBlock, mined: mined.get(item.id) });
    }
  }

  private ageOf(sender: Address, items: readonly Item[]): bigint {
    const now = this.options.now();
    const before = this.seen.get(sender);
    const since = items.map(({ id, attempts: [first] }) => [id, first?.signedAt ?? before?.get(id) ?? now] as const);
    this.seen.set(sender, new Map(since));
    return now - since.map(([, time]) => time).reduce(minimum, now);
  }

  private async advance(item: Item, signer: TransactionSigner, chain: ItemOnChain): Promise<void> {
    const step = plan(item, chain, this.options.now(), this.options.policy);
    switch (step.do) {
      case "wait":
        return;
      case "assign":
        await this.assign(item, signer, chain);
        return;
      case "unassign":
        await this.options.store.unassign(item);
        return;
      case "sign":
        await this.sign(item, signer, step.cancels);
        return;
      case "send":
        await this.sendAgain(step.attempt);
        return;
      case "finish":
        await this.finish(item, step.status, chain.mined);
    }
  }

  private async finish(item: Item, status: Parameters<ItemStore["finish"]>[1], mined?: MinedAttempt): Promise<void> {
    const { store, now, onFinished } = this.options;
    const ended: Ended | null = mined === undefined ? null : { mined: mined.hash, cost: mined.cost, at: now() };
    await store.finish(item, status, ended);
    onFinished({ ...item, status, mined: mined?.hash ?? null });
  }

  /** What the contract refuses now takes no nonce: it would hold up whatever comes after it. */
  private async assign(item: Item, signer: TransactionSigner, chain: ItemOnChain): Promise<void> {
    const { provider, store, now, onTrouble } = this.options;
    const { to, data, value } = item.call;
    let gas: bigint;
    try {
      gas = await answered(provider.estimateGas({ from: item.sender, to, data, value }));
    } catch (error) {
      if (!(error instanceof StarledgerError) || error.code !== "transaction_failed") throw error;
      onTrouble(new StarledgerError(error.code, { ...error.details, key: item.key }));
      return;
    }
    const gasLimit = (gas * (100n + GAS_MARGIN)) / 100n;
    const { baseFee, tip } = await this.market();
    if (!(await this.purse.allows(item, gasLimit * (2n * baseFee + tip), now()))) return;
    const nonce = Math.max(chain.latestNonce, await store.nextNonce(item.sender));
    if (!(await store.assign(item, nonce, gasLimit))) return;
    await this.advance({ ...item, nonce, gasLimit, status: "sent" }, signer, chain);
  }

  private async market(): Promise<FeeMarket> {
    const { provider } = this.options;
    const block = await answered(provider.getBlock("latest"));
    const tip = await answered(provider.send("eth_maxPriorityFeePerGas", []) as Promise<string>);
    return { baseFee: block?.baseFeePerGas ?? 0n, tip: BigInt(tip) };
  }

  private async sign(item: Item, signer: TransactionSigner, cancels: boolean): Promise<void> {
    const { provider, policy, store } = this.options;
    const market = await this.market();
    const fees = feesFor(market, item.attempts, policy);
    const last = item.attempts[item.attempts.length - 1];
    if (fees === undefined) {
      this.options.onTrouble(
        new StarledgerError("fee_cap", { baseFee: String(market.baseFee), cap: String(policy.cap) }),
      );
      if (last !== undefined) await this.sendAgain(last);
      return;
    }
    const { chainId } = await answered(provider.getNetwork());
    const attempt = await signAttempt(item, signer, { ...fees, chainId, cancels, now: this.options.now() });
    await store.attempt(item, attempt);
    await this.send(attempt);
  }

  /** Nodes forget: what this one has not any more it is sent again. */
  private async sendAgain(attempt: Attempt): Promise<void> {
    if ((await answered(this.options.provider.getTransaction(attempt.hash))) !== null) return;
    this.dropped += 1;
    await this.send(attempt);
  }

  /** What the node says to a transaction matters only where it is not mined after all. */
  private async send({ raw }: Attempt): Promise<void> {
    try {
      await this.options.provider.send("eth_sendRawTransaction", [raw]);
    } catch (error) {
      if (isError(error, "NONCE_EXPIRED") || isKnown(error)) return;
      this.options.onTrouble(new StarledgerError("chain_unreachable", { reason: (error as Error).message }));
    }
  }

  private async minedAttempt({ attempts }: Item): Promise<MinedAttempt | undefined> {
    for (const { hash } of [...attempts].reverse()) {
      const receipt: TransactionReceipt | null = await answered(this.options.provider.getTransactionReceipt(hash));
      if (receipt === null) continue;
      const { blockNumber: block, status, fee: cost } = receipt;
      this.mined.set(hash, block);
      return { hash, block, succeeded: status === 1, cost };
    }
    return undefined;
  }
}

/** What is vital takes its nonce first, and what is due sooner; what has one keeps its place. */
function byUrgency(a: Item, b: Item): number {
  return rankOf(a) - rankOf(b) || (a.status === "waiting" ? byDeadline(a.call, b.call) : 0);
}

function rankOf({ status, call }: Item): number {
  if (status === "sent") return 0;
  return call.vital ? 1 : 2;
}

/** The node has it already. */
function isKnown(error: unknown): boolean {
  return /already known|known transaction|nonce too low|already been used/i.test((error as Error).message);
}
