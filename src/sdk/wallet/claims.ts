import { fail } from "../../errors";
import { registerFrom, type Hash, type Lock } from "../../protocol";
import type { Core } from "./core";

/** Turns what U is promised into money: by giving S the preimage or, where that is not enough, on chain (U4). */
export class Claims {
  constructor(private readonly core: Core) {}

  /** The preimages that U gave away, or will, of what is promised. */
  get preimages(): Hash[] {
    const { incoming, locks } = this.core.memory;
    return incoming.filter((lock) => this.isClaimed(lock)).map(({ hash }) => locks.invoices.get(hash)!.preimage);
  }

  /** Gives S the preimages of what is promised; money that S signed for and that is stored. */
  async claim(): Promise<void> {
    for (const lock of this.core.memory.incoming) {
      if (this.isClaimed(lock) && !this.mustRegister(lock)) await this.reveal(lock.hash);
    }
  }

  /** @throws unknown_lock, lock_expired, and what the service refuses with */
  async reveal(hash: Hash): Promise<void> {
    const { memory, options } = this.core;
    const { locks } = memory;
    const own = locks.invoices.get(hash);
    const lock = memory.incoming.find((one) => one.hash === hash);
    if (own === undefined || lock === undefined || locks.released.has(hash)) return fail("unknown_lock", { hash });
    const isLate = this.mustRegister(lock);
    const now = this.core.now();
    if (now >= lock.expiry || (isLate && options.registrar === undefined)) {
      fail("lock_expired", { hash, expiry: lock.expiry, now });
    }
    if (!locks.revealed.has(hash)) await memory.record({ type: "revealed", hash });
    if (isLate) await this.registerDue();
    else await options.api.reveal(own.preimage);
  }

  /** Registers what S had and did not pay for in time, and notes which registrations the final chain shows. */
  async registerDue(): Promise<void> {
    const { memory, options } = this.core;
    const { registrar } = options;
    const claimed = memory.incoming.filter((lock) => this.isClaimed(lock) && !memory.locks.registered.has(lock.hash));
    if (registrar === undefined) return;
    const due: Hash[] = [];
    for (const lock of claimed) {
      const { hash, expiry } = lock;
      const time = await registrar.registeredAt(hash);
      if (time !== undefined && time < expiry) await memory.record({ type: "registered", hash });
      else if (this.mustRegister(lock) && this.core.now() < expiry) due.push(hash);
    }
    if (due.length === 0) return;
    for (const hash of due) await memory.record({ type: "revealed", hash });
    await registrar.register(due.map((hash) => memory.locks.invoices.get(hash)!.preimage));
  }

  /** U gave the preimage away, or will: what is promised is what its invoice asks for, and U did not give it up. */
  private isClaimed({ hash, amount }: Lock): boolean {
    const { invoices, released, revealed } = this.core.memory.locks;
    const own = invoices.get(hash);
    if (own === undefined || released.has(hash)) return false;
    return revealed.has(hash) || (!own.hold && amount >= own.invoice.amount);
  }

  /** U4: S had its time, or signs nothing any more. */
  private mustRegister({ expiry }: Lock): boolean {
    const { memory } = this.core;
    return memory.isFrozen || memory.isLost || this.core.now() >= registerFrom(expiry, this.core.margin);
  }
}
