import type { Item, Outbox } from "../../chain/outbox";
import type { Address, Hex } from "../../protocol";

/** A call that a dispute needs, whatever was spent; under the same name it is the same. */
export interface Task {
  readonly name: string;
  readonly to: Address;
  /** Made, and signed, only when it is not on its way yet. */
  readonly data: () => Hex | Promise<Hex>;
  /** Unix seconds after which it is of no use any more; null for never. */
  readonly deadline: bigint | null;
  /** Who must send it; anybody unless given. */
  readonly sender?: Address;
}

export type TaskOutbox = Pick<Outbox, "put" | "find" | "drop" | "sends">;

/**
 * What is to be sent for one purpose, as long as it is of use. A call that came to nothing is sent once more, under another
 * key: what it was to bring about is still to be done.
 */
export class Tasks {
  private keys = new Map<string, string>();

  constructor(private readonly outbox: TaskOutbox) {}

  /**
   * Makes these the calls that are to be sent: what waits and is not among them is given up.
   * @returns the item of each, in their order
   * @throws store_failed, signer_unavailable, signer_refused
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

  private async item({ name, to, data, deadline, sender }: Task): Promise<Item> {
    for (let time = 1; ; time++) {
      const key = `${name}:${time}`;
      const found = await this.outbox.find(key);
      if (found !== undefined && this.hasFailed(found)) continue;
      this.keys.set(name, key);
      if (found !== undefined) return found;
      return await this.outbox.put(key, { to, data: await data(), value: 0n, deadline, vital: true }, sender);
    }
  }

  /** What was left to an account whose key is not here any more is not sent by anybody. */
  private hasFailed({ status, sender }: Item): boolean {
    const isOver = status === "failed" || status === "cancelled";
    return isOver || (status !== "done" && !this.outbox.sends(sender));
  }
}
