import { fail } from "../../errors";
import {
  checkInvoice,
  hashInvoice,
  payerExpiry,
  type Address,
  type Funds,
  type Hash,
  type LockOutcome,
  type SignedInvoice,
  type StateOperation,
} from "../../protocol";
import type { HeldNote, SignedClosing, SignedWithdrawal } from "../store";
import { agree, finishAgreement } from "./agree";
import { adoptShown, catchUp, look } from "./catchUp";
import { closeAlone } from "./closeAlone";
import { finishWithdrawal } from "./finishWithdrawal";
import { Holdings } from "./holdings";
import { makeInvoice, type InvoiceTerms } from "./makeInvoice";
import type { CloseIntent, WalletOptions } from "./options";
import { Proposals } from "./proposals";
import { receive } from "./receive";
import { isElsewhere, payByRoute, refundByRoute, sendOn } from "./route";
import { resynchronise } from "./resynchronise";
import { resumeWithdrawal, withdraw, type WithdrawalTerms } from "./withdraw";

/**
 * A self-custody user's side of one channel: signs, checks and remembers by the rules of section 4. It believes no word of
 * the service that is not signed, and no signature that it has not checked.
 */
export class Wallet extends Holdings {
  private readonly proposals: Proposals;

  private constructor(options: WalletOptions) {
    super(options);
    this.proposals = new Proposals(this.core);
  }

  /** A wallet for a channel that was never used. */
  static create(options: WalletOptions): Wallet {
    return new Wallet(options);
  }

  /** A wallet as its store remembers it; a state whose answer was lost is sent again by {@link resume}. */
  static async restore(options: WalletOptions): Promise<Wallet> {
    const wallet = new Wallet(options);
    wallet.memory.recall(await options.store.records(wallet.id));
    return wallet;
  }

  /**
   * The withdrawal of `amount` to `recipient` that is signed and not on the final chain yet, with S's signature.
   * @throws what the service refuses with
   */
  sameWithdrawal(amount: bigint, recipient: Address, maxFee?: bigint): Promise<SignedWithdrawal> | undefined {
    const { withdrawing, funds } = this.memory;
    if (withdrawing === undefined || withdrawing.withdrawal.recipient !== recipient) return undefined;
    const { withdrawal, signature, systemSignature } = withdrawing;
    if (withdrawal.withdrawn !== funds.withdrawn + amount) return undefined;
    if (systemSignature !== undefined) return Promise.resolve({ withdrawal, signature, systemSignature });
    return this.proposals.inTurn(() => resumeWithdrawal(this.core, withdrawing, maxFee));
  }

  /** Takes over what the final block, of time `finalTime`, says of the channel, from the user's own node. */
  updateFunds(funds: Funds, finalTime: bigint): void {
    this.memory.observe(funds, finalTime);
  }

  /** A close is pending, or about to be: from here on nothing is signed or believed (S6). */
  freeze(): Promise<void> {
    return this.memory.freeze();
  }

  /**
   * Decides to leave alone: freezes the channel, durably, and returns what to send to the hub.
   * @param now Unix seconds
   * @throws closing_pending while a cooperative closing may yet be mined (S8)
   */
  close(now: bigint): Promise<CloseIntent> {
    return closeAlone(this.core, now);
  }

  /**
   * Pays `amount` to another account of the system; resolves once S's signature is checked and stored.
   * @param maxFee the most that it may cost besides
   * @throws fee_too_high, insufficient_balance, channel_frozen, invalid_amount, and what the service refuses with
   */
  pay(to: Address, amount: bigint, reference: Hash, maxFee?: bigint): Promise<void> {
    return this.transact([{ type: "pay", to, amount, reference }], maxFee);
  }

  /**
   * Gives back what `to` paid under an invoice of this hash or, of a transfer, what `paymentReference` names; it
   * costs nothing.
   * @throws unknown_payment, wrong_refund, refund_exceeded, and what {@link pay} throws
   */
  refund(to: Address, amount: bigint, payment: Hash, reference: Hash): Promise<void> {
    return this.transact([{ type: "refund", to, amount, payment, reference }]);
  }

  /**
   * The same of what an account of another system has paid: it goes back through the routers of both.
   * @throws wrong_route, wrong_signer, and what {@link refund} throws
   */
  refundAcross(to: Address, amount: bigint, payment: Hash, reference: Hash): Promise<void> {
    return refundByRoute(this.core, this.proposals, { type: "refund", to, amount, payment, reference });
  }

