import * as z from "zod";

import type { Address, ChannelId } from "../protocol";
import * as wire from "../wire";
import { operatorCalls, type Keyed, type OperatorOptions } from "./operatorCalls";
import { withQuery } from "./query";

/** One page of a list: `next` asks for the one after it. */
export interface Page<Item> {
  readonly data: readonly Item[];
  readonly next: string | null;
  readonly previous: string | null;
}

const UNCONFINED = { calls: null, accounts: null, tokens: null, addresses: null, limits: null };

/** Which page of a list; the first unless it says otherwise. */
export interface PageQuery {
  readonly cursor?: string;
  /** From 1 to 200; 50 unless given. */
  readonly pageSize?: number;
}

/** Which records. */
export interface RecordQuery extends PageQuery {
  readonly system?: Address;
  readonly account?: Address;
  readonly token?: Address;
}

type Out<T extends z.ZodType> = z.output<T>;
type List<T extends z.ZodType, Query extends PageQuery = RecordQuery> = (query?: Query) => Promise<Page<Out<T>>>;

/** A moment of each end, in Unix milliseconds; the first belongs to the period. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** What a key is to be good for; unconfined, and for ever, unless it says otherwise. */
export type ApiKeyOrder = Pick<Out<typeof wire.apiKeyOrder>, "name" | "scopes"> & {
  readonly restrictions?: Partial<Out<typeof wire.restrictions>>;
  readonly expires?: string | null;
};

/** What an operator looks at and sets, page by page, beside what `operatorApi` does. Amounts are base units. */
export interface AdministrationApi {
  /** What the key may do. @throws unauthorized */
  caller(): Promise<Out<typeof wire.caller>>;

  accounts: List<typeof wire.account, PageQuery & { readonly system?: Address }>;
  channels: List<typeof wire.channelSummary, PageQuery & { readonly account: Address }>;
  issuances: List<typeof wire.issuanceRecord>;
  transfers: List<typeof wire.transferRecord>;
  payments: List<typeof wire.payment>;
  deposits: List<typeof wire.depositRecord>;
  withdrawals: List<typeof wire.withdrawalRecord>;
  disputes: List<typeof wire.dispute, PageQuery & { readonly system?: Address }>;
  /** A part of a log, oldest first unless it says otherwise. */
  events(query: z.input<typeof wire.eventQuery>): Promise<Out<typeof wire.events>>;

  /** @throws unknown_alias, bad_alias */
  byAlias(name: string): Promise<Out<typeof wire.alias>>;
  /** @throws unknown_alias where the account has none */
  aliasOf(account: Address): Promise<Out<typeof wire.alias>>;
  /**
   * Gives an account a name, in place of any that it has; the old one is kept for it for 90 days.
   * @throws bad_alias, alias_taken, account_closed, unknown_account
   */
  giveAlias(account: Address, name: string): Promise<Out<typeof wire.alias>>;
  /** Takes an account's name away; it is kept for it for 90 days. @throws unknown_account */
  takeAlias(account: Address): Promise<void>;
  /** What an account may pay and have, and whether it pays fees, token by token. @throws unknown_account */
  accountTerms(account: Address): Promise<Out<typeof wire.accountTerms>>;
  /** Limits one account by itself, or as the asset does again. @throws unknown_account, unknown_asset */
  limitAccount(account: Address, limiting: Out<typeof wire.accountLimiting>): Promise<Out<typeof wire.accountTerms>>;
  /** Lets an account pay no fees, or pay them again. @throws unknown_account, unknown_asset */
  waiveFees(account: Address, waiver: Out<typeof wire.feeWaiver>): Promise<Out<typeof wire.accountTerms>>;
  /**
   * A complete state with what shows how it came about; `verifyReceipt` checks it.
   * @throws unknown_channel, unknown_record
   */
  receipt(channel: ChannelId, version: bigint): Promise<Out<typeof wire.receipt>>;
  /** An account's statement as CSV. @throws unknown_account, too_many_lines */
  statement(account: Address, token: Address, period: Period): Promise<string>;
  /** @param query.step seconds of a period. @throws unknown_asset, out_of_range for more than 400 periods */
  activity(
    token: Address,
    query: Period & { readonly step: number; readonly system: Address },
  ): Promise<Out<typeof wire.activity>>;

