import type { Address } from "../../src/protocol";
import type { Payment } from "./input";

/** What each account is short of when the payments run in order: the credit that it gets beforehand. */
export function creditsFor(payments: readonly Payment[]): Map<Address, bigint> {
  const running = new Map<Address, bigint>();
  const credits = new Map<Address, bigint>();
  for (const { from, to, amount } of payments) {
    const left = (running.get(from) ?? 0n) - amount;
    running.set(from, left);
    running.set(to, (running.get(to) ?? 0n) + amount);
    credits.set(to, credits.get(to) ?? 0n);
    if (-left > (credits.get(from) ?? 0n)) credits.set(from, -left);
    else credits.set(from, credits.get(from) ?? 0n);
  }
  return credits;
}

/** What everybody has after all payments, by plain addition: nothing of the system under test is used. */
export function balancesAfter(
  credits: ReadonlyMap<Address, bigint>,
  payments: readonly Payment[],
): Map<Address, bigint> {
  const balances = new Map(credits);
  for (const { from, to, amount } of payments) {
    balances.set(from, (balances.get(from) ?? 0n) - amount);
    balances.set(to, (balances.get(to) ?? 0n) + amount);
  }
  return balances;
}
