import { fromJson } from "../json";
import type { Address } from "../types";

/** An account of a customer, or the money that waits for a preimage, that the log takes more from than it had. */
export interface Overdraft {
  readonly token: Address;
  readonly account: string;
  readonly balance: bigint;
}

type Text = readonly [bigint, number, string, string | null, string | null, unknown, Address | null, bigint | null];

/** The commit that an event says it is of; undefined if the text is not an event's. */
export function commitOf(text: string): bigint | undefined {
  return parsed(text)?.[0];
}

/** The books as the log leads to them: what each customer has, and what the system owes (property 1). */
export class JournalBooks {
  private readonly balances = new Map<string, bigint>();
  private readonly owed = new Map<Address, bigint>();
  private touched = new Map<string, { readonly token: Address; readonly account: string }>();

  /** Base units that customers have, with what waits for a preimage. */
  owedIn(token: Address): bigint {
    return this.owed.get(token) ?? 0n;
  }

  /** Books what moved money; what is no event moves none. */
  book(text: string): void {
    const [, , , account, counterparty, , token, amount] = parsed(text) ?? [];
    if (!token || typeof amount !== "bigint") return;
    this.move(token, account, -amount);
    this.move(token, counterparty, amount);
  }

  /** Whom the last commit has left with less than nothing. */
  overdrafts(): Overdraft[] {
    const found = [...this.touched].flatMap(([key, { token, account }]) => {
      const balance = this.balances.get(key)!;
      return balance < 0n ? [{ token, account, balance }] : [];
    });
    this.touched = new Map<string, never>();
    return found;
  }

  private move(token: Address, account: string | null | undefined, change: bigint): void {
    if (!account || (!account.startsWith("0x") && account !== "locked")) return;
    const key = token + account;
    this.balances.set(key, (this.balances.get(key) ?? 0n) + change);
    this.owed.set(token, this.owedIn(token) + change);
    this.touched.set(key, { token, account });
  }
}

function parsed(text: string): Text | undefined {
  if (text === "") return undefined;
  return fromJson(text) as Text;
}
