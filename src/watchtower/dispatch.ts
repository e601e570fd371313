import type { Item, ItemStore, Outbox } from "../chain/outbox";
import type { Address } from "../protocol";
import type { Due } from "./defence";

/** What a dispatcher is made of. */
export interface DispatchOptions {
  readonly outbox: Outbox;
  readonly items: Pick<ItemStore, "finish">;
  readonly senders: readonly Address[];
  /** Calls of one sender that wait at most. */
  readonly window: number;
}

/** How often the same is sent again after it was refused, or came too late, though it is still due. */
const ATTEMPTS = 20;

/**
 * Hands to the outbox what is due, the most urgent first, as much as it can carry at once; what waits there and is due no more
 * makes room. What is under way already is found by its name.
 * @throws store_failed
 */
export async function dispatch(dues: readonly Due[], options: DispatchOptions): Promise<void> {
  const { outbox, items, senders, window } = options;
  const open = (await Promise.all(senders.map((sender) => outbox.open(sender)))).flat();
  const wanted = new Set(dues.map(({ name }) => name));
  let room = window * senders.length;
  const underWay = new Set<string>();
  for (const item of open) {
    const name = nameOf(item);
    if (item.status === "waiting" && !wanted.has(name)) {
      await items.finish(item, "cancelled", null);
      continue;
    }
    underWay.add(name);
    if (item.status === "waiting") room -= 1;
  }
  const waiting = dues.filter(({ name }) => !underWay.has(name)).sort(byDeadline);
  for (const { name, call } of waiting.slice(0, Math.max(0, room))) {
    const key = await freeKey(outbox, name);
    if (key !== undefined) await outbox.put(key, call);
  }
}

function byDeadline(a: Due, b: Due): number {
  return a.call.deadline < b.call.deadline ? -1 : a.call.deadline > b.call.deadline ? 1 : 0;
}

function nameOf({ key }: Item): string {
  return key.slice(0, key.lastIndexOf("#"));
}

async function freeKey(outbox: Outbox, name: string): Promise<string | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const key = `${name}#${attempt}`;
    if ((await outbox.find(key)) === undefined) return key;
  }
  return undefined;
}
