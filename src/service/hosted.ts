import {
  accountIn,
  assetIn,
  feesFor,
  leftOf,
  lessBy,
  lockOutcomes,
  openChannelOf,
  payeeOf,
  type Channel,
  type Command,
  type LedgerView,
  type SignedState,
} from "../engine";
import { fail, StarledgerError } from "../errors";
import {
  advanceState,
  checkInvoice,
  digest,
  feesIn,
  hashClosing,
  hashInvoice,
  hashOfPreimage,
  hashState,
  hashWithdrawal,
  netOf,
  payerExpiry,
  positiveAmount,
  sign,
  toHash,
  withdrawalFee,
  withFees,
  type Address,
  type Hash,
  type Hex,
  type Invoice,
  type SignedInvoice,
  type StateOperation,
} from "../protocol";
import type {
  BatchRequest,
  HostedClosingRequest,
  HostedWithdrawalRequest,
  InvoicePaymentRequest,
  InvoiceRequest,
  LockRequest,
  PaymentRequest,
  RefundRequest,
} from "./requests";

/** What signing for users needs besides the ledger. */
export interface Signing {
  readonly system: Address;
  readonly separator: Hash;
  /** Seconds between the payer's expiry and the payee's. */
  readonly margin: bigint;
  /** Unix seconds. */
  now(): bigint;
  /** A preimage that nobody can guess. */
  randomHash(): Hash;
  /** Encrypts a secret that opens for its subject only. */
  seal(subject: Hex, secret: Hex): string;
  open(subject: Hex, sealed: string): Hex;
  /** The key of a hosted account. */
  keyOf(account: Address, sealed: string): Hex;
}

/** A direct transfer or, to nobody, a redemption. */
export function hostedPayment(view: LedgerView, request: PaymentRequest, signing: Signing): Command {
  const { from, to, token, amount, reference, maxFee } = request;
  const operation =
    to === null ? ({ type: "redeem", amount, reference } as const) : ({ type: "pay", to, amount, reference } as const);
  return hostedState(view, from, token, [operation], signing, maxFee);
}

/**
 * Gives back what was paid, or a part of it.
 * @throws unknown_payment, refund_exceeded, and what {@link hostedState} throws
 */
export function refunding(view: LedgerView, request: RefundRequest, signing: Signing): Command {
  const { payment, payee, reference } = request;
  const before = view.refundable(payment, payee) ?? fail("unknown_payment", { payment });
  const amount = request.amount ?? leftOf(before);
  if (payee === "redeemed") return { type: "refundRedemption", payment, amount, reference };
  // Whoever asks for too much is told that, whatever the payee has.
  lessBy(before, amount);
  const operation = { type: "refund", to: before.payer, amount, payment, reference } as const;
  return hostedState(view, payee, before.token, [operation], signing);
}

/**
 * Many transfers in one state: all of them or none.
 * @throws what {@link payeeOf} throws, with the number of the `item`, and what {@link hostedState} throws
 */
export function hostedBatch(view: LedgerView, request: BatchRequest, signing: Signing): Command {
  const { from, token, items, maxFee } = request;
  const payer = openChannelOf(view, accountIn(view, from), token);
  const asset = assetIn(view, signing.system, token);
  items.forEach(({ to }, item) => {
    try {
      payeeOf(view, payer, asset, to);
    } catch (error) {
      throw ofItem(error, item);
    }
  });
  const operations = items.map(({ lock, ...item }) =>
    lock === undefined ? ({ type: "pay", ...item } as const) : ({ type: "lock", ...item, ...lock, fee: 0n } as const),
  );
  return hostedState(view, from, token, operations, signing, maxFee);
}

/** An error that says which item of a batch it is about. */
export function ofItem(error: unknown, item: number): unknown {
  return error instanceof StarledgerError
    ? new StarledgerError(error.code, { ...error.details, item: String(item) })
    : error;
}

/**
 * Locks what the invoice asks for: the payee's lock is to end with the invoice, or as late as it takes to claim it, the
 * payer's a margin later.
 */
export function hostedInvoicePayment(view: LedgerView, request: InvoicePaymentRequest, signing: Signing): Command {
  const { from, signed, fee, maxFee } = request;
  const { account: to, amount, hash, expiry, token } = signed.invoice;
  checkInvoice(signing.separator, signed, token);
  const reference = hashInvoice(signed.invoice);
  const until = payerExpiry(expiry, signing.margin, signing.now());
  const lock = { type: "lock", to, amount, fee, hash, expiry: until, reference } as const;
  return hostedState(view, from, token, [lock], signing, maxFee);
}

/** Locks what its payee gets when it shows the preimage. */
export function hostedLock(view: LedgerView, request: LockRequest, signing: Signing): Command {
  const { from, to, token, amount, hash, expiry, reference, maxFee } = request;
  const lock = { type: "lock", to, amount, fee: 0n, hash, expiry, reference } as const;
  return hostedState(view, from, token, [lock], signing, maxFee);
}

/**
 * The next state of a hosted account: folds what has come and what has ended, then carries out `operations`, with the fees
 * that they cost.
 * @throws fee_too_high, unknown_account, unknown_channel, channel_frozen, closing_pending, not_hosted, and what the rules for
 * the state throw
 */
