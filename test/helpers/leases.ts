import type { TestDatabase } from "./databases";

/** What `act` leads to in a process that stands still from then on: no timer of it ever fires. */
export async function withoutRenewals<T>(act: () => Promise<T>): Promise<T> {
  const { setInterval } = globalThis;
  const never = (callback: () => void): NodeJS.Timeout => setInterval(callback, 2 ** 31 - 1);
  globalThis.setInterval = never as typeof setInterval;
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