  /** Takes over a token as the hub lists it now. @throws unknown_asset */
  addAsset(listing: Out<typeof wire.assetListing>, options?: Keyed): Promise<Out<typeof wire.asset>>;
  /** @throws unknown_asset */
  setFees(system: Address, token: Address, fees: Out<typeof wire.feeSchedule>): Promise<void>;
  /** @throws unknown_asset */
  limits(system: Address, token: Address): Promise<Out<typeof wire.assetLimits>>;
  /** @throws unknown_asset */
  setLimits(system: Address, token: Address, limits: Out<typeof wire.limits>): Promise<void>;

  webhooks: List<typeof wire.webhook, PageQuery & { readonly system: Address }>;
  /** The secret is in this answer alone. */
  makeWebhook(order: z.input<typeof wire.webhookOrder>, options?: Keyed): Promise<Out<typeof wire.newWebhook>>;
  /** @throws unknown_webhook */
  changeWebhook(id: string, change: z.input<typeof wire.webhookChange>): Promise<Out<typeof wire.webhook>>;
  /** @throws unknown_webhook */
  removeWebhook(id: string): Promise<void>;
  /**
   * The latest attempts to deliver to it, newest first.
   * @throws unknown_webhook
   */
  deliveries(webhook: string, query?: PageQuery): Promise<Page<Out<typeof wire.delivery>>>;
  /** @throws unknown_webhook, unknown_record */
  redeliver(webhook: string, event: bigint, options?: Keyed): Promise<Out<typeof wire.delivery>>;
  /** Sends a test. @throws unknown_webhook */
  ping(webhook: string, options?: Keyed): Promise<Out<typeof wire.delivery>>;

  apiKeys: List<typeof wire.apiKey, PageQuery>;
  /** The key's text is in this answer alone. @throws forbidden for more than the caller has */
  makeApiKey(order: ApiKeyOrder, options?: Keyed): Promise<Out<typeof wire.newApiKey>>;
  /** With it, those that it made. @throws unknown_api_key */
  revokeApiKey(id: string): Promise<Out<typeof wire.apiKey>>;

  /** What the process counts and measures, in Prometheus's text format. */
  metrics(): Promise<string>;
}

/**
 * What an operator's tools show and set, over HTTP; calls are repeated as those of `operatorApi` are.
 * @param url without the path of a call: `https://host:port`
 * @param key the operator's key, or an API key: what it may not do is `forbidden`
 */
