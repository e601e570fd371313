import { randomBytes } from "node:crypto";

import { addressOf, toHex } from "../protocol";
import type { Command, LedgerView } from "../engine";
import { bulkOpening } from "./bulkOpening";
import type { Signers } from "./checks";
import {
  cancellingInvoice,
  hostedBatch,
  hostedClosing,
  hostedInvoice,
  hostedInvoicePayment,
  hostedLock,
  hostedPayment,
  hostedState,
  hostedWithdrawal,
  refunding,
  settlingInvoice,
  type Signing,
} from "./hosted";
import type { Request } from "./requests";
import { hostedResynchronisation, resynchronisation, type Resynchronising } from "./resynchronisation";

/** Requests that the service signs in the user's name. */
const HOSTED = new Set<Request["type"]>([
  "pay",
  "refund",
  "payBatch",
  "payInvoice",
  "lockHosted",
  "invoice",
  "releaseHosted",
  "foldHosted",
  "withdrawHosted",
  "closeHosted",
  "resynchroniseHosted",
]);
/** Requests that bring the user's signature. */
const SIGNED = new Set<Request["type"]>(["submitState", "withdraw", "closeCooperatively", "resynchronise"]);

/** What turning requests into commands needs besides the ledger. */
export interface Composer extends Signing, Resynchronising {
  /** When the system lost data, in Unix seconds, if it ever has (S7). */
  lostSince(): bigint | undefined;
}

export function isSignedForUser({ type }: Request): boolean {
  return HOSTED.has(type);
}

export function isSignedByUser({ type }: Request): boolean {
  return SIGNED.has(type);
}

/** How much of a commit a request takes: one for each whom it pays. */
export function weightOf(request: Request): number {
  if (request.type === "openMany") return request.openings.length;
  if (request.type === "payBatch") return request.items.length;
  if (request.type !== "submitState") return 1;
  return Math.max(1, request.operations.filter(({ type }) => type === "pay" || type === "lock").length);
}

/**
 * Says who signed a request and, for hosted accounts, signs in the user's name: the user's rules hold within the
 * batch, since a state is built on one that is complete if this commit succeeds, and void with it if not.
 * @param signed what was signed of the request, and who signed it
 * @throws invalid_signature, unknown_account, not_hosted, fee_too_high, unknown_invoice, invoice_closed, and what the rules
 * for the proposal throw
 */
export function compose(view: LedgerView, request: Request, composer: Composer, signed: Signers): Command {
  const { system } = composer;
  switch (request.type) {
    case "submitState": {
      const { type, proposal, operations, signature } = request;
      const { hash, signer } = signed(0);
      return { type, proposal, operations, signature, hash, signer };
    }
    case "closeCooperatively":
      return { ...request, signer: signed(0).signer };
    case "withdraw": {
      const withdrawal = { ...request, signer: signed(0).signer };
      return { ...withdrawal, payment: request.payment && { ...request.payment, ...signed(1) } };
    }
    case "addAsset": {
      const lostSince = composer.lostSince();
      return lostSince === undefined ? request : { ...request, lostSince };
    }
    case "openAccount":
      return {
        type: "openAccount",
        account: { address: request.address, system, custody: "self", sealedKey: null, status: "open" },
        tokens: request.tokens,
      };
    case "openHostedAccount": {
      const privateKey = request.privateKey ?? toHex(randomBytes(32));
      const address = addressOf(privateKey);
      const sealedKey = composer.seal(address, privateKey);
      return {
        type: "openAccount",
        account: { address, system, custody: "hosted", sealedKey, status: "open" },
        tokens: request.tokens,
        isNew: request.privateKey === undefined,
      };
    }
    case "openMany":
      return bulkOpening(view, request, composer);
    case "pay":
      return hostedPayment(view, request, composer);
    case "refund":
      return refunding(view, request, composer);
    case "payBatch":
      return hostedBatch(view, request, composer);
    case "payInvoice":
      return hostedInvoicePayment(view, request, composer);
    case "lockHosted":
      return hostedLock(view, request, composer);
    case "invoice":
      return hostedInvoice(view, request, composer);
    case "settleInvoice":
      return settlingInvoice(view, request.hash, composer);
    case "cancelInvoice":
      return cancellingInvoice(view, request.hash, composer);
    case "releaseHosted": {
      const { from, token, hash } = request;
      return hostedState(view, from, token, [{ type: "releaseLock", hash }], composer);
    }
    case "foldHosted":
      return hostedState(view, request.from, request.token, [], composer);
    case "withdrawHosted":
      return hostedWithdrawal(view, request, composer);
    case "closeHosted":
      return hostedClosing(view, request, composer);
    case "resynchronise":
      return resynchronisation(view, request, signed(0).signer, composer);
    case "resynchroniseHosted":
      return hostedResynchronisation(view, request.channelId, composer);
    default:
      return request;
  }
}
