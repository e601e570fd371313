import type { Call, Item, Outbox } from "../../chain/outbox";
import type { Address } from "../../protocol";

/** A call that a dispute needs; under the same name it is the same. */
export interface Task {
  readonly name: string;
  readonly call: Call;
  /** Who must send it; anybody unless given. */
  readonly sender?: Address;
}

/**
 * What is to be sent for one purpose, as long as it is of use. A call that came to nothing is sent once more, under another
 * key: what it was to bring about is still to be done.
 */
export class Tasks {
  private keys = new Map<string, string>();

  constructor(private readonly outbox: Pick<Outbox, "put" | "find" | "drop">) {}

  /**
   * Makes these the calls that are to be sent: what waits and is not among them is given up.
   * @returns the item of each, in their order
   * @throws store_failed
   */
  async set(tasks: readonly Task[]): Promise<Item[]> {
    const names = new Set(tasks.map(({ name }) => name));
    for (const [name, key] of this.keys) {
      if (names.has(name)) continue;
      await this.outbox.drop(key);
      this.keys.delete(name);
    }
    const items: Item[] = [];
    for (const task of tasks) items.push(await this.item(task));
    return items;
  }

  private async item({ name, call, sender }: Task): Promise<Item> {
    for (let time = 1; ; time++) {
      const key = `${name}:${time}`;
      const found = await this.outbox.find(key);
      if (found?.status === "failed" || found?.status === "cancelled") continue;
      this.keys.set(name, key);
      return found ?? (await this.outbox.put(key, call, sender));
    }
  }
}
