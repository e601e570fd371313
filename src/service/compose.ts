import { randomBytes } from "node:crypto";

import {
  addressOf,
  advanceState,
  checkInvoice,
  digest,
  hashInvoice,
  hashState,
  hashWithdrawal,
  hashClosing,
  recover,
  sign,
  type Address,
  type Hash,
  type Hex,
  type StateOperation,
  positiveAmount,
  toHex,
} from "../protocol";
import { accountIn, lockOutcomes, openChannelOf, type Command, type LedgerView } from "../engine";
import { fail } from "../errors";
import type { HostedWithdrawalRequest, InvoicePaymentRequest, PaymentRequest, Request } from "./requests";

/** Requests that the service signs in the user's name. */
const HOSTED = new Set<Request["type"]>(["pay", "payInvoice", "releaseHosted", "foldHosted", "withdrawHosted"]);
/** Requests that bring the user's signature. */
const SIGNED = new Set<Request["type"]>(["submitState", "withdraw", "closeCooperatively"]);

/** What turning requests into commands needs besides the ledger. */
export interface Composer {
  readonly system: Address;
  readonly separator: Hash;
  /** Seconds between the payer's expiry and the payee's. */
  readonly margin: bigint;
  seal(account: Address, privateKey: Hex): string;
  /** The key of a hosted account. */
  keyOf(account: Address, sealed: string): Hex;
}

export function isSignedForUser({ type }: Request): boolean {
  return HOSTED.has(type);
}

export function isSignedByUser({ type }: Request): boolean {
  return SIGNED.has(type);
}

/**
 * Recovers who signed a request and, for hosted accounts, signs in the user's name: the user's rules hold within the
 * batch, since a state is built on one that is complete if this commit succeeds, and void with it if not.
 * @throws invalid_signature, unknown_account, not_hosted, and what the rules for the proposal throw
 */
export function compose(view: LedgerView, request: Request, composer: Composer): Command {
  const { separator, system } = composer;
  switch (request.type) {
    case "submitState":
      return { ...request, signer: recover(digest(separator, hashState(request.proposal)), request.signature) };
    case "withdraw":
      return { ...request, signer: recover(digest(separator, hashWithdrawal(request.withdrawal)), request.signature) };
    case "closeCooperatively":
      return { ...request, signer: recover(digest(separator, hashClosing(request.closing)), request.signature) };
    case "openAccount":
      return {
        type: "openAccount",
        account: { address: request.address, system, custody: "self", sealedKey: null },
        tokens: request.tokens,
      };
    case "openHostedAccount": {
      const privateKey = request.privateKey ?? toHex(randomBytes(32));
      const address = addressOf(privateKey);
      const sealedKey = composer.seal(address, privateKey);
      return {
        type: "openAccount",
        account: { address, system, custody: "hosted", sealedKey },
        tokens: request.tokens,
      };
    }
    case "pay":
      return composePayment(view, request, composer);
    case "payInvoice":
      return composeInvoicePayment(view, request, composer);
    case "releaseHosted": {
      const { from, token, hash } = request;
      return composeState(view, from, token, [{ type: "releaseLock", hash }], composer);
    }
    case "foldHosted":
      return composeState(view, request.from, request.token, [], composer);
    case "withdrawHosted":
      return composeWithdrawal(view, request, composer);
    default:
      return request;
  }
}

function composePayment(view: LedgerView, request: PaymentRequest, composer: Composer): Command {
  const { from, to, token, amount, reference } = request;
  const operation =
    to === null ? ({ type: "redeem", amount, reference } as const) : ({ type: "pay", to, amount, reference } as const);
  return composeState(view, from, token, [operation], composer);
}

/** Locks what the invoice asks for: the payee's lock is to end with the invoice, the payer's a margin later. */
function composeInvoicePayment(view: LedgerView, request: InvoicePaymentRequest, composer: Composer): Command {
  const { from, signed, fee } = request;
  const { account: to, amount, hash, expiry, token } = signed.invoice;
  checkInvoice(composer.separator, signed, token);
  const reference = hashInvoice(signed.invoice);
  const lock = { type: "lock", to, amount, fee, hash, expiry: expiry + composer.margin, reference } as const;
  return composeState(view, from, token, [lock], composer);
}

/** The next state of a hosted account: folds what has come and what has ended, then carries out `operations`. */
function composeState(
  view: LedgerView,
  from: Address,
  token: Address,
  operations: readonly StateOperation[],
  composer: Composer,
): Command {
  const account = accountIn(view, from);
  const key = hostedKey(account.address, account.sealedKey, composer);
  const channel = openChannelOf(view, account, token);
  const { state, note, outgoing } = channel;
  const all: StateOperation[] = [...lockOutcomes(view, channel), ...operations];
  if (note.seq > state.noteSeq) all.unshift({ type: "fold", seq: note.seq, credited: note.credited });
  const proposal = advanceState(state, outgoing, all).state;
  const signature = sign(digest(composer.separator, hashState(proposal)), key);
  return { type: "submitState", proposal, operations: all, signature, signer: account.address };
}

function composeWithdrawal(view: LedgerView, request: HostedWithdrawalRequest, composer: Composer): Command {
  const account = accountIn(view, request.from);
  const key = hostedKey(account.address, account.sealedKey, composer);
  const { id, funds } = openChannelOf(view, account, request.token);
  const withdrawal = {
    channelId: id,
    withdrawn: funds.withdrawn + positiveAmount(request.amount),
    reclaimed: funds.reclaimed,
    recipient: request.recipient,
    deadline: request.deadline,
  };
  const signature = sign(digest(composer.separator, hashWithdrawal(withdrawal)), key);
  return { type: "withdraw", withdrawal, signature, signer: account.address };
}

function hostedKey(address: Address, sealed: string | null, composer: Composer): Hex {
  return composer.keyOf(address, sealed ?? fail("not_hosted", { account: address }));
}
