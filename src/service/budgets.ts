import { fail } from "../errors";
import { maximum, type Address } from "../protocol";
import type { Spent } from "../store";
import type { Movement } from "./movement";

/** How much of a token may be moved in each period of so many seconds since 1970. */
export interface Limit {
  readonly token: Address;
  readonly amount: bigint;
  readonly seconds: number;
}

/** To what a key is held; tokens that it does not name may not be moved at all. */
export interface Budget {
  readonly key: string;
  readonly limits: readonly Limit[];
}

/** What keys have moved, as of a commit that is being made. */
export class SpendingBook {
  private readonly known = new Map<string, Spent>();
  private readonly changed = new Set<string>();

  constructor(spent: Iterable<Spent>) {
    for (const one of spent) this.known.set(nameOf(one), one);
  }

  /** What this commit changes. */
  changes(): Spent[] {
    return [...this.changed].map((name) => this.known.get(name)!);
  }

  /**
   * What is moved if a request that moves `moved` is carried out, to be {@link add}ed then.
   * @param now Unix seconds
   * @throws budget_exceeded
   */
  charge(moved: Movement | null, budgets: readonly Budget[], now: bigint): Spent[] {
    if (moved === null) return [];
    return budgets.flatMap(({ key, limits }) => {
      const { token } = moved;
      const own = limits.filter((limit) => limit.token === token);
      if (own.length === 0) fail("budget_exceeded", { token, limit: 0 });
      return own.map(({ seconds, amount: limit }) => {
        const before = this.known.get(nameOf({ key, token, seconds }));
        // A clock that goes back begins no period anew.
        const start = maximum(now - (now % BigInt(seconds)), before?.start ?? 0n);
        const spent = before?.start === start ? before.amount : 0n;
        const amount = spent + moved.amount;
        if (amount > limit) fail("budget_exceeded", { token, limit, spent, until: start + BigInt(seconds) });
        return { key, token, seconds, start, amount };
      });
    });
  }

  add(charged: readonly Spent[]): void {
    for (const one of charged) {
      const name = nameOf(one);
      this.known.set(name, one);
      this.changed.add(name);
    }
  }
}

function nameOf({ key, token, seconds }: Pick<Spent, "key" | "token" | "seconds">): string {
  return `${key} ${token} ${seconds}`;
}