export function hostedState(
  view: LedgerView,
  from: Address,
  token: Address,
  operations: readonly StateOperation[],
  signing: Signing,
  maxFee?: bigint,
): Command {
  const account = accountIn(view, from);
  const key = hostedKey(account.address, account.sealedKey, signing);
  const channel = openChannelOf(view, account, token);
  const charged = withFees(feesFor(view, channel), operations);
  requireCheap(feesIn(charged), maxFee);
  return { type: "submitState", ...nextSigned(view, channel, charged, key, signing) };
}

/**
 * A withdrawal and, where it is charged, the state that pays for it.
 * @throws as {@link hostedState}
 */
export function hostedWithdrawal(view: LedgerView, request: HostedWithdrawalRequest, signing: Signing): Command {
  const account = accountIn(view, request.from);
  const key = hostedKey(account.address, account.sealedKey, signing);
  const channel = openChannelOf(view, account, request.token);
  const { id, funds } = channel;
  const amount = positiveAmount(request.amount);
  const withdrawal = {
    channelId: id,
    withdrawn: funds.withdrawn + amount,
    reclaimed: funds.reclaimed,
    recipient: request.recipient,
    deadline: request.deadline,
  };
  const hash = hashWithdrawal(withdrawal);
  const signature = sign(digest(signing.separator, hash), key);
  const fee = withdrawalFee(feesFor(view, channel), amount, hash);
  requireCheap(fee?.amount ?? 0n, request.maxFee);
  const payment = fee && nextSigned(view, channel, [fee], key, signing);
  return { type: "withdraw", withdrawal, signature, signer: account.address, payment };
}

/** The next state of a hosted account's channel, which folds what there is to fold. */
function nextSigned(
  view: LedgerView,
  channel: Channel,
  operations: readonly StateOperation[],
  key: Hex,
  { separator }: Signing,
): SignedState {
  const { state, note, outgoing } = channel;
  const all: StateOperation[] = [...lockOutcomes(view, channel), ...operations];
  if (note.seq > state.noteSeq) all.unshift({ type: "fold", seq: note.seq, credited: note.credited });
  const proposal = advanceState(state, outgoing, all).state;
  const hash = hashState(proposal);
  return { proposal, operations: all, signature: sign(digest(separator, hash), key), hash, signer: channel.key.user };
}

/** @throws fee_too_high */
function requireCheap(fee: bigint, maxFee: bigint | undefined): void {
  if (maxFee !== undefined && fee > maxFee) fail("fee_too_high", { fee, maxFee });
}

/** Ends the epoch with what the channel stands at. */
export function hostedClosing(view: LedgerView, request: HostedClosingRequest, signing: Signing): Command {
  const account = accountIn(view, request.from);
  const key = hostedKey(account.address, account.sealedKey, signing);
  const { id, state, note } = openChannelOf(view, account, request.token);
  const closing = { channelId: id, net: netOf(state, note), deadline: request.deadline };
  const signature = sign(digest(signing.separator, hashClosing(closing)), key);
  return { type: "closeCooperatively", closing, signature, signer: account.address };
}

/** Makes a preimage, which never leaves but to claim what is promised, and signs what it asks for. */
export function hostedInvoice(view: LedgerView, request: InvoiceRequest, signing: Signing): Command {
  const { account, token, amount, expiry, memo, hold } = request;
  const preimage = signing.randomHash();
  const hash = hashOfPreimage(preimage);
  const signed = signInvoice(view, { hash, amount: positiveAmount(amount), token, expiry, account, memo }, signing);
  const sealedPreimage = signing.seal(hash, preimage);
  return { type: "addInvoice", invoice: { ...signed, system: signing.system, sealedPreimage, hold } };
}

/** @throws unknown_account, not_hosted */
export function signInvoice(view: LedgerView, invoice: Invoice, signing: Signing): SignedInvoice {
  const account = accountIn(view, invoice.account);
  const key = hostedKey(account.address, account.sealedKey, signing);
  return { invoice, signature: sign(digest(signing.separator, hashInvoice(invoice)), key) };
}

/**
 * Claims what is promised under an invoice. Once more changes nothing.
 * @throws unknown_invoice, invoice_closed
 */
export function settlingInvoice(view: LedgerView, hash: Hash, signing: Signing): Command {
  const known = view.preimage(hash);
  if (known !== undefined) return { type: "reveal", preimage: known.preimage };
  const { status, sealedPreimage } = view.invoice(hash) ?? fail("unknown_invoice", { hash });
  if (status !== "held") fail("invoice_closed", { hash, status });
  return { type: "reveal", preimage: toHash(signing.open(hash, sealedPreimage)) };
}

/**
 * Takes an invoice back; what is promised under it is given up.
 * @throws unknown_invoice, invoice_closed
 */
export function cancellingInvoice(view: LedgerView, hash: Hash, signing: Signing): Command {
  const { invoice, status } = view.invoice(hash) ?? fail("unknown_invoice", { hash });
  if (status !== "held") return { type: "cancelInvoice", hash };
  return hostedState(view, invoice.account, invoice.token, [{ type: "releaseLock", hash }], signing);
}

function hostedKey(address: Address, sealed: string | null, signing: Signing): Hex {
  return signing.keyOf(address, sealed ?? fail("not_hosted", { account: address }));
}
