import { fastify } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { expect } from "chai";

import { keccakText } from "../../../src/protocol";
import { enforceAccess } from "../../../src/service/http/auth";
import { SCOPES, type Scope } from "../../../src/wire";
import { listen, makeKey, refusal, type Method } from "../../helpers/http";
import { freshService, POINTS, SYSTEM } from "../../helpers/service";

/** What each call needs; those of anyone are public, or carry a user's signature. */
const ACCESS = {
  "POST /v1/accounts": "accounts:write",
  "POST /v1/accounts/batch": "accounts:write",
  "GET /v1/accounts/{address}": "accounts:read",
  "GET /v1/accounts/{address}/balances": "accounts:read",
  "GET /v1/accounts/{address}/limits": "accounts:read",
  "PUT /v1/accounts/{address}/limits": "accounts:write",
  "PUT /v1/accounts/{address}/fees": "accounts:write",
  "GET /v1/assets/{token}/fees": "anyone",
  "PUT /v1/assets/{token}/fees": "assets:write",
  "PUT /v1/assets/{token}/crediting": "assets:write",
  "GET /v1/assets/{token}/limits": "assets:read",
  "PUT /v1/assets/{token}/limits": "assets:write",
  "GET /v1/invoices": "money:read",
  "GET /v1/invoices/{hash}": "money:read",
  "POST /v1/invoices": "money:write",
  "POST /v1/invoices/{hash}/cancel": "money:write",
  "POST /v1/invoices/{hash}/settle": "money:write",
  "GET /v1/payments": "money:read",
  "GET /v1/payments/{id}": "money:read",
  "POST /v1/payments": "money:write",
  "POST /v1/refunds": "money:write",
  "POST /v1/batches": "money:write",
  "POST /v1/redemptions": "money:write",
  "POST /v1/channels/{id}/closings": "anyone",
  "PUT /v1/channels/{id}/close": "channels:write",
  "POST /v1/issuances": "money:write",
  "POST /v1/transfers": "money:write",
  "POST /v1/preimages": "anyone",
  "GET /v1/channels/{id}": "channels:read",
  "POST /v1/channels/{id}/states": "anyone",
  "POST /v1/channels/{id}/routes": "channels:read",
  "POST /v1/channels/{id}/forwards": "anyone",
  "POST /v1/channels/{id}/outsets": "channels:read",
  "POST /v1/channels/{id}/resynchronisations": "anyone",
  "GET /v1/channels/{id}/states/{version}": "channels:read",
  "POST /v1/withdrawals": "anyone",
  "GET /v1/api-keys": "keys:read",
  "POST /v1/api-keys": "keys:write",
  "GET /v1/api-keys/{id}": "keys:read",
  "DELETE /v1/api-keys/{id}": "keys:write",
  "POST /v1/sign-in/nonce": "anyone",
  "POST /v1/sign-in": "anyone",
  "POST /v1/sign-out": "anyone",
  "GET /v1/systems": "anyone",
  "GET /v1/surroundings": "anyone",
  "GET /v1/accounts": "accounts:read",
  "GET /v1/channels": "channels:read",
  "GET /v1/events": "events:read",
  "GET /v1/accounts/{address}/statements": "statements:read",
  "GET /v1/statements/{token}": "statements:read",
  ...Object.fromEntries(
    ["issuances", "transfers", "redemptions", "refunds", "deposits", "withdrawals"].flatMap((list) => [
      [`GET /v1/${list}`, "money:read"],
      [`GET /v1/${list}/{id}`, "money:read"],
    ]),
  ),
  "GET /v1/activity/{token}": "statements:read",
  "GET /v1/caller": "anyone",
  "GET /v1/assets": "anyone",
  "POST /v1/accounts/{address}/tokens": "accounts:write",
  "PUT /v1/accounts/{address}/status": "accounts:write",
  "GET /v1/accounts/{address}/metadata": "accounts:read",
  "PUT /v1/accounts/{address}/metadata": "accounts:write",
  "GET /v1/accounts/{address}/alias": "accounts:read",
  "PUT /v1/accounts/{address}/alias": "accounts:write",
  "DELETE /v1/accounts/{address}/alias": "accounts:write",
  "GET /v1/aliases/{name}": "anyone",
  "GET /.well-known/webfinger": "anyone",
  "GET /v1/accounts/{address}/export": "accounts:read",
  "POST /v1/assets": "assets:write",
  "GET /v1/webhooks": "webhooks:read",
  "POST /v1/webhooks": "webhooks:write",
  "GET /v1/webhooks/{id}": "webhooks:read",
  "PATCH /v1/webhooks/{id}": "webhooks:write",
  "DELETE /v1/webhooks/{id}": "webhooks:write",
  "POST /v1/webhooks/{id}/secret": "webhooks:write",
  "GET /v1/webhooks/{id}/deliveries": "webhooks:read",
  "POST /v1/webhooks/{id}/deliveries": "webhooks:write",
  "POST /v1/webhooks/{id}/pings": "webhooks:write",
  "GET /healthz": "anyone",
  "GET /readyz": "anyone",
  "GET /metrics": "service:read",
  "GET /v1/pending-deposits": "money:read",
  "GET /v1/disputes": "service:read",
  "GET /v1/status": "service:read",
  "GET /v1/settings": "service:read",
  "GET /v1/journal/commits": "events:read",
  "GET /v1/journal/events": "events:read",
  "GET /v1/proofs": "anyone",
  "GET /v1/proofs/{account}": "accounts:read",
  "POST /v1/proofs": "assets:write",
  "GET /v1/reconciliation": "service:read",
};

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly security: readonly Security[] }>>>>;
}
type Security = Readonly<Record<string, readonly string[]>>;

