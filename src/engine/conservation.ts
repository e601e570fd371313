import { fail } from "../errors";
import { balance, type Address } from "../protocol";
import type { LedgerAccount, NewEvent } from "./events";
import type { Ledger } from "./ledger";
import type { Asset, Channel } from "./records";
import { compare, type Difference } from "./reconciliation/difference";
import type { Changes, LedgerView } from "./view";

/**
 * Property 1, commit by commit: what the entries say that each customer gained or lost is what its channels gained or lost,
 * and what they gained and lost in all, with what waits for a preimage, is what the system owes more or less.
 * @throws journal_unbalanced
 */
export function requireConserved(before: LedgerView, changes: Pick<Changes, "assets" | "channels" | "events">): void {
  const sums = new Sums();
  for (const event of changes.events ?? []) book(event, sums);
  for (const channel of changes.channels ?? []) {
    const { user, token } = channel.key;
    const change = moneyOf(channel) - moneyOf(before.channel(channel.id));
    sums.add(token, user, -change);
  }
  for (const { system, token, liabilities } of changes.assets ?? []) {
    sums.add(token, "liabilities", (before.asset(system, token)?.liabilities ?? 0n) - liabilities);
  }
  sums.requireZero();
}

/**
 * Property 1, from the first event on: what the log says that each customer got and did not give is what its channel holds,
 * what is locked is what waits for a preimage, and all of it together is what the system owes. What is otherwise, is named.
 * @param totals Σ of the entries of one asset's book, by account
 */
export function differencesInBooks(
  ledger: Ledger,
  { token, liabilities }: Asset,
  totals: ReadonlyMap<LedgerAccount, bigint>,
): Difference[] {
  const held = new Map<LedgerAccount, bigint>();
  const hold = (account: LedgerAccount, amount: bigint) => held.set(account, (held.get(account) ?? 0n) + amount);
  for (const channel of ledger.channels.values()) {
    if (channel.key.token === token) hold(channel.key.user, moneyOf(channel));
  }
  for (const { payer, outgoing, status } of ledger.openHtlcs()) {
    if (status !== "settled" && ledger.channel(payer)?.key.token === token) hold("locked", outgoing.amount);
  }
  let owed = 0n;
  for (const amount of held.values()) owed += amount;
  const accounts = new Set([...totals.keys(), ...held.keys()]);
  return [
    ...[...accounts].flatMap((account) => {
      if (!isCustomer(account) && account !== "locked") return [];
      const kind = account === "locked" ? "locked_total" : "account_total";
      return compare(kind, { token, account }, totals.get(account) ?? 0n, held.get(account) ?? 0n);
    }),
    ...compare("liabilities", { token }, liabilities, owed),
  ];
}

/** Whether there is no difference in the books. */
export function booksHold(ledger: Ledger, asset: Asset, totals: ReadonlyMap<LedgerAccount, bigint>): boolean {
  return differencesInBooks(ledger, asset, totals).length === 0;
}

/** What a customer has in a channel and is not locked, as the books of the system have it. */
export function moneyOf(channel: Channel | undefined): bigint {
  if (channel === undefined || channel.status === "settled") return 0n;
  const { funds, state, note } = channel;
  return balance(funds, state, note) - state.locked;
}

function book({ type, account, counterparty, token, amount }: NewEvent, sums: Sums): void {
  if (amount === null) return;
  if (account === null || counterparty === null || token === null || amount < 0n) {
    fail("journal_unbalanced", { type, account, counterparty, token, amount });
  }
  for (const [side, change] of [
    [account, -amount],
    [counterparty, amount],
  ] as const) {
    if (isCustomer(side)) sums.add(token, side, change);
    if (isCustomer(side) || side === "locked") sums.add(token, "liabilities", change);
  }
}

/** Whether an account of the books is a customer's, not the system's own. */
export function isCustomer(account: string): account is Address {
  return account.startsWith("0x");
}

/** What is to come to nothing, by token: of each customer, and of what the system owes in all. */
class Sums {
  private readonly tokens = new Map<Address, Map<string, bigint>>();

  add(token: Address, book: string, change: bigint): void {
    let sums = this.tokens.get(token);
    if (sums === undefined) this.tokens.set(token, (sums = new Map<string, bigint>()));
    sums.set(book, (sums.get(book) ?? 0n) + change);
  }

  requireZero(): void {
    for (const [token, sums] of this.tokens) {
      for (const [book, sum] of sums) if (sum !== 0n) fail("journal_unbalanced", { token, book, sum });
    }
  }
}
