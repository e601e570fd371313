import { StarledgerError } from "../../errors";
import type { Address } from "../../protocol";
import type { Item, ItemStore } from "./item";

/** Seconds that a cap on spending is for. */
const DAY = 86_400n;

/** What the keys may spend, and should have. */
export interface Budget {
  /** Wei that a sender should have at least; less is a trouble. */
  readonly leastBalance: bigint;
  /** Wei that a sender spends in 24 hours at most, but for what is vital; null for no cap. */
  readonly dailyCap: bigint | null;
}

/** What the senders have and spend, and who has too little. */
export class Purse {
  private readonly balances = new Map<Address, bigint>();

  constructor(
    private readonly store: Pick<ItemStore, "costSince" | "open">,
    private readonly budget: Budget,
    private readonly onTrouble: (error: StarledgerError) => void,
  ) {}

  /** Wei as of the last look; undefined before the first. */
  balanceOf(sender: Address): bigint | undefined {
    return this.balances.get(sender);
  }

  isLow(sender: Address): boolean {
    const balance = this.balances.get(sender);
    return balance !== undefined && balance < this.budget.leastBalance;
  }

  /** @param senders at least one */
  richestOf(senders: readonly Address[]): Address {
    const has = (sender: Address): bigint => this.balances.get(sender) ?? 0n;
    return senders.reduce((richest, one) => (has(one) > has(richest) ? one : richest));
  }

  /** Takes note of a balance; the trouble is told of once, until there is enough again. */
  see(sender: Address, balance: bigint): void {
    const wasLow = this.isLow(sender);
    this.balances.set(sender, balance);
    if (this.isLow(sender) && !wasLow) {
      this.onTrouble(new StarledgerError("low_balance", { sender, balance: String(balance) }));
    }
  }

  /**
   * Whether a call may be sent that costs `cost` wei at most, beside those under way.
   * @param now Unix seconds
   */
  async allows({ call, sender }: Item, cost: bigint, now: bigint): Promise<boolean> {
    const { dailyCap } = this.budget;
    if (dailyCap === null || call.vital) return true;
    const spent = await this.store.costSince(sender, now - DAY);
    const underWay = (await this.store.open(sender)).filter(({ status }) => status === "sent");
    const total = underWay.reduce((sum, item) => sum + mostOf(item), spent + cost);
    if (total <= dailyCap) return true;
    this.onTrouble(
      new StarledgerError("spending_cap", { sender, spent: String(spent), cost: String(cost), cap: String(dailyCap) }),
    );
    return false;
  }
}

/** What an item under way costs at most. */
function mostOf({ gasLimit, attempts }: Item): bigint {
  return gasLimit * (attempts[attempts.length - 1]?.maxFee ?? 0n);
}
