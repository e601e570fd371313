import { createServer } from "node:http";

import { expect } from "chai";
import { Webhook as Verifier } from "standardwebhooks";

import { retryAfter, RETRY_POLICY } from "../../../src/service/webhooks/policy";
import { onEachDatabase, openTestStore, SQLITE } from "../../helpers/databases";
import { expectError } from "../../helpers/errors";
import { MemoryLog } from "../../helpers/memoryLog";
import { startReceiver } from "../../helpers/receiver";
import { person, SYSTEM } from "../../helpers/service";
import { addEndpoint, startWebhooks } from "../../helpers/webhooks";

const TERMS = { url: "https://example.com/hooks", description: "", types: null, account: null };

onEachDatabase("Webhooks: endpoints", (database) => {
  it("are added once under a key, with a secret of their own, which the database has only sealed", async function () {
    const store = await openTestStore(this, await database.fresh(this));
    const webhooks = startWebhooks(this, store);
    const log = new MemoryLog();
    log.add(Array.from({ length: 7 }, () => "money.issued" as const));
    await webhooks.serve(SYSTEM, log);
    const account = person("alice").address;
    const request = { ...TERMS, system: SYSTEM, types: ["money.issued"] as const, account, after: 7n };
    const made = await webhooks.create(request, "operator", "key");
    expect(made.replayed).to.equal(false);
    expect(Buffer.from(made.secret.replace("whsec_", ""), "base64")).to.have.length(32);
    expect(await webhooks.create(request, "operator", "key")).to.deep.equal({ ...made, replayed: true });
    const other = { ...request, types: null };
    await expectError(() => webhooks.create(other, "operator", "key"), "idempotency_conflict", { key: "key" });
    const early = { ...request, after: 8n };
    const beyond = { field: "after", got: 8, last: 7 };
    await expectError(() => webhooks.create(early, "operator", "early"), "out_of_range", beyond);
    const now = await webhooks.create({ ...request, after: null }, "operator", "now");
    expect(now.webhook.progress.position).to.equal(7n);
    await webhooks.remove(now.webhook.id);
    const another = await webhooks.create(request, "somebody else", "key");
    expect(another.webhook.id).not.to.equal(made.webhook.id);
    expect(another.secret).not.to.equal(made.secret);
    expect(await store.webhooks.get(made.webhook.id)).to.deep.equal(made.webhook);
    expect((await webhooks.of(SYSTEM)).map(({ id }) => id)).to.have.members([made.webhook.id, another.webhook.id]);
    expect(await webhooks.of(person("another system").address)).to.deep.equal([]);
    expect(
      JSON.stringify(made.webhook, (_, value: unknown) => (typeof value === "bigint" ? `${value}` : value)),
    ).not.to.include(made.secret.replace("whsec_", ""));
    expect(made.webhook).to.deep.include({ owner: "operator", status: "enabled", account, types: ["money.issued"] });
    expect(made.webhook.progress).to.deep.equal({ position: 7n, failures: 0, failingSince: 0, nextAttempt: 0 });
  });

  it("change and go; nobody is told any more, and nothing is left of them", async function () {
    const store = await openTestStore(this, await database.fresh(this));
    const webhooks = startWebhooks(this, store);
    const log = new MemoryLog();
    await webhooks.serve(SYSTEM, log);
    const [first, second] = [await startReceiver(this), await startReceiver(this)];
    const { webhook } = await addEndpoint(webhooks, first.url);
    log.add(["money.issued"]);
    await first.count(1);
    const changed = await webhooks.change(webhook.id, {
      url: second.url,
      description: "moved",
      types: ["money.transferred"],
    });
    expect(changed).to.deep.include({
      url: second.url,
      description: "moved",
      types: ["money.transferred"],
      generation: 1n,
    });
    log.add(["money.issued", "money.transferred"]);
    await second.count(1);
    expect([first.received.length, second.received[0]!.headers["webhook-id"]]).to.deep.equal([1, `evt_${SYSTEM}_3`]);
    await webhooks.remove(webhook.id);
    log.add(["money.transferred"]);
    await expectError(() => webhooks.get(webhook.id), "unknown_webhook", { webhook: webhook.id });
    await expectError(() => webhooks.remove(webhook.id), "unknown_webhook");
    await expectError(() => webhooks.change(webhook.id, {}), "unknown_webhook");
    expect(await webhooks.deliveries(webhook.id, { limit: 10 })).to.deep.equal([]);
    expect(second.received).to.have.length(1);
  });

  it("get a new secret once under a key; for a day the old one signs too", async function () {
    const webhooks = startWebhooks(this, await openTestStore(this, await database.fresh(this)));
    const log = new MemoryLog();
    await webhooks.serve(SYSTEM, log);
    const { url, received, count } = await startReceiver(this);
    const { webhook, secret } = await addEndpoint(webhooks, url);
    const rotated = await webhooks.rotate(webhook.id, "rotation");
    expect(rotated.secret).not.to.equal(secret);
    expect(await webhooks.rotate(webhook.id, "rotation")).to.deep.include({ secret: rotated.secret, replayed: true });
    log.add(["money.issued"]);
    await count(1);
    const { body, headers } = received[0]!;
    expect(headers["webhook-signature"]).to.match(/^v1,[^ ]+ v1,[^ ]+$/);
    for (const one of [secret, rotated.secret]) {
      expect(new Verifier(one).verify(body, headers as Record<string, string>)).to.deep.equal({
        type: "money.issued",
        number: "1",
      });
    }
    expect(rotated.webhook.formerUntil - Date.now()).to.be.within(23 * 3_600_000, 24 * 3_600_000);
  });

  it("are so many per system at most", async function () {
    const webhooks = startWebhooks(this, await openTestStore(this, await database.fresh(this)));
    await webhooks.serve(SYSTEM, new MemoryLog());
    for (let i = 0; i < 100; i++) await addEndpoint(webhooks, TERMS.url);
    await expectError(() => addEndpoint(webhooks, TERMS.url), "too_many_webhooks", { limit: 100 });
  });

  it("deliver in one process at a time: what another has changed is left to it", async function () {
    const store = await openTestStore(this, await database.fresh(this));
    const [one, two] = [startWebhooks(this, store), startWebhooks(this, store)];
    const log = new MemoryLog();
    await one.serve(SYSTEM, log);
    const { url, count, received } = await startReceiver(this);
    const { webhook } = await addEndpoint(one, url);
    await two.change(webhook.id, { description: "changed" });
    log.add(["money.issued"]);
    await count(1);
    await one.leave(SYSTEM, log);
    expect((await two.get(webhook.id)).progress.position).to.equal(0n);
    await two.serve(SYSTEM, log);
    await count(2);
    expect(new Set(received.map(({ headers }) => headers["webhook-id"]))).to.deep.equal(new Set([`evt_${SYSTEM}_1`]));
  });
});

