import type { TestDatabase } from "./databases";

/** What `act` leads to in a process that stands still from then on: no timer of it ever fires. */
export function withoutRenewals<T>(act: () => Promise<T>): Promise<T> {
  return withTimers(() => 2 ** 31 - 1, act);
}

/** What `act` leads to where a timer that is to fire every so many milliseconds does so every `instead` of them. */
export async function withTimers<T>(instead: (milliseconds: number) => number, act: () => Promise<T>): Promise<T> {
  const { setInterval } = globalThis;
  const other = (callback: () => void, wanted: number) => setInterval(callback, instead(wanted));
  globalThis.setInterval = other as typeof setInterval;
  try {
    return await act();
  } finally {
    globalThis.setInterval = setInterval;
  }
}

/** Makes it as long ago as need be that whoever led on the database has died: the next one need not wait for its leases. */
export function endLeases(database: TestDatabase, url: string): Promise<void> {
  return database.execute(url, "UPDATE leases SET until = 0");
}
