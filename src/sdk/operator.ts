import * as z from "zod";

import { ZERO_HASH, type Address, type ChannelId, type Hash, type JournalSource } from "../protocol";
import * as wire from "../wire";
import { follow, type EventFilter, type Following, type LedgerEvent } from "./follow";
import type { LiabilityProof } from "./liabilities";
import { operatorCalls, type Keyed, type OperatorOptions } from "./operatorCalls";

export type { Keyed, OperatorOptions } from "./operatorCalls";

/** A service as its operator's programs call it: accounts, money, channels, what is served. Amounts are base units. */
export interface OperatorApi {
  /** @throws account_exists, unknown_asset */
  openAccount(opening: z.output<typeof wire.accountOpening>, options?: Keyed): Promise<z.output<typeof wire.account>>;
  /** @throws unknown_account */
  account(address: Address): Promise<z.output<typeof wire.account>>;
  /** The accounts of a system, or of one after the other, newest first, as they are asked for. */
  accounts(system?: Address): AsyncGenerator<z.output<typeof wire.account>, void>;
  /**
   * Freezes an account, opens it again, or closes it for good.
   * @throws unknown_account, account_closed, account_not_empty
   */
  setAccountStatus(address: Address, status: AccountStatus): Promise<z.output<typeof wire.account>>;
  /** @throws unknown_account */
  balances(address: Address): Promise<z.output<typeof wire.balances>>;
  /** @throws unknown_account, unknown_asset, not_covered, allotment_exceeded, channel_frozen */
  issue(issuance: Marked<typeof wire.issuance>, options?: Keyed): Promise<z.output<typeof wire.issuanceReceipt>>;
  /** @throws unknown_account, not_hosted, insufficient_balance, self_payment, channel_frozen */
  transfer(transfer: Marked<typeof wire.transfer>, options?: Keyed): Promise<z.output<typeof wire.transferReceipt>>;
  /** @throws unknown_payment, not_refundable, refund_exceeded, not_hosted, insufficient_balance, channel_frozen */
  refund(refund: Marked<typeof wire.refundRequest>, options?: Keyed): Promise<z.output<typeof wire.refundReceipt>>;
  /** @throws unknown_account, not_hosted, insufficient_balance, withdrawal_pending, bad_deadline, channel_frozen */
  withdraw(
    withdrawal: z.output<typeof wire.withdrawalRequest>,
    options?: Keyed,
  ): Promise<z.output<typeof wire.withdrawalReceipt>>;
  /**
   * Pays up to 5,000 accounts from a hosted one, all of them or none, in one state.
   * @throws as {@link transfer}, with the number of the `item` in the details
   */
  payBatch(batch: Batch, options?: Keyed): Promise<z.output<typeof wire.batchReceipt>>;
  /**
   * Asks to be paid, in the name of a hosted account, until `expiry` (Unix seconds); the money is claimed by itself as soon as
   * it is promised (section 7).
   * @throws unknown_account, not_hosted, unknown_asset, bad_expiry, channel_frozen
   */
  createInvoice(order: InvoiceOrder, options?: Keyed): Promise<Invoice>;
  /** @throws unknown_invoice */
  invoice(hash: Hash): Promise<Invoice>;
  /** @throws unknown_invoice, invoice_closed once it is paid */
  cancelInvoice(hash: Hash, options?: Keyed): Promise<Invoice>;
  /**
   * Pays an invoice from a hosted account.
   * @param payment.invoice its text
   * @throws unknown_account, not_hosted, invalid_invoice, insufficient_balance, hash_used, bad_expiry, fee_too_high
   */
  payInvoice(
    payment: { readonly from: Address; readonly invoice: string; readonly maxFee?: bigint },
    options?: Keyed,
  ): Promise<z.output<typeof wire.paymentReceipt>>;
  /** @throws unknown_record */
  withdrawal(id: Hash): Promise<z.output<typeof wire.withdrawalRecord>>;
  /**
   * What happened in a system, oldest first: what is in its log after the number `after`, then each event as it comes, until
   * `signal` says stop. Who keeps the number of the last event that it has dealt with, and goes on after it, misses none.
   */
  events(filter?: EventFilter, options?: Following): AsyncGenerator<LedgerEvent, void>;
  /** @throws unknown_channel */
  channel(id: ChannelId): Promise<z.output<typeof wire.channel>>;
  /**
   * Closes a channel on the chain without its user; resolves once it is frozen and the close is on its way.
   * @throws unknown_channel, channel_frozen, closing_pending, withdrawal_pending, no_gas_key
   */
  closeChannel(id: ChannelId): Promise<z.output<typeof wire.channel>>;
  /** The tokens that the systems list, with their settings and what is owed in them. */
  assets(): Promise<z.output<typeof wire.assets>["assets"]>;
  /**
   * Publishes now what a system owes in a token; resolves once that is kept and on its way to the chain.
   * @throws unknown_asset, not_publishing
   */
  publish(order: z.output<typeof wire.publishing>, options?: Keyed): Promise<z.output<typeof wire.publication>>;
  /** What a system has published of what it owes in a token, newest first. */
  publications(
    query: Pick<z.output<typeof wire.publicationQuery>, "system" | "token" | "before">,
  ): Promise<z.output<typeof wire.publications>>;
  /**
   * That an account is in what was published; the last that is final unless a period is given.
   * @throws unknown_account, unknown_publication, not_in_publication
   */
  liability(account: Address, token: Address, period?: bigint): Promise<LiabilityProof>;
  /** A system's log with its hash chain, for `verifyJournal`. */
  journal(system: Address): JournalSource;
  /**
   * Pauses or resumes crediting in a token; nobody is ever kept from leaving.
   * @throws unknown_asset
   */
  setCrediting(token: Address, paused: boolean): Promise<z.output<typeof wire.asset>>;
  /** Whom a wallet may ask besides the service, as the operator names them; it may ask any other. */
  surroundings(): Promise<z.output<typeof wire.surroundings>>;
  /** The systems that the service serves. */
  systems(): Promise<z.output<typeof wire.systems>["systems"]>;
  /** Holds memory, log, store and chain against each other, now. */
  reconciliation(): Promise<z.output<typeof wire.reconciliations>["systems"]>;
  /** What the process that answers is configured with; secrets are not told, and of addresses elsewhere only the host. */
  settings(): Promise<z.output<typeof wire.settings>["settings"]>;
  /** How far the process that answers has come, and all systems, whoever leads them. */
  progress(): Promise<z.output<typeof wire.progress>>;
  /** The closes that are pending, with their clocks, as they are asked for; `system` where several are served. */
  disputes(system?: Address): AsyncGenerator<z.output<typeof wire.dispute>, void>;
  /** Resolves if the process lives. */
  alive(): Promise<void>;
  /** Resolves if it takes requests. */
  ready(): Promise<void>;
}

