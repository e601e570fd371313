import type { Commit, Store, Write } from "../../src/store";
import { Crash } from "./crashing";

/** A store of a process that dies. */
export interface Mortal extends Store {
  readonly hasDied: boolean;
  /** Resolves when it does. */
  readonly died: Promise<void>;
}

/** The same store in a process that dies before the `point`-th time that it writes; nothing that it does then is written. */
export function mortal(store: Store, point: number): Mortal {
  let writes = 0;
  let die: () => void = () => undefined;
  const died = new Promise<void>((resolve) => (die = resolve));
  const live = async <T>(write: () => Promise<T>): Promise<T> => {
    writes += 1;
    if (writes >= point) {
      die();
      throw new Crash(`at write ${point}`);
    }
    return await write();
  };
  const { forwards } = store;
  const dying = Object.create(store) as Store;
  const guarded = Object.create(forwards) as Record<string, unknown>;
  for (const name of ["begin", "lock", "claim", "promise", "refuse", "settle", "fail", "end"] as const) {
    const write = forwards[name].bind(forwards) as (...values: unknown[]) => Promise<unknown>;
    guarded[name] = (...values: unknown[]) => live(() => write(...values));
  }
  return Object.defineProperties(dying, {
    forwards: { value: guarded },
    prepare: {
      value: (commit: Commit): Write => {
        const write = store.prepare(commit);
        return (lease) => live(() => write(lease));
      },
    },
    hasDied: { get: () => writes >= point },
    died: { value: died },
  }) as Mortal;
}
