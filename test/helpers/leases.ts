/** What `act` leads to in a process that stands still from then on: no timer of it ever fires. */
export async function withoutRenewals<T>(act: () => Promise<T>): Promise<T> {
  const { setInterval } = globalThis;
  globalThis.setInterval = (callback: () => void) => setInterval(callback, 2 ** 31 - 1);
  try {
    return await act();
  } finally {
    globalThis.setInterval = setInterval;
  }
}
