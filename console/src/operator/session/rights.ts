import type { AdministrationApi } from "../../../../src/sdk/administration";

export type Caller = Awaited<ReturnType<AdministrationApi["caller"]>>;

/** What an operator does here: the scope that it takes, the call, and whether that is about all accounts and tokens. */
const ACTS = {
  seeStatus: ["service:read", "GET /v1/status", "nothing"],
  seeSettings: ["service:read", "GET /v1/settings", "nothing"],
  seeMetrics: ["service:read", "GET /metrics", "all"],
  seeDisputes: ["service:read", "GET /v1/disputes", "nothing"],
  reconcile: ["service:read", "GET /v1/reconciliation", "all"],
  seeEvents: ["events:read", "GET /v1/events", "all"],
  followEvents: ["events:read", "GET /v1/stream", "all"],
  seeAccount: ["accounts:read", "GET /v1/accounts/{address}", "some"],
  listAccounts: ["accounts:read", "GET /v1/accounts", "all"],
  openAccount: ["accounts:write", "POST /v1/accounts", "all"],
  setStatus: ["accounts:write", "PUT /v1/accounts/{address}/status", "some"],
  giveName: ["accounts:write", "PUT /v1/accounts/{address}/alias", "some"],
  takeName: ["accounts:write", "DELETE /v1/accounts/{address}/alias", "some"],
  seeTerms: ["accounts:read", "GET /v1/accounts/{address}/limits", "some"],
  limitAccount: ["accounts:write", "PUT /v1/accounts/{address}/limits", "some"],
  waiveFees: ["accounts:write", "PUT /v1/accounts/{address}/fees", "some"],
  readStatement: ["statements:read", "GET /v1/accounts/{address}/statements", "some"],
  seeActivity: ["statements:read", "GET /v1/activity/{token}", "all"],
  listPayments: ["money:read", "GET /v1/transfers", "all"],
  listWithdrawals: ["money:read", "GET /v1/withdrawals", "all"],
  issue: ["money:write", "POST /v1/issuances", "some"],
  seeReceipt: ["channels:read", "GET /v1/channels/{id}/states/{version}", "nothing"],
  closeChannel: ["channels:write", "PUT /v1/channels/{id}/close", "some"],
  addAsset: ["assets:write", "POST /v1/assets", "all"],
  setFees: ["assets:write", "PUT /v1/assets/{token}/fees", "some"],
  seeLimits: ["assets:read", "GET /v1/assets/{token}/limits", "some"],
  setLimits: ["assets:write", "PUT /v1/assets/{token}/limits", "some"],
  pause: ["assets:write", "PUT /v1/assets/{token}/crediting", "some"],
  publish: ["assets:write", "POST /v1/proofs", "some"],
  seeWebhooks: ["webhooks:read", "GET /v1/webhooks", "all"],
  makeWebhook: ["webhooks:write", "POST /v1/webhooks", "all"],
  changeWebhook: ["webhooks:write", "PATCH /v1/webhooks/{id}", "all"],
  removeWebhook: ["webhooks:write", "DELETE /v1/webhooks/{id}", "all"],
  redeliver: ["webhooks:write", "POST /v1/webhooks/{id}/deliveries", "all"],
  ping: ["webhooks:write", "POST /v1/webhooks/{id}/pings", "all"],
  seeKeys: ["keys:read", "GET /v1/api-keys", "nothing"],
  makeKey: ["keys:write", "POST /v1/api-keys", "nothing"],
  revokeKey: ["keys:write", "DELETE /v1/api-keys/{id}", "nothing"],
} as const satisfies Record<string, readonly [Caller["scopes"][number], string, "all" | "some" | "nothing"]>;

export type Act = keyof typeof ACTS;

/** Whether a key may do it: what it may not do is not offered. The service decides by itself all the same. */
export function may({ scopes, restrictions }: Caller, act: Act): boolean {
  const [scope, call, about] = ACTS[act];
  const isConfined = restrictions.accounts !== null || restrictions.tokens !== null;
  const isAllowed = restrictions.calls?.includes(call) ?? true;
  return scopes.includes(scope) && isAllowed && !(about === "all" && isConfined);
}
