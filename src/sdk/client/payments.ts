import { fail } from "../../errors";
import { ZERO_HASH, type Address, type ChannelId, type Hash } from "../../protocol";
import type { Wallet } from "../wallet";

/** A payment to another account of the system. */
export interface PaymentOrder {
  readonly to: Address;
  readonly token: Address;
  /** Base units. */
  readonly amount: bigint;
  /** The payer's own mark. A reference that is not zero names one payment: asked for again, nothing is paid again. */
  readonly reference?: Hash;
  /** What the system may charge for it at most, in base units; nothing unless given. */
  readonly maxFee?: bigint;
}

/** A payment that is complete: the state of this version, which both sides signed, says so. */
export interface PaymentReceipt {
  readonly channelId: ChannelId;
  readonly version: bigint;
  readonly to: Address;
  readonly token: Address;
  readonly amount: bigint;
  readonly reference: Hash;
}

/** Pays each reference of one channel once (case 25). */
export class Payments {
  private readonly underWay = new Map<Hash, { readonly order: PaymentOrder; readonly done: Promise<PaymentReceipt> }>();

  /** @throws idempotency_conflict, and what paying throws */
  async pay(wallet: Wallet, order: PaymentOrder): Promise<PaymentReceipt> {
    const { reference = ZERO_HASH } = order;
    if (reference === ZERO_HASH) return payNow(wallet, order);
    // A payment that got no answer may be complete.
    await wallet.resume();
    const earlier = this.underWay.get(reference);
    if (earlier !== undefined) {
      requireSame(order, earlier.order);
      return earlier.done;
    }
    const made = wallet.paymentOf(reference);
    if (made !== undefined) {
      requireSame(order, { ...order, ...made });
      return receiptOf(wallet, order, made.version);
    }
    const done = payNow(wallet, order);
    this.underWay.set(reference, { order, done });
    return done.finally(() => this.underWay.delete(reference));
  }
}

async function payNow(wallet: Wallet, order: PaymentOrder): Promise<PaymentReceipt> {
  const { to, amount, reference = ZERO_HASH, maxFee = 0n } = order;
  await wallet.pay(to, amount, reference, maxFee);
  return receiptOf(wallet, order, wallet.paymentOf(reference)?.version ?? wallet.state.version);
}

function receiptOf(wallet: Wallet, order: PaymentOrder, version: bigint): PaymentReceipt {
  const { to, token, amount, reference = ZERO_HASH } = order;
  return { channelId: wallet.id, version, to, token, amount, reference };
}

function requireSame(order: PaymentOrder, earlier: Pick<PaymentOrder, "to" | "amount">): void {
  if (order.to !== earlier.to || order.amount !== earlier.amount) {
    fail("idempotency_conflict", { reference: order.reference, to: earlier.to, amount: earlier.amount });
  }
}
