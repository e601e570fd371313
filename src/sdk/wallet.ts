import { fail, StarledgerError } from "../errors";
import {
  advanceState,
  available,
  balance,
  channelId,
  checkExpiry,
  checkInvoice,
  checkNote,
  checkOwnWithdrawal,
  DEFAULT_LOCK_POLICY,
  digest,
  domainSeparator,
  emptyNote,
  emptyState,
  hashInvoice,
  hashNote,
  hashOfPreimage,
  hashState,
  hashWithdrawal,
  maximum,
  minimum,
  NO_FUNDS,
  positiveAmount,
  recover,
  registerFrom,
  SystemVerifier,
  toHash,
  ZERO_HASH,
  type Address,
  type AssetSettings,
  type ChannelId,
  type ChannelKey,
  type Domain,
  type Funds,
  type Hash,
  type Lock,
  type LockOutcome,
  type Note,
  type Signature,
  type SignedInvoice,
  type State,
  type StateOperation,
  type UserView,
  type Withdrawal,
} from "../protocol";
import type { Registrar, ServiceApi } from "./api";
import { WalletLocks } from "./locks";
import type { Completed, HeldNote, Proposal, WalletRecord, WalletStore } from "./store";

/** What a wallet needs to know; all of it from the chain or the user, nothing from the service. */
export interface WalletOptions {
  /** Signs a digest with the user's key; may ask a device or another program. */
  readonly sign: (digest: Hash) => Signature | Promise<Signature>;
  readonly channel: ChannelKey;
  readonly asset: AssetSettings;
  readonly domain: Domain;
  /** The system's signers on the hub, final. */
  readonly signers: ReadonlySet<Address>;
  readonly api: ServiceApi;
  readonly store: WalletStore;
  /** The preimage registry; without it a wallet that is promised money depends on S to be paid (U4). */
  readonly registrar?: Registrar;
  /** Seconds by which S ends a payee's lock before the payer's; an hour unless given. */
  readonly margin?: bigint;
  /** Unix seconds. */
  readonly now?: () => bigint;
  /**
   * The key was made here and never left, and the store cannot have been rolled back. Only then does the wallet close at the
   * risk of the penalty; else, and by default, it closes humbly (U3).
   */
  readonly isOriginal?: boolean;
  /** Shared by wallets of one process, so that a batch that pays many of them is checked once. */
  readonly verifier?: SystemVerifier;
}

/** What a user sends to the hub to close alone (section 6). */
export interface CloseIntent {
  readonly channel: ChannelKey;
  readonly completed: Completed | undefined;
  readonly held: HeldNote | undefined;
  readonly humble: boolean;
  /** Native coin to send along: the asset's fee for a humble close. */
  readonly fee: bigint;
  /** Unix seconds: when the transaction is void. */
  readonly deadline: bigint;
}

/** How long a close may wait to be mined, in seconds, unless the challenge period is shorter. */
const CLOSE_PATIENCE = 3_600n;

