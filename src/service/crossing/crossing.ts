import { setTimeout as delay } from "node:timers/promises";

import { fail, StarledgerError, type ErrorCode } from "../../errors";
import {
  checkInvoice,
  domainSeparator,
  hashInvoice,
  hashOfPreimage,
  toHash,
  toHex,
  type Address,
  type Hash,
  type Invoice,
  type SignedInvoice,
} from "../../protocol";
import type { Forward, NewForward, Store } from "../../store";
import type { AccountService } from "../accountService";
import type { Keystore } from "../keystore";
import type { LockRequest } from "../requests";
import type { Services } from "../services";
import { openRouter } from "./router";

/** Milliseconds between two looks at what became of a payment, and until it is answered anyhow. */
const [EVERY, PATIENCE] = [25, 6_000];

/** What the same request says again. */
const SAME = ["source", "target", "token", "payer", "payee", "amount", "reference", "isDirect"] as const;

/** What payments between systems are made of. */
export interface CrossingOptions {
  readonly services: Services;
  readonly store: Store;
  readonly keystore: Keystore;
}

/** What became of a payment to another system; where it came back, why. */
export interface CrossingOutcome {
  readonly status: "paid" | "pending" | "returned";
  readonly refused: ErrorCode | null;
}

/** A direct transfer that is to go to another system. */
export interface Transfer {
  readonly from: Address;
  readonly to: Address;
  readonly token: Address;
  readonly amount: bigint;
  readonly reference: Hash;
}

/**
 * Payments to accounts of other systems: the payer's side (section 8). The payer locks the money for the router of its own
 * system; the payee's system locks as much, from its router, a margin less long, and the payee is paid before the payer's
 * lock is claimed. The forwarders of both systems see to the rest.
 */
export class Crossing {
  constructor(private readonly options: CrossingOptions) {}

  /**
   * The other system that the payee's account is of; undefined if it is of the payer's.
   * @throws unknown_asset where that system does not list the token
   */
  async targetOf(service: AccountService, to: Address, token: Address): Promise<Address | undefined> {
    const { services, store } = this.options;
    if (service.hasAccount(to) || services.systems.length < 2) return undefined;
    const system = await store.whereabouts.ofAccount(to);
    if (system === undefined || system === service.identity.system || !services.systems.includes(system))
      return undefined;
    const listing = await store.whereabouts.listing(token);
    return listing.includes(system) ? system : fail("unknown_asset", { system, token });
  }

  /** A transfer, whose preimage the service makes: the same for the same request. */
  transfer(service: AccountService, target: Address, order: Transfer, request: string): NewForward {
    const { from: payer, to: payee, ...terms } = order;
    const hash = hashOfPreimage(preimageOf(this.options.keystore, request));
    const arrives = arrivalOf(service);
    const { system: source } = service.identity;
    return { ...terms, hash, request, source, target, payer, payee, arrives, isDirect: true };
  }

  /**
   * The payment of an invoice, whose preimage the payee has.
   * @throws invalid_signature, wrong_signer
   */
  payment(service: AccountService, target: Address, from: Address, signed: SignedInvoice, request: string): NewForward {
    const { hash, amount, token, account: payee } = signed.invoice;
    const { system: source, domain } = service.identity;
    checkInvoice(domainSeparator(domain), signed, token);
    const arrives = arrivalOf(service, signed.invoice);
    const terms = { hash, amount, token, arrives, reference: hashInvoice(signed.invoice) };
    return { ...terms, request, source, target, payer: from, payee, isDirect: false };
  }

  /**
   * Notes it before anything of it happens.
   * @returns it as it was begun first
   * @throws idempotency_conflict, hash_used
   */
  async begin(forward: NewForward): Promise<Forward> {
    const { hash, request } = forward;
    const begun = (await this.options.store.forwards.begin(forward)) ?? fail("hash_used", { hash });
    return SAME.every((name) => begun[name] === forward[name]) ? begun : fail("idempotency_conflict", { key: request });
  }

  /** The payer's lock, for the router. */
  async lockFor(service: AccountService, forward: NewForward, maxFee?: bigint): Promise<LockRequest> {
    const { payer: from, token, amount, hash, arrives, reference } = forward;
    const { key } = await openRouter(service, this.options.keystore, token);
    const expiry = arrives + service.margin;
    return { type: "lockHosted", from, to: key.user, token, amount, hash, expiry, reference, maxFee };
  }

  /** The payer's lock is durable: it goes on to the payee's system. */
  async sendOff({ hash }: Pick<Forward, "hash">): Promise<void> {
    await this.options.store.forwards.lock(hash);
  }

  /**
   * Waits until the payee is paid.
   * @throws what kept the payee's system from paying it; transfer_pending if that is not known soon
   */
  async requirePaid({ hash }: Pick<Forward, "hash">): Promise<void> {
    const { forwards } = this.options.store;
    for (const until = Date.now() + PATIENCE; Date.now() < until; await delay(EVERY)) {
      const forward = await forwards.find(hash);
      if (forward?.preimage != null) return;
      if (forward?.status === "over" && forward.failure !== null) throw failureOf(forward.failure);
    }
    fail("transfer_pending", { hash });
  }

  /** The same as an answer: what became of it, as far as that is known soon. */
  async outcomeOf(forward: Pick<Forward, "hash">): Promise<CrossingOutcome> {
    try {
      await this.requirePaid(forward);
      return { status: "paid", refused: null };
    } catch (error) {
      if (!(error instanceof StarledgerError) || error.code === "store_failed") throw error;
      if (error.code === "transfer_pending") return { status: "pending", refused: null };
      return { status: "returned", refused: error.code };
    }
  }
}

/**
 * When the lock between the systems ends, at the payer's (Unix seconds): two margins after the invoice. Of a transfer, a
 * margin each for the payee, for its system and for this one; and one for delays.
 */
export function arrivalOf({ time, margin }: AccountService, invoice?: Invoice): bigint {
  return invoice === undefined ? time + 4n * margin : invoice.expiry + 2n * margin;
}

/** Of a transfer; it is the secret of the service until the payee's system has promised the money. */
export function preimageOf(keystore: Keystore, request: string): Hash {
  return toHash(toHex(keystore.derive(`transfer ${request}`)));
}

function failureOf(text: string): StarledgerError {
  const { code, details } = JSON.parse(text) as { code: ErrorCode; details: Record<string, string> };
  return new StarledgerError(code, details);
}
