import type { Store } from "../../src/store";

/** The process died at this point of a commit. */
export class Crash extends Error {}

/** When a process dies: before or after a commit is durable, or in the middle of its writes. */
export interface Crashing {
  crashAt: "never" | "before" | "within" | "after";
}

/** The same store in a process that dies during a commit. */
export function crashing(store: Store): Store & Crashing {
  const mortal = Object.create(store) as Store & Crashing;
  mortal.crashAt = "never";
  mortal.prepare = (commit) => async (lease) => {
    if (mortal.crashAt === "before") throw new Crash("before");
    if (mortal.crashAt === "within") {
      // The last row breaks: what was written before it must vanish with it.
      const replies = [...commit.replies, ...commit.replies];
      await store
        .prepare({ ...commit, replies })(lease)
        .catch(() => undefined);
      throw new Crash("within");
    }
    await store.prepare(commit)(lease);
    if (mortal.crashAt === "after") throw new Crash("after");
  };
  return mortal;
}
