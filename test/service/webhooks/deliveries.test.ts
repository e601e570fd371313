import { expect } from "chai";
import { Webhook as Verifier } from "standardwebhooks";

import { openStore, type Webhook } from "../../../src/store";
import { onEachDatabase, openTestStore } from "../../helpers/databases";
import { expectError } from "../../helpers/errors";
import { MemoryLog } from "../../helpers/memoryLog";
import { startReceiver, type Received } from "../../helpers/receiver";
import { person, SYSTEM } from "../../helpers/service";
import { addEndpoint, QUICK, startWebhooks } from "../../helpers/webhooks";

const idOf = (number: number) => `evt_${SYSTEM}_${number}`;
const idsIn = (received: readonly Received[]) => received.map(({ headers }) => headers["webhook-id"]);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => idOf(from + i));

/** Resolves when what `read` gives is as wanted. */
async function eventually(read: () => Promise<boolean>): Promise<void> {
  while (!(await read())) await new Promise((resolve) => setTimeout(resolve, 5));
}

onEachDatabase("Webhooks: deliveries", (database) => {
  it("are signed, in order, of what is asked for: first what the log has, then what comes", async function () {
    const store = await openTestStore(this, await database.fresh(this));
    const webhooks = startWebhooks(this, store);
    const log = new MemoryLog();
    const { url, received, count } = await startReceiver(this);
    const own = await startReceiver(this);
    for (let i = 0; i < 120; i++) log.add(["money.issued"]);
    await webhooks.serve(SYSTEM, log);
    const { webhook, secret } = await addEndpoint(webhooks, url);
    const account = person("alice").address;
    await addEndpoint(webhooks, own.url, { types: ["payment.settled"], account });
    for (let i = 0; i < 30; i++) log.add(["payment.settled", "money.issued"], i === 20 ? account : null);
    await Promise.all([count(180), own.count(1)]);
    expect(idsIn(received)).to.deep.equal(range(1, 180));
    expect(idsIn(own.received)).to.deep.equal([idOf(161)]);
    const verifier = new Verifier(secret);
    for (const [i, { headers, body }] of received.entries()) {
      const number = `${i + 1}`;
      const type = i < 120 || i % 2 === 1 ? "money.issued" : "payment.settled";
      expect(verifier.verify(body, headers as Record<string, string>)).to.deep.equal({ type, number });
    }
    expect(received[0]!.headers).to.include({ "content-type": "application/json" });
    await webhooks.stop();
    expect((await store.webhooks.get(webhook.id))?.progress.position).to.equal(180n);
    const kept = await webhooks.deliveries(webhook.id, { limit: 2 });
    expect(kept.map(({ event, status, response }) => ({ event, status, response }))).to.deep.equal([
      { event: 180n, status: 204, response: "" },
      { event: 179n, status: 204, response: "" },
    ]);
    const older = await webhooks.deliveries(webhook.id, { before: kept[1]!.id, limit: 200 });
    expect(older.map(({ event }) => Number(event))).to.deep.equal(Array.from({ length: 178 }, (_, i) => 178 - i));
  });

  it("go on after a restart where they stood, under the same ids", async function () {
    const url = await database.fresh(this);
    const store = await openStore(url);
    const log = new MemoryLog();
    const receiver = await startReceiver(this);
    const first = startWebhooks(this, store);
    await first.serve(SYSTEM, log);
    const { webhook } = await addEndpoint(first, receiver.url);
    log.add(["money.issued", "money.transferred"]);
    await receiver.count(2);
    await first.stop();
    await store.close();
    log.add(["money.redeemed"]);
    const second = startWebhooks(this, await openTestStore(this, url));
    await second.serve(SYSTEM, log);
    await receiver.count(3);
    expect(idsIn(receiver.received)).to.deep.equal(range(1, 3));
    expect((await second.get(webhook.id)).status).to.equal("enabled");
  });

  it("case 32: wait for a receiver that fails or is absent, harm no other, and miss nothing", async function () {
    const webhooks = startWebhooks(this, await openTestStore(this, await database.fresh(this)));
    const log = new MemoryLog();
    await webhooks.serve(SYSTEM, log);
    const [good, bad] = [await startReceiver(this), await startReceiver(this)];
    let refusals = 3;
    bad.answers((response) => response.writeHead((refusals -= 1) >= 0 ? 500 : 200).end("busy"));
    await addEndpoint(webhooks, good.url);
    const failing = await addEndpoint(webhooks, bad.url);
    const absent = await addEndpoint(webhooks, "http://127.0.0.1:1/");
    log.add(["money.issued", "money.transferred", "money.redeemed"]);
    await Promise.all([good.count(3), bad.count(6)]);
    expect(idsIn(good.received)).to.deep.equal(range(1, 3));
    expect(idsIn(bad.received)).to.deep.equal([1, 1, 1, 1, 2, 3].map(idOf));
    await eventually(async () => (await webhooks.get(failing.webhook.id)).progress.position === 3n);
    expect((await webhooks.get(failing.webhook.id)).progress).to.include({ failures: 0, failingSince: 0 });
    await eventually(async () => (await webhooks.get(absent.webhook.id)).progress.failures > 1);
    const [tried] = await webhooks.deliveries(absent.webhook.id, { limit: 1 });
    expect(tried).to.deep.include({ event: 1n, status: null, response: "ECONNREFUSED" });
    const attempts = await webhooks.deliveries(failing.webhook.id, { limit: 10 });
    expect(attempts.map(({ status }) => status)).to.deep.equal([200, 200, 200, 500, 500, 500]);
  });

  it("case 32: give a slow receiver so much time, and hold up no other", async function () {
    const policy = { ...QUICK, timeout: 100 };
    const webhooks = startWebhooks(this, await openTestStore(this, await database.fresh(this)), { policy });
    const log = new MemoryLog();
    await webhooks.serve(SYSTEM, log);
    const [good, slow] = [await startReceiver(this), await startReceiver(this)];
    slow.answers(() => undefined);
    const { webhook } = await addEndpoint(webhooks, slow.url);
    await addEndpoint(webhooks, good.url);
    log.add(Array.from({ length: 20 }, () => "money.issued" as const));
    await good.count(20);
    await eventually(async () => (await webhooks.get(webhook.id)).progress.failures > 0);
    const [attempt] = await webhooks.deliveries(webhook.id, { limit: 1 });
    expect(attempt).to.deep.include({ event: 1n, status: null, response: "no answer in time" });
    // One that answers without end is not listened to for ever.
    slow.answers((response) => response.writeHead(200).write("x".repeat(10_000)));
    await eventually(async () => (await webhooks.get(webhook.id)).progress.position >= 1n);
    const taken = (await webhooks.deliveries(webhook.id, { limit: 200 })).find(({ status }) => status === 200);
    expect(taken?.response).to.equal("x".repeat(512));
  });

  it("case 32: reach a good receiver at once beside as many slow ones as there may be", async function () {
    const policy = { ...QUICK, timeout: 10_000 };
    const webhooks = startWebhooks(this, await openTestStore(this, await database.fresh(this)), { policy });
    const log = new MemoryLog();
    await webhooks.serve(SYSTEM, log);
    const [good, slow] = [await startReceiver(this), await startReceiver(this)];
    slow.answers(() => undefined);
    for (let i = 0; i < 99; i++) await addEndpoint(webhooks, slow.url);
    await addEndpoint(webhooks, good.url);
    log.add(Array.from({ length: 20 }, () => "money.issued" as const));
    await Promise.all([good.count(20), slow.count(99)]);
    expect(idsIn(good.received)).to.deep.equal(range(1, 20));
    expect(new Set(idsIn(slow.received))).to.deep.equal(new Set([idOf(1)]));
    await webhooks.leave(SYSTEM, log);
  });

  it("are cut off and begin no more when the lead is lost, and go on where another leads", async function () {
    const store = await openTestStore(this, await database.fresh(this));
    const [lost, next] = [startWebhooks(this, store), startWebhooks(this, store)];
    const log = new MemoryLog();
    await lost.serve(SYSTEM, log);
    const { url, received, count, answers } = await startReceiver(this);
    const { webhook } = await addEndpoint(lost, url);
    answers((response) => (received.length < 3 ? response.writeHead(204).end() : undefined));
    log.add(Array.from({ length: 5 }, () => "money.issued" as const));
    await count(3);
    await lost.leave(SYSTEM, log);
    log.add(["money.transferred"]);
    expect((await next.get(webhook.id)).progress).to.include({ position: 2n, failures: 0 });
    answers((response) => response.writeHead(204).end());
    await next.serve(SYSTEM, log);
    await count(7);
    expect(idsIn(received)).to.deep.equal([1, 2, 3, 3, 4, 5, 6].map(idOf));
  });

  it("end for an endpoint that takes nothing for too long, or is gone; enabled again, it gets what it missed", async function () {
    const told: Webhook[] = [];
    const options = { policy: { ...QUICK, patience: 100 }, onFailed: (webhook: Webhook) => told.push(webhook) };
    const webhooks = startWebhooks(this, await openTestStore(this, await database.fresh(this)), options);
    const log = new MemoryLog();
    await webhooks.serve(SYSTEM, log);
    const [failing, gone] = [await startReceiver(this), await startReceiver(this)];
    failing.answersWith(500);
    gone.answersWith(410);
    const one = (await addEndpoint(webhooks, failing.url)).webhook;
    const two = (await addEndpoint(webhooks, gone.url)).webhook;
    log.add(["money.issued"]);
    await eventually(() => Promise.resolve(told.length === 2));
    expect(told.map(({ id, status }) => [id, status])).to.have.deep.members([
      [two.id, "failed"],
      [one.id, "failed"],
    ]);
    expect((await webhooks.get(one.id)).status).to.equal("failed");
    expect(gone.received).to.have.length(1);
    const before = failing.received.length;
    failing.answersWith(200);
    log.add(["money.transferred"]);
    await webhooks.change(one.id, { status: "enabled" });
    await failing.count(before + 2);
    expect(idsIn(failing.received.slice(before))).to.deep.equal(range(1, 2));
  });

  it("case 32: lose nothing while the database does not answer", async function () {
    const store = await openTestStore(this, await database.fresh(this));
    let [broken, refused] = [false, 0];
    const flaky = Object.create(store.webhooks) as typeof store.webhooks;
    flaky.advance = (...progress) => {
      if (!broken) return store.webhooks.advance(...progress);
      refused += 1;
      return Promise.reject(new Error("broken"));
    };
    const webhooks = startWebhooks(this, { webhooks: flaky });
    const log = new MemoryLog();
    await webhooks.serve(SYSTEM, log);
    const { url, received, count } = await startReceiver(this);
    const { webhook } = await addEndpoint(webhooks, url);
    broken = true;
    log.add(["money.issued"]);
    await eventually(() => Promise.resolve(refused > 0));
    log.add(["money.transferred"]);
    broken = false;
    await count(2);
    expect(idsIn(received)).to.deep.equal(range(1, 2));
    await eventually(async () => (await webhooks.get(webhook.id)).progress.position === 2n);
  });

  it("are made again on demand: all after a number, or one, beside the others", async function () {
    const webhooks = startWebhooks(this, await openTestStore(this, await database.fresh(this)));
    const log = new MemoryLog();
    await webhooks.serve(SYSTEM, log);
    const { url, received, count } = await startReceiver(this);
    const { webhook } = await addEndpoint(webhooks, url);
    log.add(["money.issued", "money.transferred", "money.redeemed"]);
    await count(3);
    await webhooks.change(webhook.id, { after: 1n });
    await count(5);
    expect(idsIn(received)).to.deep.equal([1, 2, 3, 2, 3].map(idOf));
    await webhooks.change(webhook.id, { status: "disabled" });
    log.add(["fee.charged"]);
    const asked = await webhooks.redeliver(webhook.id, 2n, "request");
    expect(asked.delivery).to.include({ event: 2n, status: 204, request: "request" });
    expect(await webhooks.redeliver(webhook.id, 2n, "request")).to.deep.equal({ ...asked, replayed: true });
    await expectError(() => webhooks.redeliver(webhook.id, 1n, "request"), "idempotency_conflict");
    expect(idsIn(received)).to.deep.equal([1, 2, 3, 2, 3, 2].map(idOf));
    for (const number of [0n, 5n]) {
      await expectError(() => webhooks.redeliver(webhook.id, number, `${number}`), "unknown_event", { event: number });
    }
    await webhooks.change(webhook.id, { status: "enabled" });
    await count(7);
    expect(idsIn(received).at(-1)).to.equal(idOf(4));
  });
});
