import type { Hash, LockOrder, Route } from "../../protocol";
import type { RoutedPayment, WalletRecord } from "../store";

/** A payment to an account of another system whose lock is complete. */
export interface Routed {
  readonly order: LockOrder;
  readonly route: Route;
  /** Of the state that locked. */
  readonly version: bigint;
  /** The service was told to send it on. */
  readonly isSent: boolean;
}

/** What a wallet remembers of its payments to accounts of other systems, by the hashes of their locks, and of refunds there. */
export class RoutedPayments {
  private readonly planned = new Map<Hash, RoutedPayment>();
  private readonly locked = new Map<Hash, Routed>();

  remember(record: WalletRecord): void {
    switch (record.type) {
      case "routed": {
        const { order, route } = record.routed;
        this.planned.set(order.type === "refund" ? order.reference : route.invoice.hash, record.routed);
        return;
      }
      case "completed": {
        const { operations, state } = record.completed;
        for (const operation of operations) {
          const { order, route } = (operation.type === "lock" && this.planned.get(operation.hash)) || {};
          if (order === undefined || order.type === "refund" || route === undefined) continue;
          this.locked.set(route.invoice.hash, { order, route, version: state.version, isSent: false });
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

  /** Whom a refund that the router gets under this mark is for. */
  refundUnder(reference: Hash): RoutedPayment | undefined {
    return this.planned.get(reference);
  }

  /** Those that the service was not told of yet. */
  unsent(): Routed[] {
    return [...this.locked.values()].filter(({ isSent }) => !isSent);
  }
}
