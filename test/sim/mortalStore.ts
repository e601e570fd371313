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
  const commit: Store["commit"] = (...made) => life.write(() => store.commit(...made), tornDatabase);
  const running = new RunningTotals(store.log);
  const log = ordered(store.log, life, outside, {
    totals: (system, token, range) =>
      outside.wait(() => (range === undefined ? running.of(system, token) : store.log.totals(system, token, range))),
  });
  return ordered(store, life, outside, { commit, log });
}

/** The same of a database whose statements are each a commit of their own. */
export function mortalQuery(query: Query, life: Life, outside: Outside): Query {
  return (sql, ...values) =>
    /^\s*SELECT /.test(sql)
      ? life.hears(outside.wait(() => query(sql, ...values)))
      : life.write(() => query(sql, ...values), tornDatabase);
}

/** The file of a wallet that may die while it appends; `onAppended` is told of what is on disk then. */
export function mortalFile(store: FileStore, life: Life, onAppended: (record: WalletRecord) => void): WalletStore {
  return {
    append: async (record) => {
      const line = toLine(record);
      await life.write(
        () => store.append(record),
        (_, after, share) => cutWithin(line, after, share),
      );
      onAppended(record);
    },
    records: (id) => store.records(id),
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
