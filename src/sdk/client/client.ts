import { asStarledgerError, fail, StarledgerError, type ErrorCode } from "../../errors";
import { backUp } from "../backup";
import {
  encodeInvoice,
  minimum,
  ZERO_ADDRESS,
  type Address,
  type Domain,
  type Hash,
  type SignedInvoice,
} from "../../protocol";
import { DisputeHub, type Receipt } from "../chain";
import { approveCall, closeCooperativelyCall, depositCall, withdrawCall } from "../chain/calls";
import type { ExitEvent } from "../exit";
import type { HttpApi } from "../httpApi";
import type { Transaction } from "../signers";
import type { AccountName, SignedWithdrawal } from "../store";
import { verifyReceipt, type StateReceipt } from "../verifyReceipt";
import type { Towers, TowerStatus } from "../watchtower";
import type { PaymentOutcome } from "../wallet/locks";
import { balanceOf, isSame, type Balance } from "./balances";
import { Changes } from "./changes";
import { Channels, type Channel } from "./channels";
import { Heartbeat } from "./heartbeat";
import { historyOf, type HistoryEntry } from "./history";
import { readInvoice, statusOf, type InvoiceStatus } from "./invoices";
import { leave, type LeaveOptions } from "./leaving";
import { receiptIn } from "./receipts";
import { Payments, type PaymentOrder, type PaymentReceipt, type RefundOrder } from "./payments";
import { formatRequest, type PaymentRequest } from "./paymentRequest";
import { Listening } from "./listening";
import { Names } from "./names";
import { Publications, type PublicationCheck } from "./publications";
import type { VerifiedLiability } from "../liabilities";
import type { Setting } from "./setting";
import { Watched } from "./watched";

/** How long what U signs for the chain may wait to be mined, in seconds, unless the challenge period is shorter. */
const CHAIN_PATIENCE = 3_600n;

/** What the service says of an account or channel that it does not have. */
const NOT_OPEN: ReadonlySet<string> = new Set<ErrorCode>(["unknown_account", "unknown_channel"]);

/** What a client does besides its calls. */
export interface Background {
  /** Milliseconds between two looks at chain and service; 0 for none but {@link Client.refresh}. */
  readonly poll: number;
  /** Told of what went wrong in the background, a forged or missing note among it. */
  readonly onError: (error: StarledgerError, token: Address) => void;
  /** Handed over to after everything that changes a channel. */
  readonly towers: Towers;
  /** Told what came of checking each publication. */
  readonly onPublication: (check: PublicationCheck, token: Address) => void;
  /** Lets others use the store again. */
  unlock(): Promise<void>;
}

/**
 * An account as its owner uses it: pays, is paid, moves money to and from the chain, and leaves. The key stays with the
 * owner; no answer of the service is believed unchecked, and what the chain says comes from the owner's own node. What got no
 * answer is sent again as it is, after a restart too. Amounts are base units, times Unix seconds.
 */
export class Client {
  private readonly channels: Channels;
  private readonly payments = new Payments();
  private readonly names: Names;
  private readonly publications: Publications;
  private readonly changes = new Changes();
  private readonly heartbeat: Heartbeat;
  private readonly listening: Listening;
  private readonly watched: Watched;
  private readonly decimals = new Map<Address, number>();

  /** For {@link connect}. */
  constructor(
    private readonly setting: Setting,
    private readonly background: Background,
  ) {
    this.channels = new Channels(setting);
    this.names = new Names(setting);
    this.publications = new Publications(setting);
    this.heartbeat = new Heartbeat(() => this.refresh(), background.poll);
    const { news } = setting.api;
    this.listening = new Listening({
      news: news && ((token, signal) => this.newsOf(token, news, signal)),
      look: (token) => this.sync(token),
      onError: (error, token) => background.onError(asStarledgerError(error), token),
    });
    this.watched = new Watched(background.towers, this.channels, background.onError);
  }

  /** Whose account it is. */
  get account(): Address {
    return this.setting.account.address;
  }

