import * as z from "zod";

import { fail, StarledgerError } from "../../errors";
import { paymentReference, toHash, ZERO_HASH, type Address, type ChannelId, type Hash } from "../../protocol";
import { systemLogId } from "../../wire";
import type { AccountName } from "../store";
import type { Wallet } from "../wallet";
import { unlessRefused } from "../wallet/refusals";
import { isElsewhere } from "../wallet/route";

/** A payment to another account of the system. */
export interface PaymentOrder {
  /** An account, or the name of one: see {@link Client.resolve}. */
  readonly to: Address | AccountName;
  readonly token: Address;
  /** Base units. */
  readonly amount: bigint;
  /** The payer's own mark. A reference that is not zero names one payment: asked for again, nothing is paid again. */
  readonly reference?: Hash;
  /** What the system may charge for it at most, in base units; nothing unless given. */
  readonly maxFee?: bigint;
}

/** Money that goes back to who paid it; it costs nothing. */
export interface RefundOrder extends Pick<PaymentOrder, "token" | "amount" | "reference"> {
  readonly to: Address;
  /** What was paid: the hash of an invoice of this account, or the id of a transfer to it. */
  readonly payment: string;
}

/** Milliseconds between two looks at what became of a payment to another system, and until nobody waits for it any more. */
const [EVERY, PATIENCE] = [100, 20_000];

/** What is paid under one reference. */
type Order = PaymentOrder & { readonly to: Address; readonly payment?: Hash };

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
  private readonly underWay = new Map<Hash, { readonly order: Order; readonly done: Promise<PaymentReceipt> }>();

  /**
   * @throws unknown_payment if the order names nothing that can be refunded, and what {@link pay} throws
   */
  async refund(wallet: Wallet, order: RefundOrder): Promise<PaymentReceipt> {
    return await this.pay(wallet, { ...order, payment: nameOf(order.payment) });
  }

  /** @throws idempotency_conflict, and what paying throws */
  async pay(wallet: Wallet, order: Order): Promise<PaymentReceipt> {
    const { reference = ZERO_HASH } = order;
    if (reference === ZERO_HASH) return payNow(wallet, order);
    // A payment that got no answer may be complete.
    await wallet.resume().catch(unlessRefused);
    const earlier = this.underWay.get(reference);
    if (earlier !== undefined) {
      requireSame(order, earlier.order);
      return earlier.done;
    }
    const made = wallet.paymentOf(reference);
    if (made !== undefined) requireSame(order, made);
    if (made !== undefined && made.hash === undefined) return receiptOf(wallet, order, made.version);
    const isBack = made?.hash !== undefined && wallet.outcomeOf(made.hash)?.status === "returned";
    const done = made?.hash === undefined || isBack ? payNow(wallet, order) : arrived(wallet, order, made.hash);
    this.underWay.set(reference, { order, done });
    return done.finally(() => this.underWay.delete(reference));
  }
}

async function payNow(wallet: Wallet, order: Order): Promise<PaymentReceipt> {
  const { to, amount, reference = ZERO_HASH, maxFee = 0n, payment } = order;
  if (payment !== undefined) {
    await wallet.refund(to, amount, payment, reference).catch(async (error: unknown) => {
      if (!isOfAnother(error)) throw error;
      await wallet.refundAcross(to, amount, payment, reference).catch((second: unknown) => {
        throw isUnknown(second) ? error : second;
      });
    });
  } else {
    const hash = await wallet.pay(to, amount, reference, maxFee).catch(async (error: unknown) => {
      if (!isElsewhere(error)) throw error;
      return await wallet.payAcross(to, amount, reference, maxFee);
    });
    if (hash !== undefined) return await arrived(wallet, order, hash);
  }
  return receiptOf(wallet, order, wallet.paymentOf(reference)?.version ?? wallet.state.version);
}

/** It was not that account which paid here: a router did, perhaps for it. */
function isOfAnother(error: unknown): boolean {
  return error instanceof StarledgerError && error.code === "wrong_refund";
}

/** No account of another system paid it either. */
function isUnknown(error: unknown): boolean {
  return error instanceof StarledgerError && (error.code === "unknown_payment" || error.code === "unknown_account");
}

/** What goes to an account of another system is paid when its lock is claimed. */
async function arrived(wallet: Wallet, order: Order, hash: Hash): Promise<PaymentReceipt> {
  for (const until = Date.now() + PATIENCE; ; await pause()) {
    const outcome = wallet.outcomeOf(hash);
    if (outcome?.status === "settled") return receiptOf(wallet, order, wallet.routedUnder(hash)!.version);
    if (outcome?.status === "returned") fail("returned", { hash });
    if (outcome?.status === "unknown") fail("outcome_unknown", { hash });
    if (Date.now() > until) fail("transfer_pending", { hash });
    await wallet.sync();
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, EVERY));
}

function receiptOf(wallet: Wallet, order: Order, version: bigint): PaymentReceipt {
  const { to, token, amount, reference = ZERO_HASH } = order;
  return { channelId: wallet.id, version, to, token, amount, reference };
}

function requireSame(order: Order, earlier: Pick<Order, "to" | "amount" | "payment">): void {
  if (order.to !== earlier.to || order.amount !== earlier.amount || order.payment !== earlier.payment) {
    fail("idempotency_conflict", { reference: order.reference, to: earlier.to, amount: earlier.amount });
  }
}

/** The 32 bytes that name what was paid. */
function nameOf(payment: string): Hash {
  if (/^0x[0-9a-f]{64}$/i.test(payment)) return toHash(payment);
  const transfer = z.safeDecode(systemLogId, payment);
  if (!transfer.success) return fail("unknown_payment", { payment });
  return paymentReference(transfer.data.system, transfer.data.number);
}
