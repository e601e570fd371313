import { expect } from "chai";
import { z } from "zod";

import type { ErrorCode, StarledgerError } from "../../../src/errors";
import {
  digest,
  emptyState,
  hashState,
  hashWithdrawal,
  keccakText,
  nextState,
  sign,
  ZERO_HASH,
} from "../../../src/protocol";
import type { AccountService } from "../../../src/service";
import type { Store } from "../../../src/store";
import { STREAM_LIMITS } from "../../../src/service/http/stream/limits";
import * as wire from "../../../src/wire";
import { decodeSubmissionResult, encodeSubmission } from "../../../src/wire/binary";
import { openTestStore, SQLITE } from "../../helpers/databases";
import { listen, OPERATOR_KEY, refusal } from "../../helpers/http";
import {
  apiOf,
  freshService,
  issue,
  listAssets,
  NOW,
  openHosted,
  openWallet,
  person,
  POINTS,
  pointsOf,
  SEPARATOR,
  startService,
} from "../../helpers/service";
import { connectStream } from "../../helpers/stream";

const OPERATOR = { authorization: `Bearer ${OPERATOR_KEY}` };

/** The whole message that refuses another. */
function refused(id: string | null, code: ErrorCode, details: Record<string, string> = {}) {
  return { type: "error", id, problem: refusal(code, details).body };
}

/** A self-custody account with 100 points. */
async function openSelf(service: AccountService, name: string) {
  const { key, address } = person(name);
  await service.submit({ type: "openAccount", address, tokens: [POINTS] });
  await issue(service, address, 100n);
  return { key, address, id: service.channelOf(address, POINTS)!.id };
}

