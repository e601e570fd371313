import { expect } from "chai";

import { routerOf } from "../../../src/service/crossing";
import { PROBLEM_TYPE } from "../../../src/wire";
import { onEachDatabase } from "../../helpers/databases";
import { answer, caller, listen, refusal } from "../../helpers/http";
import {
  COIN,
  DOMAIN,
  freshService,
  issue,
  KEYSTORE,
  openHosted,
  person,
  POINTS,
  pointsOf,
  SIGNER_KEY,
  SYSTEM,
} from "../../helpers/service";
import { addressOf, ZERO_HASH } from "../../../src/protocol";

const BY_OPERATOR = [
  ["get", `/v1/accounts/${SYSTEM}`],
  ["get", `/v1/accounts/${SYSTEM}/balances`],
  ["get", "/v1/status"],
  ["get", "/v1/settings"],
  ["get", `/v1/activity/${POINTS}`],
  ["get", "/v1/caller"],
  ["get", "/v1/reconciliation"],
  ["post", "/v1/proofs"],
  ["get", "/v1/journal/commits"],
  ["get", "/v1/journal/events"],
  ["post", "/v1/accounts"],
  ["post", "/v1/issuances"],
  ["post", "/v1/transfers"],
  ["post", "/v1/batches"],
  ["post", "/v1/redemptions"],
  ["post", "/v1/invoices"],
  ["get", `/v1/invoices/${ZERO_HASH}`],
  ["post", `/v1/invoices/${ZERO_HASH}/settle`],
  ["post", `/v1/invoices/${ZERO_HASH}/cancel`],
  ["post", "/v1/payments"],
  ["get", `/v1/payments/${ZERO_HASH}-1-0`],
  ["put", `/v1/assets/${POINTS}/fees`],
  ["put", `/v1/assets/${POINTS}/crediting`],
  ["get", `/v1/assets/${POINTS}/limits`],
  ["put", `/v1/assets/${POINTS}/limits`],
  ["get", `/v1/accounts/${SYSTEM}/limits`],
  ["put", `/v1/accounts/${SYSTEM}/limits`],
  ["put", `/v1/accounts/${SYSTEM}/fees`],
  ["post", "/v1/assets"],
] as const;

const ROUTES = {
  "/v1/accounts": ["post", "get"],
  "/v1/accounts/{address}": ["get"],
  "/v1/accounts/{address}/balances": ["get"],
  "/v1/accounts/{address}/status": ["put"],
  "/v1/accounts/{address}/tokens": ["post"],
  "/v1/accounts/{address}/metadata": ["get", "put"],
  "/v1/accounts/{address}/alias": ["get", "put", "delete"],
  "/v1/aliases/{name}": ["get"],
  "/.well-known/webfinger": ["get"],
  "/v1/accounts/{address}/export": ["get"],
  "/v1/batches": ["post"],
  "/v1/redemptions": ["post", "get"],
  "/v1/issuances": ["post", "get"],
  "/v1/transfers": ["post", "get"],
  "/v1/preimages": ["post"],
  "/v1/invoices": ["post", "get"],
  "/v1/invoices/{hash}": ["get"],
  "/v1/invoices/{hash}/settle": ["post"],
  "/v1/invoices/{hash}/cancel": ["post"],
  "/v1/payments": ["post", "get"],
  "/v1/payments/{id}": ["get"],
  "/v1/assets/{token}/fees": ["get", "put"],
  "/v1/assets/{token}/limits": ["get", "put"],
  "/v1/assets/{token}/crediting": ["put"],
  "/v1/accounts/{address}/limits": ["get", "put"],
  "/v1/accounts/{address}/fees": ["put"],
  "/v1/channels/{id}": ["get"],
  "/v1/channels/{id}/close": ["put"],
  "/v1/channels/{id}/states": ["post"],
  "/v1/channels/{id}/closings": ["post"],
  "/v1/channels/{id}/forwards": ["post"],
  "/v1/channels/{id}/outsets": ["post"],
  "/v1/channels/{id}/resynchronisations": ["post"],
  "/v1/channels/{id}/routes": ["post"],
  "/v1/channels": ["get"],
  "/v1/withdrawals": ["post", "get"],
  "/v1/withdrawals/{id}": ["get"],
  "/v1/events": ["get"],
  "/v1/accounts/{address}/statements": ["get"],
  "/v1/statements/{token}": ["get"],
  "/v1/issuances/{id}": ["get"],
  "/v1/transfers/{id}": ["get"],
  "/v1/redemptions/{id}": ["get"],
  "/v1/deposits": ["get"],
  "/v1/deposits/{id}": ["get"],
  "/v1/pending-deposits": ["get"],
  "/v1/disputes": ["get"],
  "/v1/systems": ["get"],
  "/v1/surroundings": ["get"],
  "/v1/api-keys": ["post", "get"],
  "/v1/api-keys/{id}": ["get", "delete"],
  "/v1/sign-in/nonce": ["post"],
  "/v1/sign-in": ["post"],
  "/v1/sign-out": ["post"],
  "/v1/activity/{token}": ["get"],
  "/v1/caller": ["get"],
  "/v1/assets": ["get", "post"],
  "/v1/channels/{id}/states/{version}": ["get"],
  "/v1/accounts/batch": ["post"],
  "/v1/refunds": ["post", "get"],
  "/v1/refunds/{id}": ["get"],
  "/v1/webhooks": ["get", "post"],
  "/v1/webhooks/{id}": ["get", "patch", "delete"],
  "/v1/webhooks/{id}/secret": ["post"],
  "/v1/webhooks/{id}/pings": ["post"],
  "/v1/webhooks/{id}/deliveries": ["get", "post"],
  "/v1/status": ["get"],
  "/v1/settings": ["get"],
  "/v1/reconciliation": ["get"],
  "/v1/proofs": ["get", "post"],
  "/v1/proofs/{account}": ["get"],
  "/v1/journal/commits": ["get"],
  "/v1/journal/events": ["get"],
  "/metrics": ["get"],
  "/healthz": ["get"],
  "/readyz": ["get"],
};