  /**
   * Pays many in one state: all of them or none.
   * @param maxFee the most that they may cost together
   * @throws as {@link pay}
   */
  payMany(
    payments: readonly { readonly to: Address; readonly amount: bigint; readonly reference: Hash }[],
    maxFee?: bigint,
  ): Promise<void> {
    return this.transact(
      payments.map((payment) => ({ type: "pay", ...payment })),
      maxFee,
    );
  }

  /**
   * Asks to be paid by whoever holds the invoice, until it expires. The preimage that claims it is stored first.
   * @throws invalid_amount, out_of_range
   */
  invoice(terms: InvoiceTerms): Promise<SignedInvoice> {
    return makeInvoice(this.core, terms);
  }

  /**
   * Locks the invoice's amount and `fee`, or what the system asks for up to `maxFee`, for the payee; resolves once S's signature is checked and stored. Whether the
   * payee takes it {@link sync} finds out.
   * @throws wrong_signer, invalid_signature, unknown_asset, hash_used, invoice_closed, bad_expiry, and what {@link pay} throws
   */
  async payInvoice(signed: SignedInvoice, fee = 0n, maxFee?: bigint): Promise<void> {
    checkInvoice(this.core.separator, signed, this.options.channel.token);
    const { account: to, amount, hash, expiry } = signed.invoice;
    if (this.memory.locks.hasPaid(hash)) fail("hash_used", { hash });
    const reference = hashInvoice(signed.invoice);
    const until = payerExpiry(expiry, this.core.margin, this.core.now());
    const lock = { type: "lock", to, amount, fee, hash, expiry: until, reference } as const;
    await this.transact([lock], maxFee).catch(async (error: unknown) => {
      if (!isElsewhere(error)) throw error;
      await payByRoute(this.core, this.proposals, { type: "invoice", signed }, maxFee);
    });
  }

  /**
   * Pays `amount` to an account of another system of the service: locks it for the router of its own, by the system's signed
   * word that it brings it there. Whether it has arrived {@link sync} and {@link outcomeOf} find out.
   * @returns the hash of the lock
   * @throws unknown_account, wrong_route, wrong_signer, route_exhausted, and what {@link pay} throws
   */
  payAcross(to: Address, amount: bigint, reference: Hash, maxFee?: bigint): Promise<Hash> {
    const nonce = this.core.randomHash();
    return payByRoute(this.core, this.proposals, { type: "transfer", to, amount, reference, nonce }, maxFee);
  }

  /**
   * Claims what is promised under `hash`: gives S the preimage or, from half a margin before the expiry on, registers it
   * (U4).
   * @throws unknown_lock, lock_expired, and what the service refuses with
   */
  reveal(hash: Hash): Promise<void> {
    return this.claims.reveal(hash);
  }

  /**
   * Gives up what is promised under `hash`, so that the payer gets it back at once.
   * @throws unknown_lock if nothing is promised, or the preimage was given away already
   */
  async cancel(hash: Hash): Promise<void> {
    const { revealed, released } = this.memory.locks;
    const isPromised = this.incoming.some((lock) => lock.hash === hash);
    if (!isPromised || revealed.has(hash)) fail("unknown_lock", { hash });
    if (released.has(hash)) await this.resume();
    else await this.transact([{ type: "releaseLock", hash }]);
    await this.sync();
  }

  /**
   * Registers the preimages that S had and did not pay for in time, and notes which registrations the final chain shows
   * (U4). To be called at least once in half a margin.
   */
  registerDue(): Promise<void> {
    return this.claims.registerDue();
  }

  /** Takes over how S says outgoing locks have ended; the next state folds or drops them. */
  learn(outcomes: readonly LockOutcome[]): void {
    this.memory.locks.learn(outcomes);
  }

  /**
   * Carries out `operations` in one state, after folding the best note and what has ended of its locks. What is asked for
   * while a state is under way shares the next one: one signature, one round trip. What they cost is added.
   * @throws fee_too_high, insufficient_balance, channel_frozen, invalid_amount, and what the service refuses with; after a retryable
   * error the state may yet be completed: {@link resume} finds out
   */
  transact(operations: readonly StateOperation[], maxFee?: bigint): Promise<void> {
    return this.proposals.transact(operations, maxFee);
  }