describe("The stream: calls", () => {
  it("does what the HTTP calls do, under the same keys, and answers the same", async function () {
    const { service } = await freshService(this);
    const { url, get, post } = await listen(this, service);
    const { ask } = await connectStream(this, url, OPERATOR);
    const { key, id, address } = await openSelf(service, "alice");
    const bob = await openHosted(service, "bob");
    const operations = [
      { type: "fold", seq: 1n, credited: 100n } as const,
      { type: "pay", to: bob, amount: 30n, reference: ZERO_HASH } as const,
    ];
    const proposal = nextState(emptyState(id), operations);
    const signature = sign(digest(SEPARATOR, hashState(proposal)), key);
    const body = z.encode(wire.stateSubmission, { proposal, operations, signature });

    const message = { type: "submitState", idempotencyKey: "pay", body };
    const systemSignature = async () => await service.signatures.state(id, 1n);
    const done = await ask({ ...message, id: "1" });
    const result = { commit: "6", systemSignature: await systemSignature() };
    expect(done).to.deep.equal({ type: "result", id: "1", replayed: false, result });
    expect(await ask({ ...message, id: "2" })).to.deep.equal({ type: "result", id: "2", replayed: true, result });
    const overHttp = await post(`/v1/channels/${id}/states`, { operator: null, key: "pay", body });
    expect([overHttp.replayed, overHttp.body]).to.deep.equal(["true", result]);
    expect([pointsOf(service, address), pointsOf(service, bob)]).to.deep.equal([70n, 30n]);

    const withdrawal = { channelId: id, withdrawn: 40n, reclaimed: 0n, recipient: bob, deadline: NOW + 500n };
    const consent = sign(digest(SEPARATOR, hashWithdrawal(withdrawal)), key);
    const terms = { withdrawal: z.encode(wire.withdrawal, withdrawal), signature: consent };
    const signed = await ask({ type: "withdraw", id: "3", idempotencyKey: "take", body: terms });
    const again = await post("/v1/withdrawals", { operator: null, key: "take", body: { custody: "self", ...terms } });
    expect(signed).to.deep.equal({ type: "result", id: "3", replayed: false, result: again.body });
    expect(again.replayed).to.equal("true");

    const shown = await ask({ type: "channel", id: "4", channelId: id });
    expect(shown["result"]).to.deep.equal((await get(`/v1/channels/${id}`)).body);
  });

  it("takes a state in bytes too, as the same request, and answers in bytes; what it refuses it says in JSON", async function () {
    const { service } = await freshService(this);
    const { url } = await listen(this, service);
    const { ask, take, socket, receivedBytes } = await connectStream(this, url, OPERATOR);
    const { key, id } = await openSelf(service, "alice");
    const bob = await openHosted(service, "bob");
    const operations = [
      { type: "fold", seq: 1n, credited: 100n } as const,
      { type: "pay", to: bob, amount: 30n, reference: ZERO_HASH } as const,
    ];
    const proposal = nextState(emptyState(id), operations);
    const body = { proposal, operations, signature: sign(digest(SEPARATOR, hashState(proposal)), key) };
    const message = { idempotencyKey: "pay", body };
    socket.send(encodeSubmission({ ...message, id: "1" }));
    await receivedBytes(1);
    const result = { commit: 6n, systemSignature: (await service.signatures.state(id, 1n))! };
    socket.send(encodeSubmission({ ...message, id: "2" }));
    expect((await receivedBytes(2)).map(decodeSubmissionResult)).to.deep.equal([
      { id: "1", replayed: false, result },
      { id: "2", replayed: true, result },
    ]);
    const inJson = { type: "submitState", idempotencyKey: "pay", body: z.encode(wire.stateSubmission, body) };
    expect(await ask({ ...inJson, id: "3" })).to.deep.equal({
      ...{ type: "result", id: "3", replayed: true },
      result: z.encode(wire.stateReceipt, result),
    });
    const later = { ...proposal, version: 9n };
    const ahead = { proposal: later, operations, signature: sign(digest(SEPARATOR, hashState(later)), key) };
    socket.send(encodeSubmission({ id: "4", idempotencyKey: "ahead", body: ahead }));
    const stale = refused("4", "stale_version", { got: "9", want: "2" });
    expect(await take((one) => one["id"] === "4")).to.deep.equal(stale);
    expect([pointsOf(service, person("alice").address), pointsOf(service, bob)]).to.deep.equal([70n, 30n]);
  });

  it("claims with a preimage", async function () {
    const { service } = await freshService(this);
    const { url } = await listen(this, service);
    const { ask } = await connectStream(this, url, OPERATOR);
    const alice = await openHosted(service, "alice", 100n);
    const { wallet } = await openWallet(this, service, "bob");
    let preimage = ZERO_HASH;
    const keepsIt = { ...apiOf(service), reveal: (given: typeof preimage) => Promise.resolve(void (preimage = given)) };
    const holder = await openWallet(this, service, "carol", { api: keepsIt });
    const signed = await holder.wallet.invoice({ amount: 30n, expiry: NOW + 300n });
    await service.submit({ type: "payInvoice", from: alice, signed, fee: 0n });
    await holder.arrived();
    const reveal = { type: "reveal", idempotencyKey: "claim", body: { preimage } };
    expect(await ask({ ...reveal, id: "1" })).to.deep.include({ id: "1", type: "result", replayed: false });
    expect(await ask({ ...reveal, id: "2" })).to.deep.include({ id: "2", type: "result", replayed: true });
    expect([pointsOf(service, holder.address), wallet.balance]).to.deep.equal([30n, 0n]);
  });

  it("case 32: refuses with the problems of HTTP what is malformed or unknown, and stays open", async function () {
    const { service } = await freshService(this);
    const { url } = await listen(this, service);
    const { ask, send, take, socket } = await connectStream(this, url, OPERATOR);
    const unknown = keccakText("no channel");
    expect(await ask({ type: "channel", id: "1", channelId: unknown })).to.deep.equal(
      refused("1", "unknown_channel", { channel: unknown }),
    );
    expect(await ask({ type: "subscribe", id: "2", channel: "notes", channelId: unknown })).to.deep.equal(
      refused("2", "unknown_channel", { channel: unknown }),
    );
    expect(await ask({ type: "unsubscribe", id: "3", subscription: "none" })).to.deep.equal(
      refused("3", "unknown_subscription", { id: "none" }),
    );
    expect(await ask({ type: "channel", id: "4", channelId: "0x00" })).to.deep.equal(
      refused("4", "invalid_hex", { field: "channelId" }),
    );
    expect(await ask({ type: "reveal", id: "5", body: { preimage: unknown } })).to.deep.equal(
      refused("5", "missing_idempotency_key", { field: "idempotencyKey" }),
    );
    const body = { preimage: unknown, tip: "1" };
    expect(await ask({ type: "reveal", id: "6", idempotencyKey: "key", body })).to.deep.equal(
      refused("6", "invalid_request", { field: "body", reason: 'Unrecognized key: "tip"' }),
    );
    expect(await ask({ type: "authenticate", id: "7", token: "another key" })).to.deep.equal(
      refused("7", "unauthorized"),
    );
    expect(await ask({ type: "authenticate", id: "8", token: OPERATOR_KEY })).to.deep.include({ type: "result" });
    for (const [nonsense, reason] of [
      ["{", "not JSON"],
      [Buffer.from("{}"), "unknown kind"],
      [Buffer.from([1]), "too short"],
    ] as const) {
      socket.send(nonsense);
      const details = { field: "message", reason };
      expect(await take(({ type }) => type === "error")).to.deep.equal(refused(null, "invalid_request", details));
    }
    for (const nonsense of ["1", "null", "[]", '{"type":"dance"}', '{"id":7}']) {
      send(nonsense);
      const { id, problem } = await take(({ type }) => type === "error");
      expect([id, (problem as StarledgerError).code], nonsense).to.deep.equal([null, "invalid_request"]);
    }
    expect(await ask({ type: "authenticate", token: OPERATOR_KEY })).to.deep.include({ type: "result", result: {} });
  });
});

