import { lockAt, type Address, type Hash, type Lock, type StateOperation } from "../../protocol";
import type { WalletRecord } from "../store";

/** One thing that happened to an account's money in a channel; amounts in base units, `time` in Unix seconds. */
export type HistoryEntry = {
  readonly time: bigint | undefined;
  /** Of the complete state that says so; `Client.receipt` shows it. */
  readonly version?: bigint;
} & (
  | { readonly type: "paid"; readonly to: Address; readonly amount: bigint; readonly reference: Hash }
  | {
      readonly type: "refunded";
      readonly to: Address;
      readonly amount: bigint;
      readonly payment: Hash;
      readonly reference: Hash;
    }
  | { readonly type: "charged"; readonly amount: bigint; readonly reference: Hash }
  | { readonly type: "redeemed"; readonly amount: bigint; readonly reference: Hash }
  /** By a note: payments and issues since the last one. */
  | { readonly type: "received"; readonly amount: bigint; readonly noteSeq: bigint }
  /** A conditional payment is on its way. */
  | {
      readonly type: "locked";
      readonly to: Address;
      readonly amount: bigint;
      readonly fee: bigint;
      readonly hash: Hash;
    }
  /** A conditional payment was taken: the preimage proves that its payee has the money. */
  | { readonly type: "settled"; readonly index: bigint; readonly hash: Hash; readonly preimage: Hash }
  /** It came back. */
  | { readonly type: "returned"; readonly index: bigint; readonly hash: Hash }
  | { readonly type: "withdrawn"; readonly amount: bigint; readonly recipient: Address }
  /** What was done on another device; its payments are not known here. */
  | { readonly type: "adopted"; readonly version: bigint }
  | { readonly type: "closing" }
);

/** What a channel's records tell, oldest first. */
export function historyOf(records: readonly WalletRecord[]): HistoryEntry[] {
  let credited = 0n;
  let withdrawn = 0n;
  let pending: readonly Lock[] = [];
  const payees = new Map<Hash, Address>();
  return records.flatMap((record): HistoryEntry[] => {
    const { time } = record;
    switch (record.type) {
      case "completed": {
        const { operations, state, locks } = record.completed;
        const known = [...pending, ...locks];
        pending = locks;
        return operations.flatMap((operation) =>
          entriesOf(operation, time, { known, payees }).map((entry) => ({ ...entry, version: state.version })),
        );
      }
      case "routed": {
        const { order, route } = record.routed;
        payees.set(route.invoice.hash, order.type === "invoice" ? order.signed.invoice.account : order.to);
        return [];
      }
      case "received": {
        const { seq, credited: total } = record.held.note;
        const amount = total - credited;
        credited = total;
        return amount > 0n ? [{ time, type: "received", amount, noteSeq: seq }] : [];
      }
      case "adopted": {
        const { version, noteCredited } = record.completed.state;
        pending = record.completed.locks;
        if (noteCredited > credited) credited = noteCredited;
        return [{ time, type: "adopted", version }];
      }
      case "withdrawal": {
        const { withdrawn: total, recipient } = record.withdrawal;
        const amount = total - withdrawn;
        withdrawn = total;
        // One whose payment was refused is kept again with another.
        return amount === 0n ? [] : [{ time, type: "withdrawn", amount, recipient }];
      }
      case "closing":
        return [{ time, type: "closing" }];
      default:
        return [];
    }
  });
}

/** The locks that are known, and whom they are for that a router sends on. */
interface Known {
  readonly known: readonly Lock[];
  readonly payees: ReadonlyMap<Hash, Address>;
}

function entriesOf(operation: StateOperation, time: bigint | undefined, { known, payees }: Known): HistoryEntry[] {
  switch (operation.type) {
    case "pay": {
      const { to, amount, reference } = operation;
      return [{ time, type: "paid", to, amount, reference }];
    }
    case "refund": {
      const { to, amount, payment, reference } = operation;
      return [{ time, type: "refunded", to, amount, payment, reference }];
    }
    case "fee":
      return [{ time, type: "charged", amount: operation.amount, reference: operation.reference }];
    case "redeem":
      return [{ time, type: "redeemed", amount: operation.amount, reference: operation.reference }];
    case "lock": {
      const { amount, fee, hash } = operation;
      return [{ time, type: "locked", to: payees.get(hash) ?? operation.to, amount, fee, hash }];
    }
    case "foldLock": {
      const { index, preimage } = operation;
      return [{ time, type: "settled", index, hash: lockAt(known, index).hash, preimage }];
    }
    case "dropLock":
      return [{ time, type: "returned", index: operation.index, hash: lockAt(known, operation.index).hash }];
    default:
      return [];
  }
}