/** Of an account: `open`, `frozen` (it pays nobody) or `closed` (nobody pays it either). */
export type AccountStatus = z.output<typeof wire.accountStatus>;

/** What a hosted account asks to be paid. */
export type InvoiceOrder = Omit<z.output<typeof wire.invoiceRequest>, "memo" | "hold"> &
  Partial<Pick<z.output<typeof wire.invoiceRequest>, "memo" | "hold">>;

/** An invoice as its service has it: what it asks for, what became of it, and its text to show. */
export type Invoice = z.output<typeof wire.invoice>;

/** Payments of one hosted account. */
export interface Batch {
  readonly from: Address;
  readonly token: Address;
  readonly items: readonly { readonly to: Address; readonly amount: bigint; readonly reference?: Hash }[];
  /** What all of them may cost at most, in base units; any amount unless given. */
  readonly maxFee?: bigint;
}

/** A request whose `reference`, the caller's own mark, may be left out. */
type Marked<T extends z.ZodType<{ reference: Hash }>> = Omit<z.output<T>, "reference"> & { readonly reference?: Hash };

/**
 * The operator's side of a service over HTTP. A call that got no answer, or that the service could not carry out at that
 * moment, is repeated a few times under the same idempotency key, so it happens once; if it still has no answer, the key is in
 * the error's details: given again, it finds out.
 * @param url without the path of a call: `https://host:port`
 * @param key the operator's key, or an API key; without it only what anybody may call
 * @throws unreachable, unauthorized, and, as a {@link Refusal}, what each call names
 */