  /** The system that keeps it. */
  get system(): Address {
    return this.setting.system;
  }

  /** The chain and hub that everything signed is for (section 1). */
  get domain(): Domain {
    return this.setting.domain;
  }

  /**
   * Opens a channel for each token, free of charge; one that is open already stays as it is. Where opening is the operator's
   * alone, the client needs its authorization.
   * @throws unauthorized, unknown_asset, chain_unreachable, unreachable
   */
  async open(...tokens: readonly Address[]): Promise<void> {
    const missing: Address[] = [];
    for (const token of tokens) if (!(await this.isOpen(token))) missing.push(token);
    if (missing.length > 0) await this.setting.api.openAccount(this.account, missing);
    for (const token of missing) await this.channels.ready(token);
  }

  /**
   * What the account has, by its own records and its own node; the service is not asked.
   * @throws unknown_asset, chain_unreachable
   */
  async balance(token: Address): Promise<Balance> {
    return balanceOf(await this.channels.look(token), await this.decimalsOf(token));
  }

  /**
   * Pays another account of the system; resolves once the system's signature is checked and stored. After a retryable error
   * the payment may yet be complete: asked for again with the same reference, it is made once.
   * @throws insufficient_balance, invalid_amount, idempotency_conflict, fee_too_high, channel_frozen, unreachable, what the
   * service refuses with and, of a name, what {@link resolve} throws
   */
  async pay(order: PaymentOrder): Promise<PaymentReceipt> {
    const to = isName(order.to) ? await this.resolve(order.to) : order.to;
    return await this.using(order.token, ({ wallet }) => this.payments.pay(wallet, { ...order, to }));
  }

  /**
   * The account that a name, `alice@star.example`, stands for, as its host says. Nobody signs that: what a name first stood for
   * is kept in the store, and a change refused until the owner accepts it. A host that lies the first time is believed.
   * @throws name_changed with both accounts, wrong_chain if it is kept elsewhere, bad_alias, unknown_alias, unreachable
   */
  resolve(name: AccountName): Promise<Address> {
    return this.names.resolve(name);
  }

  /**
   * From here on the name stands for `account`, whatever it stood for; its host has to say so too.
   * @throws bad_alias
   */
  acceptName(name: AccountName, account: Address): Promise<void> {
    return this.names.accept(name, account);
  }

  /**
   * Gives back what was paid to this account, or a part of it; resolves as {@link pay} does. Whom it is from, the order
   * says, and the service holds it to that: an account that only the service names is not believed.
   * @throws unknown_payment, wrong_refund if somebody else paid, refund_exceeded with what is left, and what {@link pay} throws
   */
  refund(order: RefundOrder): Promise<PaymentReceipt> {
    return this.using(order.token, ({ wallet }) => this.payments.refund(wallet, order));
  }

  /** A link by which anybody can be asked to pay this account; amount and reference as the payer is to use them. */
  request(terms: Pick<PaymentRequest, "token" | "amount" | "reference">): string {
    return formatRequest({ ...terms, domain: this.domain, system: this.system, to: this.account });
  }

  /**
   * Asks to be paid once, conditionally: whoever pays gets the preimage as receipt, or the money back when it expires. Its
   * `text` is what to show, or to put into a QR code.
   * @param terms.lifetime seconds; an hour unless given
   * @param terms.hold claim the money only by {@link reveal}
   * @throws invalid_amount
   */
  async invoice(terms: { token: Address; amount: bigint; lifetime?: bigint; memo?: Hash; hold?: boolean }) {
    const { token, lifetime = 3_600n, ...rest } = terms;
    const expiry = this.setting.now() + lifetime;
    const signed = await this.using(token, ({ wallet }) => wallet.invoice({ ...rest, expiry }));
    return { ...signed, text: encodeInvoice(signed) };
  }

