import { asStarledgerError, StarledgerError, type ErrorCode } from "../../errors";
import type { Address } from "../../protocol";
import { backUp } from "../backup";
import type { VerifiedLiability } from "../liabilities";
import type { AccountName } from "../store";
import { verifyReceipt, type StateReceipt } from "../verifyReceipt";
import type { TowerStatus } from "../watchtower";
import type { Background } from "./background";
import { balanceOf, isSame, type Balance } from "./balances";
import { ChainMoves } from "./chainMoves";
import { Heartbeat } from "./heartbeat";
import { historyOf, type HistoryEntry } from "./history";
import { Names } from "./names";
import { formatRequest, type PaymentRequest } from "./paymentRequest";
import { Payments, type PaymentOrder, type PaymentReceipt, type RefundOrder } from "./payments";
import { Publications } from "./publications";
import { receiptIn } from "./receipts";
import type { Setting } from "./setting";

/** What the service says of an account or channel that it does not have. */
const NOT_OPEN: ReadonlySet<string> = new Set<ErrorCode>(["unknown_account", "unknown_channel"]);

/**
 * An account as its owner uses it: pays, is paid, moves money to and from the chain, and leaves. The key stays with the
 * owner; no answer of the service is believed unchecked, and what the chain says comes from the owner's own node. What got no
 * answer is sent again as it is, after a restart too. Amounts are base units, times Unix seconds.
 */
export class Client extends ChainMoves {
  private readonly payments = new Payments();
  private readonly names: Names;
  private readonly publications: Publications;
  private readonly heartbeat: Heartbeat;
  private readonly decimals = new Map<Address, number>();

  /** For {@link connect}. */
  constructor(setting: Setting, background: Background) {
    super(setting, background);
    this.names = new Names(setting);
    this.publications = new Publications(setting);
    this.heartbeat = new Heartbeat(() => this.refresh(), background.poll);
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
   * Pays another account of the service; resolves once the system's signature is checked and stored or, where the account is of
   * another system, once it is paid: then the system has signed whom it brings what is locked, and that is checked first. After
   * a retryable error the payment may yet be complete: asked for again with the same reference, it is made once.
   * @throws returned, wrong_route, insufficient_balance, invalid_amount, idempotency_conflict, fee_too_high, channel_frozen, unreachable, what the
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
        const checks = this.publications.look(await this.channels.look(token));
        for await (const check of checks) this.background.onPublication(check, token);
      } catch (error) {
        this.background.onError(asStarledgerError(error), token);
      }
    }
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

  private async isOpen(token: Address): Promise<boolean> {
    try {
      await this.channels.ready(token);
      return true;
    } catch (error) {
      if (error instanceof StarledgerError && NOT_OPEN.has(error.code)) return false;
      throw error;
    }
  }

  private async decimalsOf(token: Address): Promise<number> {
    const decimals = this.decimals.get(token) ?? (await this.setting.hub.decimals(token));
    this.decimals.set(token, decimals);
    return decimals;
  }
}

function isName(payee: Address | AccountName): payee is AccountName {
  return payee.includes("@");
}
