import { expect } from "chai";
import { Webhook as Verifier } from "standardwebhooks";
import { z } from "zod";

import { logTo } from "../../../src/service/http";
import type { AccountService } from "../../../src/service";
import * as wire from "../../../src/wire";
import { onEachDatabase } from "../../helpers/databases";
import { answer, listen, makeKey, refusal, type Answer } from "../../helpers/http";
import { startReceiver, type Received } from "../../helpers/receiver";
import { freshService, issue, openHosted, SYSTEM } from "../../helpers/service";

type View = Readonly<Record<string, unknown>> & { readonly id: string; readonly secret: string };

const ANY_TARGET = { settings: { isAnyWebhookTarget: true } };
const NOBODY = `wh_${"00".repeat(16)}`;

onEachDatabase("HTTP: webhooks", (database) => {
  async function setUp(context: Mocha.Context, settings = ANY_TARGET.settings) {
    const { service, store } = await freshService(context, undefined, database);
    const log: string[] = [];
    const logger = logTo({ write: (line) => log.push(line) }, "debug");
    const api = await listen(context, service, { settings, logger });
    const [alice, bob] = [await openHosted(service, "alice", 100n), await openHosted(service, "bob")];
    const receiver = await startReceiver(context);
    const make = async (order: object = {}, operator?: string) => {
      const made = await api.post("/v1/webhooks", {
        body: { url: receiver.url, ...order },
        ...(operator !== undefined && { operator }),
      });
      expect(made.status, JSON.stringify(made.body)).to.equal(201);
      return made.body as View;
    };
    return { api, service, store, receiver, make, alice, bob, log };
  }

  /** The system's log as it goes over the wire. */
  async function logOf(service: AccountService, after = 0n) {
    return z.encode(wire.list(wire.event), await service.events({ after, limit: 1_000 }));
  }

  const bodies = (received: readonly Received[]) => received.map(({ body }) => JSON.parse(body) as unknown);
  const codeOf = ({ status, body }: Answer) => (status < 300 ? status : (body as { code: string }).code);
  const page = (data: readonly unknown[], more: object = {}) =>
    answer(200, { data, pageSize: 50, hasMore: false, next: null, previous: null, ...more });

  it("are made once under a key, listed, and told of what comes, as the log has it, signed", async function () {
    const { api, service, receiver, alice } = await setUp(this);
    const order = { url: receiver.url, description: "till", types: ["money.issued"], account: alice };
    const made = await api.post("/v1/webhooks", { key: "one", body: order });
    const { secret, ...view } = made.body as View;
    const { id, created } = view;
    expect(view).to.deep.equal({
      ...{ ...order, id, system: SYSTEM, owner: "operator", status: "enabled", created },
      ...{ position: "5", failures: 0, failingSince: null, nextAttempt: null, formerSecretUntil: null },
    });
    expect(id).to.match(/^wh_[0-9a-f]{32}$/);
    expect(await api.post("/v1/webhooks", { key: "one", body: order })).to.deep.equal({ ...made, replayed: "true" });
    const other = { ...order, account: null };
    const conflict = refusal("idempotency_conflict", { key: "one" });
    expect(await api.post("/v1/webhooks", { key: "one", body: other })).to.deep.equal(conflict);
    expect(await api.get(`/v1/webhooks/${id}`)).to.deep.equal(answer(200, view));
    expect(await api.get("/v1/webhooks")).to.deep.equal(page([view]));

    await issue(service, alice, 7n);
    await receiver.count(1);
    expect(bodies(receiver.received)).to.deep.equal(await logOf(service, 5n));
    const { body, headers } = receiver.received[0]!;
    expect(headers["webhook-id"]).to.equal(`evt_${SYSTEM}_6`);
    new Verifier(secret).verify(body, headers as Record<string, string>);
    const unknown = refusal("unknown_webhook", { webhook: NOBODY });
    expect(await api.get(`/v1/webhooks/${NOBODY}`)).to.deep.equal(unknown);
  });

  it("that are given up are told of in the log, to other webhooks and by a metric, each time once", async function () {
    const { api, service, receiver, make, alice } = await setUp(this);
    const gone = await startReceiver(this);
    gone.answersWith(410);
    await make({ types: ["webhook.givenUp"] });
    const { id } = await make({ url: gone.url, types: ["money.issued"] });
    await issue(service, alice, 7n);
    await receiver.count(1);
    await api.call("PATCH", `/v1/webhooks/${id}`, { body: { status: "enabled" } });
    await receiver.count(2);
    const told = (bodies(receiver.received) as { type: string; data: object }[]).map(({ type, data }) => ({
      type,
      data,
    }));
    const once = { type: "webhook.givenUp", data: { webhook: id, position: "5" } };
    expect(told).to.deep.equal([once, once]);
    expect((await service.events({ types: ["webhook.givenUp"], limit: 10 })).length).to.equal(2);
    const metrics = await (
      await fetch(`${api.url}/metrics`, { headers: { authorization: "Bearer the operator's key" } })
    ).text();
    expect(metrics).to.match(new RegExp(`^starledger_webhooks_given_up_total\\{system="${SYSTEM}"\\} 2$`, "m"));
  });

  it("are listed in pages, as their deliveries are, both ways", async function () {
    const { api, make, receiver } = await setUp(this);
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.push((await make({ after: i === 0 ? "0" : "5", description: `${i}` })).id);
    await receiver.count(5);
    for (const path of ["/v1/webhooks", `/v1/webhooks/${ids[0]}/deliveries`]) {
      const read = async (query: string) =>
        (await api.get(`${path}?${query}`)).body as {
          data: { id: string; event: string }[];
          next: string | null;
          previous: string | null;
        };
      const all = (await read("pageSize=200")).data.map((one) => one.id);
      expect(all).to.have.length(5);
      const first = await read("pageSize=2");
      const second = await read(`pageSize=2&cursor=${first.next}`);
      const third = await read(`pageSize=2&cursor=${second.next}`);
      expect([first, second, third].flatMap(({ data }) => data.map((one) => one.id))).to.deep.equal(all);
      expect([first.previous, third.next]).to.deep.equal([null, null]);
      expect((await read(`pageSize=2&cursor=${third.previous}`)).data).to.deep.equal(second.data);
      expect((await read(`pageSize=2&cursor=${second.previous}`)).data).to.deep.equal(first.data);
      if (path !== "/v1/webhooks") expect(first.data.map(({ event }) => event)).to.deep.equal(["5", "4"]);
      else expect(new Set(all)).to.deep.equal(new Set(ids));
    }
  });

  it("change, rest, go on where they stood, are told again from any number, and go", async function () {
    const { api, service, receiver, make, alice } = await setUp(this);
    const { id } = await make();
    const path = `/v1/webhooks/${id}`;
    const change = (body: object) => api.patch(path, { body });
    expect((await change({ status: "disabled" })).body).to.include({ status: "disabled", position: "5" });
    await issue(service, alice, 1n);
    await issue(service, alice, 2n);
    expect(receiver.received).to.deep.equal([]);
    expect((await change({ status: "enabled", description: "back" })).body).to.include({ description: "back" });
    await receiver.count(2);
    expect(bodies(receiver.received)).to.deep.equal(await logOf(service, 5n));
    await change({ after: "3" });
    await receiver.count(6);
    expect(bodies(receiver.received).slice(2)).to.deep.equal(await logOf(service, 3n));
    const beyond = refusal("out_of_range", { field: "after", got: "8", last: "7" });
    expect(await change({ after: "8" })).to.deep.equal(beyond);
    expect(codeOf(await change({ status: "failed" }))).to.equal("invalid_request");
    expect(await api.del(path)).to.deep.equal(answer(200, { status: "ok" }));
    await issue(service, alice, 3n);
    expect(await api.get(`${path}/deliveries`)).to.deep.equal(refusal("unknown_webhook", { webhook: id }));
    expect(await api.del(path)).to.deep.equal(refusal("unknown_webhook", { webhook: id }));
    expect(receiver.received).to.have.length(6);
  });

  it("get a new secret once under a key; the one before signs for a day beside it", async function () {
    const { api, make, receiver } = await setUp(this);
    const { id, secret: before } = await make();
    const path = `/v1/webhooks/${id}`;
    const rotated = await api.post(`${path}/secret`, { key: "rotation" });
    const { secret, formerSecretUntil } = rotated.body as View;
    expect(rotated.status).to.equal(201);
    expect(await api.post(`${path}/secret`, { key: "rotation" })).to.deep.equal({ ...rotated, replayed: "true" });
    expect((await api.get(path)).body)
      .to.include({ formerSecretUntil })
      .and.not.have.property("secret");
    expect(Date.parse(formerSecretUntil as string) - Date.now()).to.be.within(23 * 3_600_000, 24 * 3_600_000);
    await api.post(`${path}/pings`);
    const { body, headers } = receiver.received[0]!;
    for (const one of [before, secret]) new Verifier(one).verify(body, headers as Record<string, string>);
  });

  it("are tested, and told one event once more, once under a key, with what came of it", async function () {
    const { api, service, make, receiver } = await setUp(this);
    const { id } = await make({ types: ["account.closed"] });
    const path = `/v1/webhooks/${id}`;
    const ping = await api.post(`${path}/pings`, { key: "ping" });
    const tried = ping.body as View;
    const { time, milliseconds } = tried;
    expect(ping).to.deep.equal(
      answer(201, { id: tried.id, event: null, time, taken: true, status: 204, response: "", milliseconds }),
    );
    expect(await api.post(`${path}/pings`, { key: "ping" })).to.deep.equal({ ...ping, replayed: "true" });
    expect(bodies(receiver.received)).to.deep.equal([
      { type: "webhook.ping", system: SYSTEM, webhook: id, time: (bodies(receiver.received)[0] as View)["time"] },
    ]);
    receiver.answersWith(500, "no");
    const again = await api.post(`${path}/deliveries`, { key: "again", body: { event: "4" } });
    expect(again.body).to.include({ event: "4", taken: false, status: 500, response: "no" });
    expect(bodies(receiver.received)[1]).to.deep.equal((await logOf(service))[3]);
    expect((await api.get(`${path}/deliveries`)).body)
      .to.have.property("data")
      .deep.equal([again.body, ping.body]);
    expect((await api.get(path)).body).to.include({ failures: 0, position: "5" });
    const other = await api.post(`${path}/deliveries`, { key: "again", body: { event: "3" } });
    expect(other).to.deep.equal(refusal("idempotency_conflict"));
    const unknown = await api.post(`${path}/deliveries`, { body: { event: "6" } });
    expect(unknown).to.deep.equal(refusal("unknown_event", { event: "6" }));
  });

  it("case 33: tell a key no more than it may read, and are reached by no key beyond its accounts", async function () {
    const { api, make, alice, bob } = await setUp(this);
    const all = ["webhooks:read", "webhooks:write", "events:read"] as const;
    const ofAlice = await makeKey(api, { scopes: all, restrictions: { accounts: [alice] } });
    const blind = await makeKey(api, { scopes: ["webhooks:read", "webhooks:write"] });
    const [everyone, bobs] = [await make(), await make({ account: bob })];
    const forbidden = refusal("forbidden", { restriction: "accounts" });
    const order = { url: "https://127.0.0.1:1/" };
    expect(await api.post("/v1/webhooks", { operator: ofAlice, body: order })).to.deep.equal(forbidden);
    expect(await api.post("/v1/webhooks", { operator: ofAlice, body: { ...order, account: bob } })).to.deep.equal(
      forbidden,
    );
    const noReader = refusal("forbidden", { scope: "events:read" });
    expect(await api.post("/v1/webhooks", { operator: blind, body: order })).to.deep.equal(noReader);
    expect(await api.patch(`/v1/webhooks/${bobs.id}`, { operator: blind, body: { url: order.url } })).to.deep.equal(
      noReader,
    );
    const own = await make({ account: alice }, ofAlice);
    for (const { id } of [everyone, bobs]) {
      const path = `/v1/webhooks/${id}`;
      const operator = ofAlice;
      const calls = [
        api.get(path, { operator }),
        api.patch(path, { operator, body: { url: order.url } }),
        api.del(path, { operator }),
        api.post(`${path}/secret`, { operator }),
        api.get(`${path}/deliveries`, { operator }),
        api.post(`${path}/deliveries`, { operator, body: { event: "1" } }),
        api.post(`${path}/pings`, { operator }),
      ];
      for (const got of await Promise.all(calls)) expect(got).to.deep.equal(forbidden);
    }
    const widened = await api.patch(`/v1/webhooks/${own.id}`, { operator: ofAlice, body: { account: null } });
    expect(widened).to.deep.equal(forbidden);
    const seen = (await api.get("/v1/webhooks", { operator: ofAlice })).body as { data: View[] };
    expect(seen.data.map(({ id }) => id)).to.deep.equal([own.id]);
    expect(((await api.get("/v1/webhooks")).body as { data: View[] }).data).to.have.length(3);
  });

  it("case 33: lead nowhere inside, and are not logged with their secrets", async function () {
    const { api, make, receiver, log } = await setUp(this, { isAnyWebhookTarget: false });
    const refused = await api.post("/v1/webhooks", { body: { url: receiver.url } });
    expect(refused).to.deep.equal(refusal("invalid_request", { field: "body/url", reason: "https only" }));
    const { id, secret } = await make({ url: receiver.url.replace("http", "https") });
    const path = `/v1/webhooks/${id}`;
    const ping = (await api.post(`${path}/pings`)).body;
    expect(ping).to.include({ taken: false, status: null, response: "the address is private" });
    const next = ((await api.post(`${path}/secret`)).body as View).secret;
    const told = log.join("\n");
    expect(log.length).to.be.greaterThan(3);
    for (const one of [secret, next]) expect(told).not.to.include(one.slice("whsec_".length));
    expect(receiver.received).to.deep.equal([]);
  });
});