describe("Webhooks: targets", () => {
  it("are public and encrypted: no private address is connected to, by whatever name, redirection or number", async function () {
    let reached = 0;
    const inside = createServer((_, response) => {
      reached += 1;
      response.end();
    });
    await new Promise<void>((resolve) => inside.listen(0, "127.0.0.1", resolve));
    const { port } = inside.address() as { port: number };
    const webhooks = startWebhooks(this, await openTestStore(this, await SQLITE.fresh(this)), { isAnyTarget: false });
    const log = new MemoryLog();
    log.add(["money.issued"]);
    await webhooks.serve(SYSTEM, log);
    for (const host of ["localhost", "127.0.0.1", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1"]) {
      const { webhook } = await addEndpoint(webhooks, `https://${host}:${port}/`);
      const { status, response } = (await webhooks.redeliver(webhook.id, 1n, host)).delivery;
      expect([status, response], host).to.deep.equal([null, "the address is private"]);
    }
    for (const host of [
      "10.0.0.1",
      "192.168.1.1",
      "172.16.0.1",
      "169.254.169.254",
      "100.64.0.1",
      "[fd00::1]",
      "[fe80::1]",
    ]) {
      const { webhook } = await addEndpoint(webhooks, `https://${host}/`);
      expect((await webhooks.redeliver(webhook.id, 1n, host)).delivery.response, host).to.equal(
        "the address is private",
      );
    }
    const refused = { field: "body/url", reason: "https only" };
    await expectError(() => addEndpoint(webhooks, "http://example.com/"), "invalid_request", refused);
    const withUser = "https://user:password@example.com/";
    await expectError(() => addEndpoint(webhooks, withUser), "invalid_request", { reason: "no user and password" });
    expect(reached).to.equal(0);
    inside.close();
  });

  it("follow no redirection", async function () {
    const webhooks = startWebhooks(this, await openTestStore(this, await SQLITE.fresh(this)));
    const log = new MemoryLog();
    log.add(["money.issued"]);
    await webhooks.serve(SYSTEM, log);
    const [leading, inside] = [await startReceiver(this), await startReceiver(this)];
    leading.answers((response) => response.writeHead(307, { location: inside.url }).end());
    const { webhook } = await addEndpoint(webhooks, leading.url, { after: 1n });
    expect((await webhooks.redeliver(webhook.id, 1n, "request")).delivery).to.include({ status: 307 });
    expect(inside.received).to.deep.equal([]);
  });
});

describe("Webhooks: retries", () => {
  it("come after twice the time each, up to hours, half of it by chance", () => {
    const waits = [1, 2, 3, 4, 20].map((failures) =>
      [0, 1].map((chance) => retryAfter(RETRY_POLICY, failures, chance)),
    );
    expect(waits).to.deep.equal([
      [2_500, 5_000],
      [5_000, 10_000],
      [10_000, 20_000],
      [20_000, 40_000],
      [10_800_000, 21_600_000],
    ]);
  });
});