interface Waiting {
  readonly operations: readonly StateOperation[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const OPERATIONS_PER_STATE = 256;

/**
 * A self-custody user's side of one channel: signs, checks and remembers by the rules of section 4. It believes no word of
 * the service that is not signed, and no signature that it has not checked.
 */
export class Wallet {
  readonly id: ChannelId;
  private readonly separator: Hash;
  private readonly verifier: SystemVerifier;
  private completed: Completed | undefined;
  private held: HeldNote | undefined;
  /** The newest note that was checked; it is believed once it is stored. */
  private checked: HeldNote | undefined;
  private readonly locks = new WalletLocks();
  private readonly margin: bigint;
  private readonly now: () => bigint;
  private finalTime = 0n;
  /** Signed and sent, or about to be: until there is an answer it is sent again as it is (U1). */
  private unanswered: Proposal | undefined;
  private signedReclaimed = 0n;
  private pending: Withdrawal | null = null;
  private funds: Funds = NO_FUNDS;
  private closing = false;
  private readonly waiting: Waiting[] = [];
  private turn: Promise<void> = Promise.resolve();

  private constructor(private readonly options: WalletOptions) {
    this.id = channelId(options.channel);
    this.separator = domainSeparator(options.domain);
    this.verifier = options.verifier ?? new SystemVerifier(this.separator);
    this.margin = options.margin ?? DEFAULT_LOCK_POLICY.margin;
    this.now = options.now ?? wallClock;
  }

  /** A wallet for a channel that was never used. */
  static create(options: WalletOptions): Wallet {
    return new Wallet(options);
  }

  /** A wallet as its store remembers it; a state whose answer was lost is sent again by {@link resume}. */
  static async restore(options: WalletOptions): Promise<Wallet> {
    const wallet = new Wallet(options);
    for (const record of await options.store.records(wallet.id)) wallet.remember(record);
    return wallet;
  }

  /** The latest complete state. */
  get state(): State {
    return this.completed?.state ?? emptyState(this.id);
  }

  /** The best note believed. */
  get note(): Note {
    return this.held?.note ?? emptyNote(this.id);
  }

  /** What U pays if preimages come. */
  get outgoing(): readonly Lock[] {
    return this.locks.outgoing;
  }

  /** What U is paid if preimages come. */
  get incoming(): readonly Lock[] {
    return this.held?.locks ?? [];
  }

  get balance(): bigint {
    return balance(this.funds, this.state, this.note);
  }

  get available(): bigint {
    return available(this.funds, this.state, this.note, this.pending);
  }

  /** The latest complete state with both signatures; undefined for version 0. */
  get complete(): Completed | undefined {
    return this.completed;
  }

  /** Takes over what the final block, of time `finalTime`, says of the channel, from the user's own node. */
  updateFunds(funds: Funds, finalTime: bigint): void {
    this.funds = funds;
    this.finalTime = maximum(this.finalTime, finalTime);
    const { pending } = this;
    if (pending !== null && (funds.withdrawn >= pending.withdrawn || pending.deadline < finalTime)) this.pending = null;
  }

  /** A close by the system was seen: from here on nothing is signed or believed (S6). */
  freeze(): Promise<void> {
    return this.record({ type: "closing", channelId: this.id });
  }

  /**
   * Decides to leave alone: freezes the channel, durably, and returns what to send to the hub.
   * @param now Unix seconds
   */
  async close(now: bigint): Promise<CloseIntent> {
    await this.freeze();
    const { asset, channel, isOriginal = false } = this.options;
    return {
      channel,
      completed: this.completed,
      held: this.held,
      humble: !isOriginal,
      fee: isOriginal ? 0n : asset.staleFee,
      deadline: now + minimum(CLOSE_PATIENCE, asset.challengePeriod),
    };
  }

  /**
   * Pays `amount` to another account of the system; resolves once S's signature is checked and stored.
   * @throws insufficient_balance, channel_frozen, invalid_amount, and what the service refuses with
   */
  pay(to: Address, amount: bigint, reference: Hash): Promise<void> {
    return this.transact([{ type: "pay", to, amount, reference }]);
  }

  /**
   * Asks to be paid `amount` by whoever holds the invoice, until `expiry`. The preimage that claims it is stored first.
   * @param invoice.hold give the preimage only by {@link reveal}, not as soon as the money is promised
   * @throws invalid_amount, out_of_range
   */
  async invoice(invoice: { amount: bigint; expiry: bigint; memo?: Hash; hold?: boolean }): Promise<SignedInvoice> {
    const { amount, expiry, memo = ZERO_HASH, hold = false } = invoice;
    const preimage = randomHash();
    const { token, user } = this.options.channel;
    const message = {
      hash: hashOfPreimage(preimage),
      amount: positiveAmount(amount),
      token,
      expiry,
      account: user,
      memo,
    };
    const signature = await this.options.sign(digest(this.separator, hashInvoice(message)));
    const signed = { invoice: message, signature };
    await this.record({ type: "invoiced", channelId: this.id, own: { ...signed, preimage, hold } });
    return signed;
  }

  /**
   * Locks the invoice's amount and `fee` for the payee; resolves once S's signature is checked and stored. Whether the
   * payee takes it {@link sync} finds out.
   * @throws wrong_signer, invalid_signature, unknown_asset, hash_used, bad_expiry, and what {@link pay} throws
   */
  async payInvoice(signed: SignedInvoice, fee = 0n): Promise<void> {
    checkInvoice(this.separator, signed, this.options.channel.token);
    const { account: to, amount, hash, expiry } = signed.invoice;
    if (this.locks.hasPaid(hash)) fail("hash_used", { hash });
    const reference = hashInvoice(signed.invoice);
    await this.transact([{ type: "lock", to, amount, fee, hash, expiry: expiry + this.margin, reference }]);
  }

  /**
   * Claims what is promised under `hash`: gives S the preimage or, from half a margin before the expiry on, registers it
   * (U4).
   * @throws unknown_lock, lock_expired, and what the service refuses with
   */
  async reveal(hash: Hash): Promise<void> {
    const own = this.locks.invoices.get(hash);
    const lock = this.incoming.find((one) => one.hash === hash);
    if (own === undefined || lock === undefined || this.locks.released.has(hash)) return fail("unknown_lock", { hash });
    const isLate = this.mustRegister(lock);
    const now = this.now();
    if (now >= lock.expiry || (isLate && this.options.registrar === undefined)) {
      fail("lock_expired", { hash, expiry: lock.expiry, now });
    }
    if (!this.locks.revealed.has(hash)) await this.record({ type: "revealed", channelId: this.id, hash });
    if (isLate) await this.registerDue();
    else await this.options.api.reveal(own.preimage);
  }

  /**
   * Gives up what is promised under `hash`, so that the payer gets it back at once.
   * @throws unknown_lock if nothing is promised, or the preimage was given away already
   */
  async cancel(hash: Hash): Promise<void> {
    const isPromised = this.incoming.some((lock) => lock.hash === hash);
    if (!isPromised || this.locks.revealed.has(hash)) fail("unknown_lock", { hash });
    await this.transact([{ type: "releaseLock", hash }]);
    await this.sync();
  }

  /**
   * Registers the preimages that S had and did not pay for in time, and notes which registrations the final chain shows
   * (U4). To be called at least once in half a margin.
   */
  async registerDue(): Promise<void> {
    const { registrar } = this.options;
    const claimed = this.incoming.filter((lock) => this.isClaimed(lock) && !this.locks.registered.has(lock.hash));
    if (registrar === undefined) return;
    const due: Hash[] = [];
    for (const lock of claimed) {
      const { hash, expiry } = lock;
      const time = await registrar.registeredAt(hash);
      if (time !== undefined && time < expiry) await this.record({ type: "registered", channelId: this.id, hash });
      else if (this.mustRegister(lock) && this.now() < expiry) due.push(hash);
    }
    if (due.length === 0) return;
    for (const hash of due) await this.record({ type: "revealed", channelId: this.id, hash });
    await registrar.register(due.map((hash) => this.locks.invoices.get(hash)!.preimage));
  }

  /** Takes over how S says outgoing locks have ended; the next state folds or drops them. */
  learn(outcomes: readonly LockOutcome[]): void {
    this.locks.learn(outcomes);
  }

  /**
   * Carries out `operations` in one state, folding the best note, and what has ended of its locks, first. What is asked for while a state is under way shares
   * the next one: one signature, one round trip.
   * @throws insufficient_balance, channel_frozen, invalid_amount, and what the service refuses with; after a retryable
   * error the state may yet be completed: {@link resume} finds out
   */
  transact(operations: readonly StateOperation[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ operations, resolve, reject });
      void this.inTurn(() => this.proposeWaiting());
    });
  }

  /** Sends a state again whose answer was lost: the same bytes (U1). */
  resume(): Promise<void> {
    return this.inTurn(() => this.sendUnanswered());
  }

  /**
   * Checks a note and believes it (U5); an older one than is held is ignored. What it promises under an invoice that is not
   * held back is claimed at once; a claim that gets no answer is repeated by {@link sync}, or registered (U4).
   * @throws invalid_signature, wrong_signer, channel_frozen, stale_note, locks_mismatch, bad_expiry, not_covered
   */
  async receive(held: HeldNote): Promise<void> {
    const view = this.view();
    if (held.note.seq <= maximum(view.note.seq, view.state.noteSeq)) return;
    this.requireSystem(this.verifier.recover(hashNote(held.note), held.signed));
    checkNote(view, held.note, held.locks, this.options.asset, this.now());
    this.checked = held;
    await this.record({ type: "received", channelId: this.id, held }).catch((error: unknown) => {
      // What could not be stored is to be offered again.
      this.checked = this.held;
      throw error;
    });
    await this.claim().catch(() => undefined);
  }

  /**
   * Fetches the latest note and how locks have ended, as after a time offline; claims, folds and drops what there is.
   * @throws what {@link receive}, {@link reveal} and {@link transact} throw
   */
  async sync(): Promise<void> {
    const held = await this.options.api.latestNote(this.id);
    if (held !== undefined) await this.receive(held);
    await this.claim();
    await this.registerDue();
    if (this.outgoing.length > 0) this.learn(await this.options.api.lockOutcomes(this.id));
    if (this.locks.outcomes.length > 0 || this.locks.hasReturned(this.state.noteSeq)) await this.transact([]);
  }

  /**
   * Signs a withdrawal of `amount` more to `recipient` and returns it with both signatures.
   * @param now Unix seconds
   * @throws insufficient_balance, withdrawal_pending, bad_deadline, channel_frozen, not_covered, wrong_signer
   */
  async withdraw(request: { amount: bigint; recipient: Address; deadline: bigint; now: bigint }) {
    if (this.pending !== null) fail("withdrawal_pending", { until: this.pending.deadline });
    if (request.amount > this.available) fail("insufficient_balance", { short: request.amount - this.available });
    const withdrawal: Withdrawal = {
      channelId: this.id,
      withdrawn: this.funds.withdrawn + request.amount,
      reclaimed: this.funds.reclaimed,
      recipient: request.recipient,
      deadline: request.deadline,
    };
    checkOwnWithdrawal(this.view(), withdrawal, this.options.asset, request.now);
    const signedDigest = digest(this.separator, hashWithdrawal(withdrawal));
    const signature = await this.options.sign(signedDigest);
    await this.record({ type: "withdrawal", channelId: this.id, withdrawal });
    const systemSignature = await this.options.api.withdraw({ withdrawal, signature });
    this.requireSystem(recover(signedDigest, systemSignature));
    return { withdrawal, signature, systemSignature };
  }

  /** Proposes all that waits in one state; if that is refused, each by itself, so that nobody fails for another. */
  private async proposeWaiting(): Promise<void> {
    const taken = this.waiting.splice(0, OPERATIONS_PER_STATE);
    if (taken.length === 0) return;
    try {
      await this.propose(taken.flatMap(({ operations }) => operations));
      for (const { resolve } of taken) resolve();
    } catch (error) {
      if (taken.length === 1 || this.unanswered !== undefined) {
        for (const { reject } of taken) reject(error);
        return;
      }
      for (const { operations, resolve, reject } of taken) await this.propose(operations).then(resolve, reject);
    }
  }

  private async propose(operations: readonly StateOperation[]): Promise<void> {
    if (this.closing) fail("channel_frozen", { channel: this.id });
    await this.sendUnanswered();
    const { state, note, outgoing } = this;
    const fold = { type: "fold", seq: note.seq, credited: note.credited } as const;
    const all = [...(note.seq > state.noteSeq ? [fold] : []), ...this.locks.outcomes, ...operations];
    if (all.length === 0) return;
    const { state: next, locks } = advanceState(state, outgoing, all);
    for (const lock of locks) if (!outgoing.includes(lock)) checkExpiry(lock.expiry, this.options.asset, this.now());
    const left = available(this.funds, next, note, this.pending);
    if (left < 0n) fail("insufficient_balance", { short: -left });
    const signature = await this.options.sign(digest(this.separator, hashState(next)));
    const proposal = { state: next, operations: all, locks, signature };
    await this.record({ type: "proposed", channelId: this.id, proposal });
    await this.send(proposal);
  }

  private async sendUnanswered(): Promise<void> {
    if (this.unanswered !== undefined) await this.send(this.unanswered);
  }

  /** One state at a time: the next waits for the answer to the last (U1). */
  private inTurn(act: () => Promise<void>): Promise<void> {
    const done = this.turn.then(act);
    this.turn = done.catch(() => undefined);
    return done;
  }

  /** Sends a proposal and believes the payment only when S's signature verifies (U2). */
  private async send(proposal: Proposal): Promise<void> {
    const { state, operations, signature } = proposal;
    const systemSignature = await this.options.api
      .submitState({ proposal: state, operations, signature })
      .catch(async (error: unknown) => {
        // A refusal is an answer: the proposal is not sent again, not after a restart either.
        if (error instanceof StarledgerError && !error.retryable) {
          await this.record({ type: "refused", channelId: this.id });
        }
        throw error;
      });
    this.requireSystem(this.verifier.recover(hashState(state), systemSignature));
    const completed = { ...proposal, systemSignature };
    await this.record({ type: "completed", channelId: this.id, completed });
  }

  /** Stores, then takes into account. */
  private async record(record: WalletRecord): Promise<void> {
    await this.options.store.append(record);
    this.remember(record);
  }

  private remember(record: WalletRecord): void {
    this.locks.remember(record, this.held);
    switch (record.type) {
      case "proposed":
        this.unanswered = record.proposal;
        return;
      case "refused":
        this.unanswered = undefined;
        return;
      case "completed":
        this.completed = record.completed;
        this.unanswered = undefined;
        return;
      case "received":
        // Notes that come in side by side may be stored in any order.
        if (record.held.note.seq > this.note.seq) this.held = record.held;
        if (record.held.note.seq > (this.checked?.note.seq ?? 0n)) this.checked = record.held;
        return;
      case "closing":
        this.closing = true;
        return;
      case "withdrawal":
        this.pending = record.withdrawal;
        this.signedReclaimed = maximum(this.signedReclaimed, record.withdrawal.reclaimed);
    }
  }

  private view(): UserView {
    const { funds, state, signedReclaimed, closing, finalTime } = this;
    const { released, registered } = this.locks;
    const { note, locks } = this.checked ?? { note: emptyNote(this.id), locks: [] };
    return { funds, state, note, incoming: locks, released, registered, finalTime, signedReclaimed, closing };
  }

  /** Gives S the preimages of what is promised; money that S signed for and that is stored. */
  private async claim(): Promise<void> {
    for (const lock of this.incoming) {
      if (this.isClaimed(lock) && !this.mustRegister(lock)) await this.reveal(lock.hash);
    }
  }

  /** U gave the preimage away, or will: what is promised is what its invoice asks for, and U did not give it up. */
  private isClaimed({ hash, amount }: Lock): boolean {
    const own = this.locks.invoices.get(hash);
    if (own === undefined || this.locks.released.has(hash)) return false;
    return this.locks.revealed.has(hash) || (!own.hold && amount >= own.invoice.amount);
  }

  /** U4: S had its time, or signs nothing any more. */
  private mustRegister({ expiry }: Lock): boolean {
    return this.closing || this.now() >= registerFrom(expiry, this.margin);
  }

  private requireSystem(signer: Address): void {
    if (!this.options.signers.has(signer)) fail("wrong_signer", { got: signer, want: this.options.channel.system });
  }
}

function randomHash(): Hash {
  return toHash(`0x${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("hex")}`);
}

function wallClock(): bigint {
  return BigInt(Math.floor(Date.now() / 1000));
}
