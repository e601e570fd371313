import { StarledgerError } from "../../errors";
import type { Address, Hex } from "../../protocol";
import { byDeadline, type Item } from "./item";
import type { Outbox } from "./outbox";

/** A call that has to be sent, whatever was spent; under the same name it is the same. */
export interface Task {
  /** Says what is shown, and of what. */
  readonly name: string;
  readonly to: Address;
  /** Made, and signed, only when it is not on its way yet. */
  readonly data: () => Hex | Promise<Hex>;
  /** Unix seconds after which it is of no use any more; null for never. */
  readonly deadline: bigint | null;
  /** Who must send it; anybody unless given. */
  readonly sender?: Address;
}

/** What tasks are made of. */
export interface TasksOptions {
  readonly outbox: Pick<Outbox, "put" | "find" | "drop" | "sends" | "items">;
  /** What their keys begin with, and nobody else's in the outbox. */
  readonly scope: string;
  /** Calls that wait for a nonce at most: what is due is found out anew with every look. */
  readonly room: number;
  readonly onTrouble: (error: StarledgerError) => void;
}

/**
 * What is to be sent, as long as it is of use. It keeps nothing: what is on its way is found by its name, also after a restart. A
 * call that came to nothing is sent once more, under another key: what it was to bring about is still to be done.
 */
export class Tasks {
  constructor(private readonly options: TasksOptions) {}

  /**
   * Makes these the calls that are to be sent, the most urgent first; what waits and is not among them is given up.
   * @param isUnclear whether that is not known of a call that waits, by its name
   * @returns what is on its way, or over, by name
   * @throws store_failed
   */
  async set(tasks: readonly Task[], isUnclear: (name: string) => boolean = () => false): Promise<Map<string, Item>> {
    const { outbox, room } = this.options;
    const wanted = new Set(tasks.map(({ name }) => name));
    const items = new Map<string, Item>();
    let waiting = 0;
    for (const item of await outbox.items()) {
      const name = this.nameOf(item);
      if (name === undefined) continue;
      if (item.status === "waiting" && !wanted.has(name) && !isUnclear(name)) {
        await outbox.drop(item.key);
        continue;
      }
      items.set(name, item);
      if (item.status === "waiting") waiting += 1;
    }
    for (const task of tasks.filter(({ name }) => !items.has(name)).sort(byDeadline)) {
      if (waiting >= room) break;
      const item = await this.take(task);
      if (item === undefined) continue;
      items.set(task.name, item);
      if (item.status === "waiting") waiting += 1;
    }
    return items;
  }

  /** @returns undefined where the call cannot be made now: that holds up no other */
  private async take({ name, to, data, deadline, sender }: Task): Promise<Item | undefined> {
    const { outbox, scope, onTrouble } = this.options;
    for (let time = 1; ; time++) {
      const key = `${scope}${name}:${time}`;
      const found = await outbox.find(key);
      if (found !== undefined && this.hasFailed(found)) continue;
      if (found !== undefined) return found;
      try {
        const call = { to, data: await data(), value: 0n, deadline, vital: true } as const;
        return await outbox.put(key, call, sender);
      } catch (error) {
        if (!(error instanceof StarledgerError) || error.code === "store_failed") throw error;
        onTrouble(new StarledgerError(error.code, { ...error.details, task: name }));
        return undefined;
      }
    }
  }

  /** What was left to an account whose key is not here any more is not sent by anybody. */
  private hasFailed({ status, sender }: Item): boolean {
    const isOver = status === "failed" || status === "cancelled";
    return isOver || (status !== "done" && !this.options.outbox.sends(sender));
  }

  private nameOf({ key }: Item): string | undefined {
    const { scope } = this.options;
    return key.startsWith(scope) ? key.slice(scope.length, key.lastIndexOf(":")) : undefined;
  }
}
