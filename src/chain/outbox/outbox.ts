import { isError, Transaction, type JsonRpcProvider, type TransactionReceipt, type Wallet } from "ethers";

import { fail, StarledgerError } from "../../errors";
import { toAddress, toHash, type Address, type Hex } from "../../protocol";
import { answered } from "../hubErrors";
import { feesFor, type FeePolicy } from "./fees";
import type { Attempt, Call, Item, ItemStore } from "./item";
import { plan, type ItemOnChain } from "./plan";

/** What an outbox is made of. */
export interface OutboxOptions {
  readonly provider: JsonRpcProvider;
  readonly store: ItemStore;
  /** The keys that transactions are paid by, each in its own order of nonces. */
  readonly senders: readonly Wallet[];
  readonly policy: FeePolicy;
  /** The last final block. */
  readonly finalBlock: () => Promise<number>;
  /** Items of one sender that are under way at once at most: nodes keep only so many. */
  readonly window: number;
  /** Wei that a sender should have at least; less is a trouble. */
  readonly leastBalance: bigint;
  /** Unix seconds. */
  readonly now: () => bigint;
  readonly onFinished: (item: Item) => void;
  readonly onTrouble: (error: StarledgerError) => void;
}

/** Above what the node estimates, in percent. */
const GAS_MARGIN = 25n;
/** What a transaction takes that does nothing. */
const NOTHING_GAS = 21_000n;

/**
 * Brings calls to the chain, each once or never (section 9): kept before they are signed, signed before they are sent, sent
 * with more until they are mined, watched until they are final. A crash between any two steps loses and repeats nothing: the
 * nonce is kept with the call, and one nonce is mined once.
 */
export class Outbox {
  private readonly senders: ReadonlyMap<Address, Wallet>;

  constructor(private readonly options: OutboxOptions) {
    this.senders = new Map(options.senders.map((sender) => [toAddress(sender.address), sender]));
  }

  /**
   * Takes a call; resolves once it is kept. Under the same key it is taken once.
   * @param sender who must send it; whoever has the least to do unless given
   * @throws store_failed, out_of_range for a sender whose key is not here
   */
  async put(key: string, call: Call, sender?: Address): Promise<Item> {
    if (sender !== undefined && !this.senders.has(sender)) fail("out_of_range", { sender });
    return await this.options.store.add(sender ?? (await this.idlest()), key, call);
  }

  find(key: string): Promise<Item | undefined> {
    return this.options.store.find(key);
  }

  /** The calls of a sender that are under way. */
  open(sender: Address): Promise<Item[]> {
    return this.options.store.open(sender);
  }

  /** Looks once after every item. What fails is a trouble of that sender alone. */
  async look(): Promise<void> {
    for (const [address, wallet] of this.senders) {
      try {
        await this.lookAfter(address, wallet);
      } catch (error) {
        this.options.onTrouble(error instanceof StarledgerError ? error : new StarledgerError("internal"));
      }
    }
  }

  private async idlest(): Promise<Address> {
    const loads = await Promise.all(
      [...this.senders.keys()].map(async (sender) => ({
        sender,
        open: (await this.options.store.open(sender)).length,
      })),
    );
    return loads.reduce((least, one) => (one.open < least.open ? one : least)).sender;
  }

  private async lookAfter(sender: Address, wallet: Wallet): Promise<void> {
    const { provider, store, window, leastBalance, onTrouble } = this.options;
    const items = await store.open(sender);
    if (items.length === 0) return;
    const finalBlock = await this.options.finalBlock();
    const [latestNonce, finalNonce, balance] = await answered(
      Promise.all([
        provider.getTransactionCount(sender, "latest"),
        provider.getTransactionCount(sender, finalBlock),
        provider.getBalance(sender, "latest"),
      ]),
    );
    if (balance < leastBalance) onTrouble(new StarledgerError("low_balance", { sender, balance: String(balance) }));
    let underWay = items.filter(({ status }) => status === "sent").length;
    for (const item of items) {
      if (item.status === "waiting" && (underWay += 1) > window) return;
      const mined = await this.minedAttempt(item);
      await this.advance(item, wallet, { latestNonce, finalNonce, finalBlock, mined });
    }
  }

  private async advance(item: Item, wallet: Wallet, chain: ItemOnChain): Promise<void> {
    const { store, onFinished } = this.options;
    const step = plan(item, chain, this.options.now(), this.options.policy);
    switch (step.do) {
      case "wait":
        return;
      case "assign":
        await this.assign(item, wallet, chain);
        return;
      case "unassign":
        await store.unassign(item);
        return;
      case "sign":
        await this.sign(item, wallet, step.cancels);
        return;
      case "send":
        await this.send(step.attempt);
        return;
      case "finish":
        await store.finish(item, step.status, step.mined);
        onFinished({ ...item, status: step.status, mined: step.mined });
    }
  }

  /** What the contract refuses now takes no nonce: it would hold up whatever comes after it. */
  private async assign(item: Item, wallet: Wallet, chain: ItemOnChain): Promise<void> {
    const { provider, store, onTrouble } = this.options;
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
    const nonce = Math.max(chain.latestNonce, await store.nextNonce(item.sender));
    if (!(await store.assign(item, nonce, gasLimit))) return;
    await this.advance({ ...item, nonce, gasLimit, status: "sent" }, wallet, chain);
  }

  private async sign(item: Item, wallet: Wallet, cancels: boolean): Promise<void> {
    const { provider, policy, store } = this.options;
    const block = await answered(provider.getBlock("latest"));
    const tip = await answered(provider.send("eth_maxPriorityFeePerGas", []) as Promise<string>);
    const market = { baseFee: block?.baseFeePerGas ?? 0n, tip: BigInt(tip) };
    const fees = feesFor(market, item.attempts, policy);
    const last = item.attempts[item.attempts.length - 1];
    if (fees === undefined) {
      this.options.onTrouble(
        new StarledgerError("fee_cap", { baseFee: String(market.baseFee), cap: String(policy.cap) }),
      );
      if (last !== undefined) await this.send(last);
      return;
    }
    const { chainId } = await answered(provider.getNetwork());
    const target = cancels ? { to: item.sender, data: "0x", value: 0n } : item.call;
    const transaction = Transaction.from({
      type: 2,
      chainId,
      nonce: item.nonce!,
      to: target.to,
      data: target.data,
      value: target.value,
      gasLimit: cancels ? NOTHING_GAS : item.gasLimit,
      maxFeePerGas: fees.maxFee,
      maxPriorityFeePerGas: fees.tip,
    });
    const raw = (await wallet.signTransaction(transaction)) as Hex;
    const hash = toHash(Transaction.from(raw).hash!);
    const attempt = { hash, raw, ...fees, signedAt: this.options.now(), cancels };
    await store.attempt(item, attempt);
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

  private async minedAttempt({ attempts }: Item): Promise<ItemOnChain["mined"]> {
    for (const { hash } of [...attempts].reverse()) {
      const receipt: TransactionReceipt | null = await answered(this.options.provider.getTransactionReceipt(hash));
      if (receipt !== null) return { hash, block: receipt.blockNumber, succeeded: receipt.status === 1 };
    }
    return undefined;
  }
}

/** The node has it already. */
function isKnown(error: unknown): boolean {
  return /already known|known transaction|nonce too low|already been used/i.test((error as Error).message);
}