  /**
   * Pays an invoice: locks its amount, and what the system charges, until the payee claims it or it comes back; what became of
   * it, {@link outcome} tells.
   * @param invoice as it was signed, or its text
   * @param maxFee what the system may charge at most, in base units
   * @throws invalid_invoice, wrong_signer, invalid_signature, unknown_asset, hash_used, invoice_closed, bad_expiry,
   * fee_too_high, and what {@link pay} throws
   */
  payInvoice(invoice: SignedInvoice | string, maxFee = 0n): Promise<void> {
    const signed = readInvoice(invoice);
    return this.using(signed.invoice.token, ({ wallet }) => wallet.payInvoice(signed, 0n, maxFee));
  }

  /**
   * Resolves when what this account pays for an invoice has reached its payee, with the preimage as receipt, or is back; after
   * a restart too.
   * @param invoice as it was signed, or its text
   * @throws unknown_invoice if this account does not pay it; stopped when `signal` or {@link stop} ends the waiting
   */
  async outcome(invoice: SignedInvoice | string, signal?: AbortSignal): Promise<PaymentOutcome> {
    const signed = readInvoice(invoice);
    const { token, hash } = signed.invoice;
    for await (const changed of this.changed(token, signal)) {
      const { wallet } = await this.channels.look(changed);
      const status = statusOf(wallet, signed, this.setting.now());
      if (status.role === "payee") fail("unknown_invoice", { hash });
      if (status.status !== "locked") return wallet.outcomeOf(hash)!;
    }
    return fail("stopped", { hash });
  }

  /**
   * What became of an invoice that this account made or pays, by its own records: {@link sync} brings them up to date.
   * @param invoice as it was signed, or its text
   * @throws invalid_invoice, unknown_invoice, unknown_asset, chain_unreachable
   */
  async invoiceStatus(invoice: SignedInvoice | string): Promise<InvoiceStatus> {
    const signed = readInvoice(invoice);
    const { wallet } = await this.channels.look(signed.invoice.token);
    return statusOf(wallet, signed, this.setting.now());
  }

  /**
   * Resolves when an invoice of this account is paid, and its money is part of the balance.
   * @throws lock_expired when it can no longer be paid; stopped when `signal` or {@link stop} ends the waiting
   */
  async paid({ invoice }: SignedInvoice, signal?: AbortSignal): Promise<void> {
    const { token, hash, expiry } = invoice;
    for await (const changed of this.changed(token, signal)) {
      const { wallet } = await this.channels.look(changed);
      if (wallet.isPaid(hash)) return;
      const isPromised = wallet.incoming.some((lock) => lock.hash === hash);
      if (!isPromised && this.setting.now() > expiry) fail("lock_expired", { hash, expiry });
    }
    fail("stopped", { hash });
  }

  /**
   * Claims what is promised under a hold invoice.
   * @throws unknown_lock, lock_expired, and what the service refuses with
   */
  reveal({ invoice }: SignedInvoice): Promise<void> {
    return this.using(invoice.token, ({ wallet }) => wallet.reveal(invoice.hash));
  }

  /**
   * Gives up what is promised under a hold invoice: the payer gets it back at once.
   * @throws unknown_lock
   */
  cancel({ invoice }: SignedInvoice): Promise<void> {
    return this.using(invoice.token, ({ wallet }) => wallet.cancel(invoice.hash));
  }

  /**
   * Signs a withdrawal, which the system sends to the chain with others, or {@link submit} does at once. Asked for again
   * while it is pending, the same one is returned. What the system asks for it is paid by a state that is signed with it: the
   * system signs both, or neither.
   * @param order.recipient this account unless given
   * @param order.maxFee what it may cost at most, in base units; nothing unless given
   * @throws fee_too_high, insufficient_balance, withdrawal_pending, channel_frozen, not_covered, and what the service refuses with
   */
  withdraw(order: { token: Address; amount: bigint; recipient?: Address; maxFee?: bigint }): Promise<SignedWithdrawal> {
    const { token, amount, recipient = this.account, maxFee } = order;
    return this.using(token, (channel) => {
      const { wallet } = channel;
      const same = wallet.sameWithdrawal(amount, recipient, maxFee);
      if (same !== undefined) return same;
      const now = this.setting.now();
      return wallet.withdraw({ amount, recipient, deadline: deadlineOf(channel, now), now, maxFee });
    });
  }

