import { fail, StarledgerError } from "../errors";
import {
  available,
  balance,
  channelId,
  checkNote,
  checkOwnWithdrawal,
  digest,
  domainSeparator,
  emptyNote,
  emptyState,
  hashNote,
  hashState,
  hashWithdrawal,
  maximum,
  minimum,
  nextState,
  NO_FUNDS,
  recover,
  SystemVerifier,
  type Address,
  type AssetSettings,
  type ChannelId,
  type ChannelKey,
  type Domain,
  type Funds,
  type Hash,
  type Note,
  type Signature,
  type State,
  type StateOperation,
  type UserView,
  type Withdrawal,
} from "../protocol";
import type { ServiceApi } from "./api";
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
   * Carries out `operations` in one state, folding the best note first. What is asked for while a state is under way shares
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
   * Checks a note and believes it (U5); an older one than is held is ignored.
   * @throws invalid_signature, wrong_signer, channel_frozen, stale_note, not_covered
   */
  async receive(held: HeldNote): Promise<void> {
    if (held.note.seq <= maximum(this.note.seq, this.state.noteSeq)) return;
    this.requireSystem(this.verifier.recover(hashNote(held.note), held.signed));
    checkNote(this.view(), held.note, this.options.asset);
    await this.record({ type: "received", channelId: this.id, held });
  }

  /** Fetches the latest note, as after a time offline. */
  async sync(): Promise<void> {
    const held = await this.options.api.latestNote(this.id);
    if (held !== undefined) await this.receive(held);
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
    const { state, note } = this;
    const fold = { type: "fold", seq: note.seq, credited: note.credited } as const;
    const all = note.seq > state.noteSeq ? [fold, ...operations] : operations;
    const next = nextState(state, all);
    const left = available(this.funds, next, note, this.pending);
    if (left < 0n) fail("insufficient_balance", { short: -left });
    const signature = await this.options.sign(digest(this.separator, hashState(next)));
    const proposal = { state: next, operations: all, signature };
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
    const { funds, state, note, signedReclaimed, closing } = this;
    return { funds, state, note, signedReclaimed, closing };
  }

  private requireSystem(signer: Address): void {
    if (!this.options.signers.has(signer)) fail("wrong_signer", { got: signer, want: this.options.channel.system });
  }
}
