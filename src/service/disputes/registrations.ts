import type { Task } from "../../chain/outbox";
import { encodeReveal } from "../../chain/dispute";
import { minimum, type Address, type Hash } from "../../protocol";
import type { AccountService } from "../accountService";
import { nameOf, portions } from "./plan";

/** Makes public, while it counts, what payers owe who have not folded, or cannot: then they pay on chain (section 7). */
export class Registrations {
  /** Each with the time until which it is due, in Unix seconds. What is in one transaction stays in it. */
  private groups: { readonly preimages: readonly Hash[]; readonly until: bigint }[] = [];

  constructor(
    private readonly service: AccountService,
    private readonly registry: Address,
  ) {}

  due(): Task[] {
    const due = this.service.preimagesToRegister();
    const open = new Set(due.map(({ preimage }) => preimage));
    this.groups = this.groups.filter(({ preimages }) => preimages.some((one) => open.has(one)));
    const grouped = new Set(this.groups.flatMap(({ preimages }) => preimages));
    for (const some of portions(due.filter(({ preimage }) => !grouped.has(preimage)))) {
      const until = some.map((one) => one.until).reduce(minimum);
      this.groups.push({ preimages: some.map(({ preimage }) => preimage), until });
    }
    return this.groups.map((group) => this.taskOf(group));
  }

  private taskOf({ preimages, until }: Registrations["groups"][number]): Task {
    const data = () => encodeReveal(preimages);
    return { name: `reveal:${nameOf(preimages)}`, to: this.registry, data, deadline: until };
  }
}
