import pLimit from "p-limit";

/** What `act` gives for each number from 0 on, so many of them at once. */
export function times<T>(count: number, atOnce: number, act: (i: number) => Promise<T>): Promise<T[]> {
  const limit = pLimit(atOnce);
  return Promise.all(Array.from({ length: count }, (_, i) => limit(() => act(i))));
}