export function operatorApi(url: string, key: string | undefined, options: OperatorOptions = {}): OperatorApi {
  const { repeated, get, post, pages } = operatorCalls(url, key, options);
  return {
    openAccount: (opening, keyed) => post("/v1/accounts", [wire.accountOpening, wire.account], opening, keyed),
    account: (address) => get(`/v1/accounts/${address}`, wire.account),
    accounts: (system) => pages("/v1/accounts", wire.account, system),
    setAccountStatus: (address, status) => {
      const body = z.encode(wire.accountStatusChange, { status });
      return repeated({ path: `/v1/accounts/${address}/status`, answer: wire.account, body, method: "PUT" });
    },
    balances: (address) => get(`/v1/accounts/${address}/balances`, wire.balances),
    issue: (issuance, keyed) =>
      post("/v1/issuances", [wire.issuance, wire.issuanceReceipt], { reference: ZERO_HASH, ...issuance }, keyed),
    transfer: (transfer, keyed) =>
      post("/v1/transfers", [wire.transfer, wire.transferReceipt], { reference: ZERO_HASH, ...transfer }, keyed),
    refund: (refund, keyed) =>
      post("/v1/refunds", [wire.refundRequest, wire.refundReceipt], { reference: ZERO_HASH, ...refund }, keyed),
    withdraw: (withdrawal, keyed) =>
      post("/v1/withdrawals", [wire.withdrawalRequest, wire.withdrawalReceipt], withdrawal, keyed),
    withdrawal: (id) => get(`/v1/withdrawals/${id}`, wire.withdrawalRecord),
    payBatch: ({ items, ...batch }, keyed) => {
      const marked = items.map((item) => ({ reference: ZERO_HASH, ...item }));
      return post("/v1/batches", [wire.batch, wire.batchReceipt], { ...batch, items: marked }, keyed);
    },
    createInvoice: (order, keyed) =>
      post("/v1/invoices", [wire.invoiceRequest, wire.invoice], { memo: ZERO_HASH, hold: false, ...order }, keyed),
    payInvoice: (payment, keyed) => post("/v1/payments", [wire.paymentRequest, wire.paymentReceipt], payment, keyed),
    invoice: (hash) => get(`/v1/invoices/${hash}`, wire.invoice),
    cancelInvoice: (hash, { idempotencyKey = crypto.randomUUID() } = {}) =>
      repeated({ path: `/v1/invoices/${hash}/cancel`, answer: wire.invoice, body: {}, idempotencyKey }),
    events: (filter = {}, following = {}) => follow(get, filter, following),
    channel: (id) => get(`/v1/channels/${id}`, wire.channel),
    closeChannel: (id) => repeated({ path: `/v1/channels/${id}/close`, answer: wire.channel, body: {}, method: "PUT" }),
    assets: async () => (await get("/v1/assets", wire.assets)).assets,
    publish: (order, keyed) => post("/v1/proofs", [wire.publishing, wire.publication], order, keyed),
    publications: ({ system, token, before }) => {
      const query = { token, ...(system && { system }), ...(before !== undefined && { before: `${before}` }) };
      return get(`/v1/proofs?${new URLSearchParams(query).toString()}`, wire.publications);
    },
    liability: (address, token, period) => {
      const query = new URLSearchParams({ token, ...(period !== undefined && { period: `${period}` }) });
      return get(`/v1/proofs/${address}?${query.toString()}`, wire.liabilityProof);
    },
    journal: (system) => ({
      system,
      commits: async (after, limit) =>
        (await get(`/v1/journal/commits?${pageOf(system, after, limit)}`, wire.journalCommits)).data,
      events: async (after, limit) =>
        (await get(`/v1/journal/events?${pageOf(system, after, limit)}`, wire.journalEvents)).data,
    }),
    setCrediting: (token, paused) => {
      const body = z.encode(wire.crediting, { paused });
      return repeated({ path: `/v1/assets/${token}/crediting`, answer: wire.asset, body, method: "PUT" });
    },
    systems: async () => (await get("/v1/systems", wire.systems)).systems,
    surroundings: () => get("/v1/surroundings", wire.surroundings),
    settings: async () => (await get("/v1/settings", wire.settings)).settings,
    reconciliation: async () => (await get("/v1/reconciliation", wire.reconciliations)).systems,
    progress: () => get("/v1/status", wire.progress),
    disputes: (system) => pages("/v1/disputes", wire.dispute, system),
    alive: async () => {
      await get("/healthz", wire.status);
    },
    ready: async () => {
      await get("/readyz", wire.status);
    },
  };
}

function pageOf(system: Address, after: bigint, limit: number): string {
  return new URLSearchParams({ system, after: `${after}`, limit: `${limit}` }).toString();
}
