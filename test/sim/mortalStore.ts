import type { FileStore, WalletRecord, WalletStore } from "../../src/sdk";
import { toLine } from "../../src/sdk/stores/recordLines";
import type { Store } from "../../src/store";
import type { Query } from "../../src/store/query";
import { cutWithin, tornDatabase } from "./disk";
import { never, type Life } from "./life";
import type { Outside } from "./quiet";
import { RunningTotals } from "./runningTotals";

/**
 * The store of a process that may die in a commit; what it answers is heard in the order in which it was asked. The log is added up
 * as it grows, so that the books can be looked at all the time.
 */
export function mortal(store: Store, life: Life, outside: Outside): Store {
  const prepare: Store["prepare"] = (commit) => {
    const write = store.prepare(commit);
    return (lease) => life.write(() => write(lease), tornDatabase);
  };
  const running = new RunningTotals(store.log);
  const log = ordered(store.log, life, outside, {
    totals: (system, token, range) =>
      outside.wait(() => (range === undefined ? running.of(system, token) : store.log.totals(system, token, range))),
  });
  const forwards = written(store.forwards, life, outside, ["find", "open", "begun", "unclaimed"]);
  const returns = written(store.returns, life, outside, ["last", "open", "rank"]);
  return ordered(store, life, outside, { prepare, log, forwards, returns });
}

/** A part of a store all of whose methods write, each once, but for these. */
function written<T extends object>(part: T, life: Life, outside: Outside, reads: readonly (keyof T)[]): T {
  const read = ordered(part, life, outside);
  return new Proxy(part, {
    get: (target, name) => {
      if (reads.includes(name as keyof T)) return Reflect.get(read, name);
      const write = Reflect.get(target, name, target) as (...inputs: unknown[]) => Promise<unknown>;
      return (...inputs: unknown[]) => life.write(() => Reflect.apply(write, target, inputs), tornDatabase);
    },
  });
}

/** The same of a database whose statements are each a commit of their own. */
export function mortalQuery(query: Query, life: Life, outside: Outside): Query {
  return (sql, ...values) =>
    /^\s*SELECT /.test(sql)
      ? life.hears(outside.wait(() => query(sql, ...values)))
      : life.write(() => query(sql, ...values), tornDatabase);
}

/** The file of a wallet that may die while it appends; `onAppended` is told of what is on disk then. */
export function mortalFile(
  store: FileStore,
  life: Life,
  outside: Outside,
  onAppended: (record: WalletRecord) => void,
): WalletStore {
  return {
    append: async (record) => {
      const line = toLine(record);
      await life.write(
        () => store.append(record),
        (_, after, share) => cutWithin(line, after, share),
      );
      onAppended(record);
    },
    records: (id) => life.hears(outside.wait(() => store.records(id))),
  };
}

/** An object, and the parts that it is made of, whose promises are heard of as {@link Outside} says; by the dead it is not asked. */
function ordered<T extends object>(whole: T, life: Life, outside: Outside, instead: Partial<T> = {}): T {
  return new Proxy(whole, {
    get: (target, name) => {
      if (name in instead) return Reflect.get(instead, name);
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value === "object" && value !== null) return ordered(value, life, outside);
      if (typeof value !== "function") return value;
      return (...inputs: unknown[]): unknown => {
        if (life.isOver) return never();
        const answer: unknown = Reflect.apply(value, target, inputs);
        return answer instanceof Promise ? outside.wait(() => answer as Promise<unknown>) : answer;
      };
    },
  });
}