describe("The stream: notes", () => {
  it("tells a wallet its latest note at once, then every one as it is issued, until it has had enough", async function () {
    const { service } = await freshService(this);
    const { url } = await listen(this, service);
    const { ask, take, received } = await connectStream(this, url, OPERATOR);
    const { id, address } = await openSelf(service, "alice");
    const other = await openSelf(service, "bob");
    expect(await ask({ type: "subscribe", id: "mine", channel: "notes", channelId: id })).to.deep.equal({
      type: "result",
      id: "mine",
      replayed: false,
      result: {},
    });
    const note = async () => z.encode(wire.heldNote, (await service.latestNote(id))!);
    const isNote = ({ type }: Readonly<Record<string, unknown>>) => type === "note";
    expect(await take(isNote)).to.deep.equal({ type: "note", subscription: "mine", note: await note() });
    await issue(service, other.address, 1n);
    await issue(service, address, 5n);
    expect(await take(isNote)).to.deep.equal({ type: "note", subscription: "mine", note: await note() });
    await ask({ type: "unsubscribe", subscription: "mine" });
    await issue(service, address, 5n);
    await ask({ type: "channel", channelId: id });
    expect(received).to.deep.equal([]);
  });

  it("tells a payer how its locks have ended", async function () {
    const { service } = await freshService(this);
    const { url } = await listen(this, service);
    const { ask, take } = await connectStream(this, url, OPERATOR);
    const alice = await openWallet(this, service, "alice");
    const bob = await openWallet(this, service, "bob");
    await issue(service, alice.address, 100n);
    await alice.arrived();
    const channelId = alice.wallet.id;
    await ask({ type: "subscribe", id: "mine", channel: "notes", channelId });
    await alice.wallet.payInvoice(await bob.wallet.invoice({ amount: 30n, expiry: NOW + 300n }));
    const told = await take(({ type }) => type === "outcomes");
    const outcomes = z.encode(wire.list(wire.lockOutcome), service.lockOutcomes(channelId));
    expect(told).to.deep.equal({ type: "outcomes", subscription: "mine", channelId, outcomes });
    expect(outcomes.map(({ type }) => type)).to.deep.equal(["foldLock"]);
  });
});