  /**
   * Sends a withdrawal to the hub, at the account's own cost.
   * @throws transaction_failed, chain_unreachable, signature_refused
   */
  async submit(token: Address, signed: SignedWithdrawal): Promise<Receipt> {
    const { key } = await this.channels.look(token);
    return this.send(withdrawCall(this.domain.hub, key, signed));
  }

  /**
   * Pays into the channel from the account on chain; of a token, the hub is allowed to take it first. It counts once it is
   * final.
   * @throws invalid_amount, channel_frozen, transaction_failed, chain_unreachable, signature_refused
   */
  async deposit({ token, amount }: { token: Address; amount: bigint }): Promise<Receipt> {
    const { key, wallet } = await this.channels.look(token);
    if (wallet.isFrozen) fail("channel_frozen", { channel: wallet.id });
    const { hub } = this.setting;
    if (token !== ZERO_ADDRESS && (await hub.allowance(token, this.account)) < amount) {
      await this.send(approveCall(hub.address, token, amount));
    }
    return this.send(depositCall(hub.address, key, amount));
  }

  /**
   * Agrees with the system to end the epoch, and sends that to the chain: the balance is paid out at once, and the channel
   * is open again once it is final. Nothing may be pending.
   * @throws channel_frozen, withdrawal_pending, state_mismatch, and what the service refuses with; transaction_failed
   */
  close(token: Address): Promise<Receipt> {
    return this.using(token, async (channel) => {
      const { key, wallet } = channel;
      const signed = wallet.agreement ?? (await wallet.closeCooperatively(deadlineOf(channel, this.setting.now())));
      const signatures = [signed.signature, signed.systemSignature] as const;
      return this.send(closeCooperativelyCall(this.domain.hub, key, signed.closing, signatures));
    });
  }

  /**
   * Leaves alone, with the account's own node and no help of the system's: closes, answers, proves, settles and collects
   * (section 6). Each step comes before it is done and is done when the next event is asked for, so that whoever follows it
   * can ask, show, stop and take it up again with another call, after a restart too. Humble unless the key is original and
   * the store cannot be behind (U3). From its first step on the channel signs nothing more.
   * @throws closing_pending, transaction_failed, signature_refused, chain_unreachable, unknown_state
   */
  async *exit(token: Address, options: LeaveOptions = {}): AsyncGenerator<ExitEvent> {
    const { hub } = this.setting;
    const channel = await this.channels.look(token);
    for await (const event of leave(this.setting, new DisputeHub(hub.address, hub.node), channel, options)) {
      if (event.type === "sent") this.changes.announce(token);
      yield event;
    }
  }

  /** What happened to the account's money in a token in this epoch, oldest first, by its own records. */
  async history(token: Address): Promise<HistoryEntry[]> {
    const { wallet } = await this.channels.look(token);
    return historyOf(await this.setting.store.records(wallet.id));
  }

  /**
   * One of this account's own complete states, from its own records and checked once more against the chain's signers: who
   * is shown it sees what was paid, by both signatures.
   * @throws unknown_state if the store does not have it with its operations, and what {@link verifyReceipt} throws
   */
  async receipt(token: Address, version: bigint): Promise<StateReceipt> {
    const { key, wallet } = await this.channels.look(token);
    const { domain, system, signers, store } = this.setting;
    const receipt = receiptIn(await store.records(wallet.id), key, version);
    await verifyReceipt(receipt, { domain, user: this.account, system, signers });
    return receipt;
  }

  /**
   * The balance now, and again whenever it has changed, until `signal` or {@link stop} ends it: what the service tells is seen
   * at once, where there are WebSockets, what the chain says every {@link Background.poll}.
   */
  async *watch(token: Address, signal?: AbortSignal): AsyncGenerator<Balance> {
    let last: Balance | undefined;
    for await (const changed of this.changed(token, signal)) {
      const balance = await this.balance(changed);
      if (isSame(last, balance)) continue;
      last = balance;
      yield balance;
    }
  }