interface Operation {
  readonly security: readonly object[];
  readonly responses: Readonly<Record<string, { readonly content: object }>>;
  readonly parameters?: readonly { readonly name: string; readonly required: boolean }[];
}

onEachDatabase("HTTP: the server", (database) => {
  it("says what it serves", async function () {
    const { service } = await freshService(this);
    const { get } = await listen(this, service);
    const keys = { router: routerOf(KEYSTORE, SYSTEM), signer: addressOf(SIGNER_KEY) };
    const system = { address: SYSTEM, chainId: "31337", hub: DOMAIN.hub, ...keys };
    expect(await get("/v1/systems", { operator: null })).to.deep.equal(answer(200, { systems: [system] }));
    await issue(service, await openHosted(service, "alice"), 7n);
    const settings = { challengePeriod: "1000", claimWindow: "1000", lockLimit: "1000", award: "0", staleFee: "0" };
    const limit = `1${"0".repeat(28)}`;
    const asset = (token: string, backing: string, liabilities: string) => ({
      ...{
        system: SYSTEM,
        token,
        decimals: 18,
        settings: { backing, ...settings },
        allotment: limit,
        limit,
        liabilities,
        fees: {},
        paused: null,
      },
    });
    expect(await get("/v1/assets", { operator: null })).to.deep.equal(
      answer(200, { assets: [asset(POINTS, "issued", "7"), asset(COIN, "collateral", "0")] }),
    );
  });

  it("describes all of itself in OpenAPI 3.1", async function () {
    const { service } = await freshService(this);
    const { get } = await listen(this, service);
    const { status, body } = await get("/openapi.json", { operator: null });
    const { openapi, paths } = body as { openapi: string; paths: Record<string, Record<string, Operation>> };
    expect([status, openapi]).to.deep.equal([200, "3.1.0"]);
    expect(Object.fromEntries(Object.entries(paths).map(([path, calls]) => [path, Object.keys(calls)]))).to.deep.equal(
      ROUTES,
    );
    const calls = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, call]) => ({ path, method, call })),
    );
    for (const { path, method, call } of calls) {
      const makes = method === "post" && !/(settle|cancel)$/.test(path);
      const tells = !makes || call.parameters?.some(({ name }) => name === "dryRun") === true;
      expect(Object.keys(call.responses), path).to.deep.equal([
        ...(tells ? ["200"] : []),
        ...(makes ? ["201"] : []),
        "default",
      ]);
      expect(Object.keys(call.responses["default"]!.content)).to.deep.equal([PROBLEM_TYPE]);
      const key = call.parameters?.find(({ name }) => name === "idempotency-key");
      expect(key?.required, path).to.equal(method === "post" && !path.startsWith("/v1/sign-") ? true : undefined);
    }
    expect(JSON.stringify(body)).not.to.include("$ref");
  });

  it("asks for the operator's key before it reads anything", async function () {
    const { service } = await freshService(this);
    const api = await listen(this, service);
    for (const [method, path] of BY_OPERATOR) {
      for (const operator of [null, "", "another key", "the operator's key "]) {
        const body = method !== "get" ? { body: "not JSON" } : {};
        const refused = await api[method](path, { operator, ...body });
        // What surrounds a header's value is no part of it.
        if (operator?.trim() === "the operator's key") expect(refused.status, path).not.to.equal(401);
        else expect(refused, `${path} ${operator}`).to.deep.equal(refusal("unauthorized"));
      }
    }
    const basic = { headers: { authorization: `Basic ${btoa("operator:the operator's key")}` } };
    expect(await api.get(`/v1/accounts/${SYSTEM}`, basic)).to.deep.equal(refusal("unauthorized"));
  });

  it("refuses what is no JSON, too large, unknown, or has fields too many", async function () {
    const { service } = await freshService(this);
    const { app, get, post } = await listen(this, service);
    const alice = await openHosted(service, "alice");
    const body = { account: alice, token: POINTS, amount: "1" };
    const broken = await post("/v1/issuances", { body: "{" });
    expect([broken.status, (broken.body as { code: string }).code]).to.deep.equal([400, "invalid_request"]);
    const text = { body: "amount=1", headers: { "content-type": "text/plain" } };
    expect(await post("/v1/issuances", text)).to.deep.equal(refusal("unsupported_media_type"));
    const large = { ...body, reference: "0".repeat(2 ** 19) };
    expect(await post("/v1/issuances", { body: large })).to.deep.equal(refusal("too_large"));
    const reason = 'Unrecognized key: "tip"';
    expect(await post("/v1/issuances", { body: { ...body, tip: "1" } })).to.deep.equal(
      refusal("invalid_request", { field: "body", reason }),
    );
    expect(await get("/v2/assets")).to.deep.equal(refusal("unknown_route", { method: "GET", url: "/v2/assets" }));
    for (const [url, allowed] of [
      ["/v1/preimages", "POST"],
      [`/v1/accounts/${alice}/statements?from=x`, "GET, HEAD"],
    ] as const) {
      const method = allowed === "POST" ? "GET" : "PUT";
      const details = { method, url, allowed };
      const response = await fetch(app.listeningOrigin + url, { method });
      expect([response.status, response.headers.get("allow")], url).to.deep.equal([405, allowed]);
      expect(await caller(app.listeningOrigin, method)(url)).to.deep.equal(refusal("method_not_allowed", details));
    }
    expect(pointsOf(service, alice)).to.equal(0n);
  });

  it("lets no page of another origin read it", async function () {
    const { service } = await freshService(this);
    const { url } = await listen(this, service);
    const { headers } = await fetch(`${url}/v1/assets`, { headers: { origin: "https://elsewhere.example" } });
    expect(headers.get("access-control-allow-origin")).to.equal(null);
    const preflight = await fetch(`${url}/v1/transfers`, { method: "OPTIONS" });
    expect(preflight.status).to.equal(405);
  });

  it("is alive while it is not ready", async function () {
    const { service } = await freshService(this);
    const { get, post } = await listen(this, service);
    expect(await get("/readyz", { operator: null })).to.deep.equal(answer(200, { status: "ok" }));
    await service.stop();
    expect(await get("/healthz", { operator: null })).to.deep.equal(answer(200, { status: "ok" }));
    expect(await get("/readyz", { operator: null })).to.deep.equal(refusal("stopped"));
    const body = { custody: "self", address: person("alice").address, tokens: [POINTS] };
    expect(await post("/v1/accounts", { body })).to.deep.equal(refusal("stopped"));
  });

  it("says when to come again while the database does not answer", async function () {
    const { service, url: store } = await freshService(this);
    const { url } = await listen(this, service);
    const alice = await openHosted(service, "alice");
    await database.execute(store, database.refuse);
    const response = await fetch(`${url}/v1/issuances`, {
      method: "POST",
      headers: {
        ...{ authorization: "Bearer the operator's key", "idempotency-key": "key" },
        "content-type": "application/json",
      },
      body: JSON.stringify({ account: alice, token: POINTS, amount: "1" }),
    });
    expect([response.status, response.headers.get("retry-after")]).to.deep.equal([503, "1"]);
  });

  it("answers what is under way when it closes, and takes no more connections", async function () {
    const { service } = await freshService(this);
    const { app, post, get } = await listen(this, service);
    const alice = await openHosted(service, "alice");
    const body = { account: alice, token: POINTS, amount: "1" };
    const underWay = Promise.allSettled(Array.from({ length: 20 }, () => post("/v1/issuances", { body })));
    await new Promise((resolve) => app.server.once("request", resolve));
    await app.close();
    await service.stop();
    const accepted = (await underWay).filter((one) => one.status === "fulfilled").map(({ value }) => value.status);
    expect(accepted).to.include(201);
    expect(pointsOf(service, alice)).to.equal(BigInt(accepted.filter((status) => status === 201).length));
    expect(await get("/healthz").catch(() => "no answer")).to.equal("no answer");
  });
});
