import { isLost, type Channel, type CommandOf } from "../engine";
import { maximum, type Address } from "../protocol";
import type { Store } from "../store";
import type { Loss } from "../store/losses";

type Declare = (command: CommandOf<"declareLoss">) => Promise<unknown>;

/** The last loss of data of a system that was declared while it was stopped (S7). */
export class DataLoss {
  private constructor(
    private readonly store: Pick<Store, "losses">,
    private readonly system: Address,
    private loss: Loss | undefined,
  ) {}

  /** @throws store_failed */
  static async of(system: Address, store: Pick<Store, "losses">): Promise<DataLoss> {
    return new DataLoss(store, system, await store.losses.of(system));
  }

  /**
   * Unix seconds; undefined if none was ever declared. A clock that is behind the chain would end the wait too early: the chain's
   * own time counts too, as soon as it is seen.
   */
  get since(): bigint | undefined {
    return this.loss && maximum(this.loss.declared, this.loss.seen ?? 0n);
  }

  /** Freezes all that the system may have signed for, before anything else is asked of it: again with every start until the chain was seen. */
  async carryOut(channels: Iterable<Channel>, declare: Declare): Promise<void> {
    if (this.loss?.seen !== null) return;
    await this.declare(
      [...channels].filter(({ status }) => status !== "settled"),
      this.loss.declared,
      declare,
    );
  }

  /** @param time Unix seconds of the last final block */
  async see(time: bigint, channels: Iterable<Channel>, declare: Declare): Promise<void> {
    if (this.loss?.seen !== null) return;
    const { declared } = this.loss;
    const waiting = [...channels].filter(isLost);
    if (time > declared) await this.declare(waiting, time, declare);
    await this.store.losses.see(this.system, time);
    this.loss = { declared, seen: time };
  }

  private async declare(channels: readonly Channel[], since: bigint, declare: Declare): Promise<void> {
    const { system } = this;
    await declare({ type: "declareLoss", system, since, channels: channels.map(({ id }) => id) });
  }
}