describe("The stream: connections", () => {
  it("are refused before the upgrade with a wrong key, beyond the limits, and to what is no WebSocket", async function () {
    const { service } = await freshService(this);
    const { url, get } = await listen(this, service, { streamLimits: { ...STREAM_LIMITS, connectionsPerCaller: 2 } });
    const error = await connectStream(this, url, { authorization: "Bearer another key" }).catch(String);
    expect(error).to.equal("Error: Unexpected server response: 401");
    expect(await get("/v1/stream")).to.deep.equal(
      refusal("invalid_request", { field: "headers/upgrade", reason: "not a WebSocket" }),
    );
    const first = await connectStream(this, url);
    await connectStream(this, url);
    await connectStream(this, url, OPERATOR);
    const third = await connectStream(this, url).catch(String);
    expect(third).to.equal("Error: Unexpected server response: 429");
    first.socket.close();
    await first.closed;
    const again = await connectStream(this, url);
    expect(await again.ask({ type: "authenticate", token: OPERATOR_KEY })).to.deep.include({ type: "result" });
  });

  it("have so many subscriptions, each under an id of its own", async function () {
    const { service } = await freshService(this);
    const { url } = await listen(this, service, { streamLimits: { ...STREAM_LIMITS, subscriptions: 2 } });
    const { ask } = await connectStream(this, url, OPERATOR);
    const { id: channelId } = await openSelf(service, "alice");
    const subscribe = (id: string) => ask({ type: "subscribe", id, channel: "notes", channelId });
    expect(await subscribe("1")).to.deep.include({ type: "result" });
    expect(await subscribe("1")).to.deep.equal(refused("1", "subscription_exists", { id: "1" }));
    expect(await subscribe("2")).to.deep.include({ type: "result" });
    expect(await subscribe("3")).to.deep.equal(refused("3", "too_many_subscriptions", { limit: "2" }));
    await ask({ type: "unsubscribe", subscription: "1" });
    expect(await subscribe("3")).to.deep.include({ type: "result" });
  });

  it("end when a message is too large, or nothing is asked for", async function () {
    const { service } = await freshService(this);
    const { url } = await listen(this, service, {
      streamLimits: { ...STREAM_LIMITS, messageSize: 1_000, heartbeat: 500, idle: 100 },
    });
    const large = await connectStream(this, url, OPERATOR);
    large.send("x".repeat(1_001));
    expect((await large.closed).code).to.equal(1009);
    const { id: channelId } = await openSelf(service, "alice");
    const busy = await connectStream(this, url, OPERATOR);
    await busy.ask({ type: "subscribe", channel: "notes", channelId });
    const idle = await connectStream(this, url, OPERATOR);
    expect(await idle.closed).to.deep.equal({ code: 4409, reason: "Nothing was asked for" });
    expect(await busy.ask({ type: "channel", channelId })).to.deep.include({ type: "result" });
  });

  it("count what is sent with the calls over HTTP of whoever sends it", async function () {
    const { service } = await freshService(this);
    const { url } = await listen(this, service, { settings: { rates: { perAddress: 3, perUser: 0, perKey: 0 } } });
    const { ask, socket } = await connectStream(this, url);
    expect(await ask({ type: "ping" })).to.deep.include({ type: "result" });
    expect((await fetch(`${url}/v1/assets`)).headers.get("ratelimit-remaining")).to.equal("0");
    const { problem } = await ask({ type: "ping" });
    const { seconds } = (problem as { details: { seconds: string } }).details;
    expect(problem).to.deep.equal(refusal("rate_limited", { limit: "3", seconds }).body);
    expect(socket.readyState).to.equal(socket.OPEN);
  });

  it("answer `overloaded` while the process runs late, and go on after that", async function () {
    const { service } = await freshService(this);
    const { url } = await listen(this, service, { settings: { maxDelay: 50 } });
    const { ask } = await connectStream(this, url, OPERATOR);
    const codes = new Set<string | undefined>();
    while (!codes.has("overloaded")) {
      const answer = ask({ type: "ping" });
      const busyUntil = Date.now() + 200;
      while (Date.now() < busyUntil);
      codes.add(((await answer).problem as { code: string } | undefined)?.code);
    }
    while ((await ask({ type: "ping" })).type !== "result");
  });

  it("answer `overloaded` to what finds the queue of requests full, as over HTTP, and carry out the rest", async function () {
    const store = await openTestStore(this, await SQLITE.fresh(this));
    const held = Object.create(store) as Store;
    const service = await startService(held, { queueLimit: 2 });
    await listAssets(service);
    const { key, id } = await openSelf(service, "alice");
    const bob = await openHosted(service, "bob");
    const { url, post } = await listen(this, service);
    const { ask } = await connectStream(this, url, OPERATOR);
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    held.prepare = (made) => (lease) => released.then(() => store.prepare(made)(lease));
    const waiting: Promise<void>[] = [];
    const turn = () => new Promise((resolve) => setTimeout(resolve, 20));
    for (; service.status.waiting < 2; await turn()) waiting.push(issue(service, bob, 1n));

    const operations = [{ type: "fold", seq: 1n, credited: 100n } as const];
    const proposal = nextState(emptyState(id), operations);
    const signature = sign(digest(SEPARATOR, hashState(proposal)), key);
    const body = z.encode(wire.stateSubmission, { proposal, operations, signature });
    const submit = (name: string) => ask({ type: "submitState", id: name, idempotencyKey: "fold", body });
    const full = { waiting: "2", limit: "2" };
    expect(await submit("1")).to.deep.equal(refused("1", "overloaded", full));
    expect(await post(`/v1/channels/${id}/states`, { key: "fold", body })).to.deep.equal(refusal("overloaded", full));
    release();
    await Promise.all(waiting);
    expect(await submit("2")).to.deep.include({ type: "result", id: "2", replayed: false });
    expect(pointsOf(service, bob)).to.equal(BigInt(waiting.length));
  });

  it("case 32: end when the client is silent: one that answers no ping is not waited for", async function () {
    const { service } = await freshService(this);
    const { url } = await listen(this, service, { streamLimits: { ...STREAM_LIMITS, heartbeat: 50 } });
    const { socket, closed } = await connectStream(this, url, OPERATOR);
    socket.pong = () => undefined;
    expect((await closed).code).to.equal(1006);
  });

  it("end with 1001 when the service stops, after what was asked for is answered", async function () {
    const { service } = await freshService(this);
    const { url, app } = await listen(this, service);
    const { id: channelId } = await openSelf(service, "alice");
    const { send, closed, received, socket } = await connectStream(this, url, OPERATOR);
    const silent = await connectStream(this, url, OPERATOR);
    silent.socket.pause();
    for (let i = 0; i < 20; i++) send({ type: "channel", id: `${i}`, channelId });
    await new Promise((resolve) => socket.once("message", resolve));
    await app.close();
    expect((await closed).code).to.equal(1001);
    expect(received.length).to.be.greaterThan(0);
    const ids = received.map(({ id }) => id);
    expect(ids).to.deep.equal(Array.from({ length: ids.length }, (_, i) => `${i}`));
    const late = await connectStream(this, url).catch(() => "no answer");
    expect(late).to.equal("no answer");
  });
});