export function administrationApi(url: string, key: string, options: OperatorOptions = {}): AdministrationApi {
  const { repeated, get, post } = operatorCalls(url, key, options);

  const list =
    <T extends z.ZodType, Query extends PageQuery>(path: string, item: T): List<T, Query> =>
    (query) =>
      get(withQuery(path, { ...query }), wire.page(item));
  const set = <In extends z.ZodType, T extends z.ZodType>(
    path: string,
    [schema, answer]: readonly [In, T],
    value: z.output<In>,
  ) => repeated({ path, answer, body: z.encode(schema, value), method: "PUT" });
  const ofWebhook = (id: string) => `/v1/webhooks/${id}`;
  const ofAccount = (account: Address, what: string) => `/v1/accounts/${account}/${what}`;
  const ofAsset = (token: Address, what: string, system: Address) => `/v1/assets/${token}/${what}?system=${system}`;
  const keyed = <T extends z.ZodType>(path: string, answer: T, body: unknown, { idempotencyKey }: Keyed = {}) =>
    repeated({ path, answer, body, idempotencyKey: idempotencyKey ?? crypto.randomUUID() });

  return {
    caller: () => get("/v1/caller", wire.caller),
    accounts: list("/v1/accounts", wire.account),
    channels: list("/v1/channels", wire.channelSummary),
    issuances: list("/v1/issuances", wire.issuanceRecord),
    transfers: list("/v1/transfers", wire.transferRecord),
    payments: list("/v1/payments", wire.payment),
    deposits: list("/v1/deposits", wire.depositRecord),
    withdrawals: list("/v1/withdrawals", wire.withdrawalRecord),
    disputes: list("/v1/disputes", wire.dispute),
    events: (query) => get(withQuery("/v1/events", { ...query }), wire.events),
    byAlias: (name) => get(`/v1/aliases/${encodeURIComponent(name)}`, wire.alias),
    aliasOf: (account) => get(ofAccount(account, "alias"), wire.alias),
    giveAlias: (account, name) =>
      repeated({ path: ofAccount(account, "alias"), answer: wire.alias, body: { name }, method: "PUT" }),
    takeAlias: async (account) => {
      await repeated({ path: ofAccount(account, "alias"), answer: wire.status, method: "DELETE" });
    },
    accountTerms: (account) => get(ofAccount(account, "limits"), wire.accountTerms),
    limitAccount: (account, limiting) =>
      set(ofAccount(account, "limits"), [wire.accountLimiting, wire.accountTerms], limiting),
    waiveFees: (account, waiver) => set(ofAccount(account, "fees"), [wire.feeWaiver, wire.accountTerms], waiver),
    receipt: (channel, version) => get(`/v1/channels/${channel}/states/${version}`, wire.receipt),
    statement: (account, token, { from, to }) => {
      const query = { token, from: timeText(from), to: timeText(to), format: "csv" };
      return repeated({
        path: withQuery(`/v1/accounts/${account}/statements`, query),
        answer: z.string(),
        isText: true,
      });
    },
    activity: (token, { from, to, step, system }) => {
      const query = { system, from: timeText(from), to: timeText(to), step };
      return get(withQuery(`/v1/activity/${token}`, query), wire.activity);
    },
    addAsset: (listing, options) => post("/v1/assets", [wire.assetListing, wire.asset], listing, options),
    setFees: async (system, token, fees) => {
      await set(ofAsset(token, "fees", system), [wire.feeSchedule, z.unknown()], fees);
    },
    limits: (system, token) => get(ofAsset(token, "limits", system), wire.assetLimits),
    setLimits: async (system, token, limits) => {
      await set(ofAsset(token, "limits", system), [wire.limits, z.unknown()], limits);
    },
    webhooks: list("/v1/webhooks", wire.webhook),
    makeWebhook: (order, options) => keyed("/v1/webhooks", wire.newWebhook, order, options),
    changeWebhook: (id, body) => repeated({ path: ofWebhook(id), answer: wire.webhook, body, method: "PATCH" }),
    removeWebhook: async (id) => {
      await repeated({ path: ofWebhook(id), answer: wire.status, method: "DELETE" });
    },
    deliveries: (id, query) => get(withQuery(`${ofWebhook(id)}/deliveries`, { ...query }), wire.page(wire.delivery)),
    redeliver: (id, event, options) =>
      keyed(`${ofWebhook(id)}/deliveries`, wire.delivery, { event: String(event) }, options),
    ping: (id, options) => keyed(`${ofWebhook(id)}/pings`, wire.delivery, {}, options),
    apiKeys: list("/v1/api-keys", wire.apiKey),
    makeApiKey: ({ restrictions, expires = null, ...rights }, options) => {
      const order = { ...rights, restrictions: { ...UNCONFINED, ...restrictions }, expires };
      return post("/v1/api-keys", [wire.apiKeyOrder, wire.newApiKey], order, options);
    },
    revokeApiKey: (id) => repeated({ path: `/v1/api-keys/${id}`, answer: wire.apiKey, method: "DELETE" }),
    metrics: () => repeated({ path: "/metrics", answer: z.string(), isText: true }),
  };
}

function timeText(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