  /** Sends again, as it is, whatever was signed and got no answer: a state, a withdrawal, a closing (U1). */
  async resume(): Promise<void> {
    if (this.isLost) return;
    await this.proposals.resume();
    await sendOn(this.core);
    await this.proposals.inTurn(async () => {
      const { withdrawing, agreeing } = this.memory;
      const isOpen = withdrawing && !withdrawing.systemSignature && withdrawing.outcome !== "refused";
      if (isOpen) await finishWithdrawal(this.core, withdrawing);
      if (agreeing && !agreeing.systemSignature) await finishAgreement(this.core, agreeing);
    });
  }

  /**
   * Takes over what U signed on another device or before a restored backup was overtaken, from what S shows of it.
   * @throws equivocation, invalid_signature, wrong_signer, locks_mismatch, and what {@link receive} throws
   */
  catchUp(): Promise<void> {
    return this.proposals.inTurn(() => catchUp(this.core));
  }

  /**
   * The same after a loss of data too, for whoever leaves the channel: nothing more will be signed on top of what both signed.
   * @throws what {@link catchUp} throws
   */
  catchUpToLeave(): Promise<void> {
    return this.proposals.inTurn(async () => adoptShown(this.core, await look(this.core)));
  }

  /**
   * Checks a note and believes it (U5); an older one than is held is ignored. What it promises under an invoice that is not
   * held back is claimed at once; a claim that gets no answer is repeated by {@link sync}, or registered (U4).
   * @throws invalid_signature, wrong_signer, channel_frozen, stale_note, locks_mismatch, bad_expiry, not_covered,
   * resynchronising
   */
  async receive(held: HeldNote): Promise<void> {
    this.core.requireNothingLost();
    if (await receive(this.core, held)) await this.claims.claim().catch(() => undefined);
  }

  /**
   * The wallet's records, or the newest of them, are lost: from here on nothing is signed or believed, and a close is humble, until
   * {@link resynchronise} has begun anew (S7). A store that comes out of a backup says so by itself.
   */
  async declareLoss(): Promise<void> {
    if (this.memory.lostBy !== "user") await this.memory.record({ type: "lost", by: "user" });
  }

  /**
   * Begins anew after a loss of data of either side (S7), once: both show their latest, and complete a state that outdates all that
   * either may have lost or hidden. After U's own loss not before what it may have signed can be sent no more, on the final
   * chain.
   * @throws resynchronising until that time is final, with `until`; lock_pending until every lock has ended; channel_frozen,
   * withdrawal_pending, stale_note if S does not pay what was registered in time, and what {@link catchUp} throws
   */
  resynchronise(): Promise<void> {
    return this.proposals.inTurn(async () => {
      if (!this.isLost) await look(this.core);
      if (this.isLost) await resynchronise(this.core, this.claims);
    });
  }

  /**
   * Fetches the latest note and how locks have ended, as after a time offline; claims, folds and drops what there is.
   * @throws what {@link receive}, {@link reveal} and {@link transact} throw
   */
  async sync(): Promise<void> {
    if (this.isLost) return await this.resynchronise();
    const held = await this.options.api.latestNote(this.id);
    if (held !== undefined) await this.receive(held);
    await this.claims.claim();
    await this.registerDue();
    await sendOn(this.core);
    const { locks } = this.memory;
    if (this.outgoing.length > 0) this.learn(await this.options.api.lockOutcomes(this.id));
    if (locks.outcomes.length > 0 || locks.hasReturned(this.state.noteSeq)) await this.transact([]);
  }

  /**
   * Signs a withdrawal of `amount` more to `recipient`, with the state that pays what the system asks for, up to `maxFee`; returns
   * it with both signatures once both are on the state too.
   * @throws fee_too_high, insufficient_balance, withdrawal_pending, bad_deadline, channel_frozen, not_covered, wrong_signer
   */
  withdraw(terms: WithdrawalTerms): Promise<SignedWithdrawal> {
    return this.proposals.inTurn(() => withdraw(this.core, terms));
  }

  /**
   * Agrees with S to end the epoch at what the channel stands at: returns the closing with both signatures, for the hub.
   * @param deadline Unix seconds
   * @throws channel_frozen, withdrawal_pending, state_mismatch while locks are pending, bad_deadline, wrong_signer
   */
  closeCooperatively(deadline: bigint): Promise<SignedClosing> {
    return this.proposals.inTurn(() => agree(this.core, deadline));
  }
}