describe("HTTP: access", () => {
  it("of every route is as documented", async function () {
    const { service } = await freshService(this);
    const { get } = await listen(this, service);
    const { paths } = (await get("/openapi.json", { operator: null })).body as Document;
    const calls = Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, { security }]) => {
        const [scope = "anyone"] = security.flatMap((one) => one["caller"]!);
        return [`${method.toUpperCase()} ${path}`, scope];
      }),
    );
    expect(Object.fromEntries(calls)).to.deep.equal(ACCESS);
  });

  it("case 33: is had by a key with the scope, and by no other key, for every route and every scope", async function () {
    const { service } = await freshService(this);
    const api = await listen(this, service);
    const keys = new Map<Scope, string>();
    for (const scope of SCOPES) keys.set(scope, await makeKey(api, { scopes: [scope] }));
    for (const [call, needed] of Object.entries(ACCESS)) {
      const [method, template] = call.split(" ") as [Method, string];
      const path = template
        .replace("{address}", SYSTEM)
        .replace("{token}", POINTS)
        .replace("{hash}", keccakText("hash"))
        .replace("{id}", "ab".repeat(16));
      const body = ["POST", "PUT", "PATCH"].includes(method) ? { body: {} } : {};
      for (const [scope, operator] of keys) {
        const { status, body: answer } = await api.call(method, path, { operator, ...body });
        const mayAsk = needed === "anyone" || needed === scope;
        if (mayAsk) expect(status, `${call} with ${scope}`).not.to.equal(403);
        else
          expect([status, answer], `${call} with ${scope}`).to.deep.equal([
            403,
            refusal("forbidden", { scope: needed }).body,
          ]);
      }
    }
  });

  it("not said by a route stops the start", () => {
    const app = fastify().withTypeProvider<ZodTypeProvider>();
    enforceAccess(
      app,
      () => Promise.resolve(null),
      () => Promise.resolve(),
    );
    expect(() => app.get("/v1/secrets", () => "all of them")).to.throw("GET /v1/secrets does not say for whom it is");
  });
});
