import { fail } from "../errors";
import type { Address, Hash } from "../protocol";

/**
 * The system's own side of the books; customers' accounts are named by their address. `locked` is customers' money that
 * waits for a preimage, `fees` what S earned.
 */
export type ContraAccount = "issued" | "deposited" | "withdrawn" | "redeemed" | "settled" | "locked" | "fees";

/** One line of the double-entry journal: `amount` is added to `account`. */
export interface JournalLine {
  readonly system: Address;
  readonly token: Address;
  readonly account: Address | ContraAccount;
  readonly amount: bigint;
  readonly reference: Hash;
}

/** Two lines: `amount` goes from one account to another. */
export function entry(
  book: { readonly system: Address; readonly token: Address },
  from: JournalLine["account"],
  to: JournalLine["account"],
  amount: bigint,
  reference: Hash,
): JournalLine[] {
  const { system, token } = book;
  return [
    { system, token, account: from, amount: -amount, reference },
    { system, token, account: to, amount, reference },
  ];
}

/**
 * Every commit adds up to zero per system and token (property 1).
 * @throws journal_unbalanced
 */
export function requireBalanced(lines: readonly JournalLine[]): void {
  const sums = new Map<string, bigint>();
  for (const line of lines) {
    const book = line.system + line.token;
    sums.set(book, (sums.get(book) ?? 0n) + line.amount);
  }
  for (const [book, sum] of sums) if (sum !== 0n) fail("journal_unbalanced", { book, sum });
}