  /**
   * Looks at chain and service for every token in use: takes over notes, claims, folds, registers what is due (U4), checks what
   * was published since. Done by itself every {@link Background.poll}; what goes wrong is told to {@link Background.onError}.
   */
  async refresh(): Promise<void> {
    this.setting.signers.forget();
    await this.watched.resume();
    for (const token of this.channels.tokens) {
      try {
        await this.sync(token);
        const check = await this.publications.look(await this.channels.look(token));
        if (check !== undefined) this.background.onPublication(check, token);
      } catch (error) {
        this.background.onError(asStarledgerError(error), token);
      }
    }
  }

  /**
   * The same for one token, now.
   * @throws unknown_asset, unknown_channel, chain_unreachable, unreachable, and whatever a note is refused for
   */
  sync(token: Address): Promise<void> {
    return this.using(token, ({ wallet }) => (wallet.isFrozen ? wallet.registerDue() : wallet.sync()));
  }

  /**
   * What the watchtowers have of a token's channel, as they said last; they are handed over to in the background.
   * @throws unknown_asset, chain_unreachable
   */
  watchtowers(token: Address): Promise<TowerStatus[]> {
    return this.watched.status(token);
  }

  /**
   * Checks that the account's balance is in what the system published (section 9), as {@link verifyLiability} does, by the
   * owner's own records and node.
   * @param period the last that is final unless given
   * @throws left_out, unknown_publication, not_in_publication for a channel that came later, and what {@link verifyLiability}
   * throws
   */
  async verifyLiability(token: Address, period?: bigint): Promise<VerifiedLiability> {
    return await this.publications.verify(await this.channels.ready(token), period);
  }

  /** All that this client must not forget, as one file encrypted with a passphrase; `restore` reads it. It holds no key. */
  backup(passphrase: string): Promise<Uint8Array> {
    return backUp(this.setting.store, passphrase);
  }

  /**
   * Ends what goes on in the background and gives the store free, which stays open. What no watchtower has yet is offered once
   * more, for three seconds at most.
   */
  async stop(): Promise<void> {
    await this.heartbeat.stop();
    await this.watched.end();
    this.listening.end();
    this.changes.end();
    await this.background.unlock();
  }

  private async *newsOf(token: Address, news: NonNullable<HttpApi["news"]>, signal: AbortSignal) {
    const { wallet } = await this.channels.look(token);
    yield* news(wallet.id, signal);
  }

  /** Each time that something of a token may have changed; the service is listened to meanwhile. */
  private async *changed(token: Address, signal?: AbortSignal): AsyncGenerator<Address> {
    const unlisten = this.listening.to(token);
    try {
      yield* this.changes.of(token, signal);
    } finally {
      unlisten();
    }
  }

  private async using<T>(token: Address, act: (channel: Channel) => Promise<T>): Promise<T> {
    let channel: Channel | undefined;
    try {
      channel = await this.channels.ready(token);
      return await act(channel);
    } finally {
      if (channel !== undefined) this.watched.offer(channel);
      this.changes.announce(token);
    }
  }

  private async isOpen(token: Address): Promise<boolean> {
    try {
      await this.channels.ready(token);
      return true;
    } catch (error) {
      if (error instanceof StarledgerError && NOT_OPEN.has(error.code)) return false;
      throw error;
    }
  }

  private async send(transaction: Transaction): Promise<Receipt> {
    const { account, hub } = this.setting;
    return hub.node.mined(await account.send(transaction, hub.node));
  }

  private async decimalsOf(token: Address): Promise<number> {
    const decimals = this.decimals.get(token) ?? (await this.setting.hub.decimals(token));
    this.decimals.set(token, decimals);
    return decimals;
  }
}

function deadlineOf({ asset }: Channel, now: bigint): bigint {
  return now + minimum(CHAIN_PATIENCE, asset.challengePeriod);
}

function isName(payee: Address | AccountName): payee is AccountName {
  return payee.includes("@");
}
