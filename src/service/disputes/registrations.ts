import type { Task } from "../../chain/outbox";
import { encodeReveal } from "../../chain/dispute";
import { minimum, type Address, type Hash } from "../../protocol";
import type { DuePreimage } from "../../engine";
import type { AccountService } from "../accountService";
import { nameOf, portions } from "./plan";

/**
 * Makes public, while it counts, what payers owe who have not folded, or cannot, and what another system has not claimed: then
 * they pay on chain, or by it (section 7).
 */
export class Registrations {
  /** Each with the time until which it is due, in Unix seconds. What is in one transaction stays in it. */
  private groups: { readonly preimages: readonly Hash[]; readonly until: bigint }[] = [];

  constructor(
    private readonly service: AccountService,
    private readonly registry: Address,
  ) {}

  /** @throws store_failed */
  async due(): Promise<Task[]> {
    const due = [...this.service.preimagesToRegister(), ...(await this.unclaimed())];
    const open = new Set(due.map(({ preimage }) => preimage));
    this.groups = this.groups.filter(({ preimages }) => preimages.some((one) => open.has(one)));
    const grouped = new Set(this.groups.flatMap(({ preimages }) => preimages));
    for (const some of portions(due.filter(({ preimage }) => !grouped.has(preimage)))) {
      const until = some.map((one) => one.until).reduce(minimum);
      this.groups.push({ preimages: some.map(({ preimage }) => preimage), until });
    }
    return this.groups.map((group) => this.taskOf(group));
  }

  /**
   * What another system's router is to claim and has not, since nobody leads that system: once the preimage is public, it is
   * paid however late it claims.
   */
  private async unclaimed(): Promise<DuePreimage[]> {
    const { store, identity, time, margin } = this.service;
    const late = await store.forwards.unclaimed(identity.system, time, time + margin / 2n);
    return late.flatMap(({ hash, preimage, arrives: until }) => {
      return preimage === null || this.service.isRegistered(hash) ? [] : { preimage, until };
    });
  }

  private taskOf({ preimages, until }: Registrations["groups"][number]): Task {
    const data = () => encodeReveal(preimages);
    return { name: `reveal:${nameOf(preimages)}`, to: this.registry, data, deadline: until };
  }
}
