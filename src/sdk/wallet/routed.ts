import type { Hash } from "../../protocol";
import type { RoutedPayment, WalletRecord } from "../store";

/** A payment to an account of another system whose lock is complete. */
export interface Routed extends RoutedPayment {
  /** Of the state that locked. */
  readonly version: bigint;
  /** The service was told to send it on. */
  readonly isSent: boolean;
}

/** What a wallet remembers of its payments to accounts of other systems, by the hashes of their locks. */
export class RoutedPayments {
  private readonly planned = new Map<Hash, RoutedPayment>();
  private readonly locked = new Map<Hash, Routed>();

  remember(record: WalletRecord): void {
    switch (record.type) {
      case "routed":
        this.planned.set(record.routed.route.invoice.hash, record.routed);
        return;
      case "completed": {
        const { operations, state } = record.completed;
        for (const operation of operations) {
          const routed = operation.type === "lock" ? this.planned.get(operation.hash) : undefined;
          if (routed === undefined) continue;
          const { invoice } = routed.route;
          this.locked.set(invoice.hash, { ...routed, version: state.version, isSent: false });
        }
        return;
      }
      case "sentOn": {
        const routed = this.locked.get(record.hash);
        if (routed !== undefined) this.locked.set(record.hash, { ...routed, isSent: true });
      }
    }
  }

  under(hash: Hash): Routed | undefined {
    return this.locked.get(hash);
  }

  /** Those that the service was not told of yet. */
  unsent(): Routed[] {
    return [...this.locked.values()].filter(({ isSent }) => !isSent);
  }
}
