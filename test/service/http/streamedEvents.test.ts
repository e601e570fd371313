import { once } from "node:events";

import { expect } from "chai";
import { z } from "zod";

import type { AccountService } from "../../../src/service";
import { STREAM_LIMITS } from "../../../src/service/http/stream/limits";
import * as wire from "../../../src/wire";
import { onEachDatabase } from "../../helpers/databases";
import { listen, OPERATOR_KEY, refusal } from "../../helpers/http";
import { freshService, issue, openHosted, openWallet, person, POINTS, pointsOf, SYSTEM } from "../../helpers/service";
import { connectStream } from "../../helpers/stream";

const OPERATOR = { authorization: `Bearer ${OPERATOR_KEY}` };
const EVERYTHING = { type: "subscribe", id: "all", channel: "events", system: SYSTEM, after: "0" };

type Client = Awaited<ReturnType<typeof connectStream>>;
type Event = Readonly<Record<string, unknown>>;

/** The events that a client is sent, until there are so many. */
async function eventsOf({ take }: Client, subscription: string, wanted: number): Promise<Event[]> {
  const events: Event[] = [];
  while (events.length < wanted) {
    const message = await take((one) => one["subscription"] === subscription);
    events.push(...(message["events"] as Event[]));
  }
  return events;
}

/** The system's log as it goes over the wire. */
async function logOf(service: AccountService): Promise<Event[]> {
  const log = await service.events({ limit: 1_000_000 });
  return z.encode(wire.list(wire.event), log).map((event): Event => event);
}

async function issueTimes(service: AccountService, times: number): Promise<void> {
  const alice = person("alice").address;
  await Promise.all(Array.from({ length: times }, () => issue(service, alice, 1n)));
}

onEachDatabase("The stream: events", (database) => {
  it("case 32: come from any number on, first from the log, then live, without a gap or a repeat between", async function () {
    const { service } = await freshService(this, undefined, database);
    const { url } = await listen(this, service);
    await openHosted(service, "alice");
    await issueTimes(service, 250);
    const client = await connectStream(this, url, OPERATOR);
    const state = { running: true };
    const busy = (async () => {
      while (state.running) await issueTimes(service, 7);
    })();
    await client.ask(EVERYTHING);
    await client.ask({ ...EVERYTHING, id: "later", after: "200" });
    const first = await eventsOf(client, "all", 400);
    state.running = false;
    await busy;
    const log = await logOf(service);
    const all = [...first, ...(await eventsOf(client, "all", log.length - first.length))];
    expect(all).to.deep.equal(log);
    expect(await eventsOf(client, "later", log.length - 200)).to.deep.equal(log.slice(200));
    expect(all[4]).to.deep.include({ number: "5", type: "money.issued", amount: "1", system: SYSTEM });
  });

  it("case 32: a client that misses events and comes back goes on after its last number", async function () {
    const { service } = await freshService(this, undefined, database);
    const { url } = await listen(this, service);
    await openHosted(service, "alice");
    const first = await connectStream(this, url, OPERATOR);
    await first.ask(EVERYTHING);
    const seen = await eventsOf(first, "all", 3);
    first.socket.terminate();
    await issueTimes(service, 5);
    const second = await connectStream(this, url);
    await second.ask({ type: "authenticate", token: OPERATOR_KEY });
    await second.ask({ ...EVERYTHING, after: seen.at(-1)!["number"] });
    expect([...seen, ...(await eventsOf(second, "all", 5))]).to.deep.equal(await logOf(service));
  });
});

describe("The stream: events", () => {
  it("are those that are asked for: of an account, of types, from now on", async function () {
    const { service } = await freshService(this);
    const { url } = await listen(this, service);
    const [alice, bob] = [await openHosted(service, "alice", 50n), await openHosted(service, "bob")];
    const client = await connectStream(this, url, OPERATOR);
    await client.ask({ ...EVERYTHING, id: "bob", account: bob });
    await client.ask({ ...EVERYTHING, id: "issued", types: ["money.issued"] });
    const now = { type: "subscribe", channel: "events", system: SYSTEM, id: "now" };
    await client.ask(now);
    const reference = `0x${"00".repeat(32)}` as never;
    await service.submit({ type: "pay", from: alice, to: bob, token: POINTS, amount: 5n, reference });
    await issue(service, alice, 1n);
    const types = async (id: string, count: number) => (await eventsOf(client, id, count)).map(({ type }) => type);
    expect(await types("bob", 2)).to.deep.equal(["account.opened", "money.transferred"]);
    expect(await types("issued", 2)).to.deep.equal(["money.issued", "money.issued"]);
    expect(await types("now", 2)).to.deep.equal(["money.transferred", "money.issued"]);
    await client.ask({ type: "unsubscribe", subscription: "now" });
    await issue(service, alice, 1n);
    expect(await types("issued", 1)).to.deep.equal(["money.issued"]);
    expect(client.received).to.deep.equal([]);
  });

  it("case 32: an unknown system or a number to come is refused, as is who may not; no listener is harmed", async function () {
    const { service } = await freshService(this);
    const { url } = await listen(this, service);
    await openHosted(service, "alice");
    const anybody = await connectStream(this, url);
    const error = (code: Parameters<typeof refusal>[0], details = {}) => ({
      type: "error",
      id: "all",
      problem: refusal(code, details).body,
    });
    expect(await anybody.ask(EVERYTHING)).to.deep.equal(error("unauthorized"));
    const client = await connectStream(this, url, OPERATOR);
    const other = person("no system").address;
    expect(await client.ask({ ...EVERYTHING, system: other })).to.deep.equal(
      error("unknown_system", { system: other }),
    );
    expect(await client.ask({ ...EVERYTHING, after: "9" })).to.deep.equal(
      error("out_of_range", { field: "after", got: "9", last: "3" }),
    );
    await client.ask({ ...EVERYTHING, account: person("nobody").address, id: "nobody" });
    await client.ask(EVERYTHING);
    await issueTimes(service, 1);
    expect((await eventsOf(client, "all", 4)).length).to.equal(4);
    expect(client.received).to.deep.equal([]);
  });

  it("case 32: a client that stops reading costs bounded memory and nobody's time, and gets all when it reads on", async function () {
    const { service } = await freshService(this);
    const buffered = 100_000;
    const { url, app } = await listen(this, service, { streamLimits: { ...STREAM_LIMITS, buffered } });
    const alice = await openHosted(service, "alice");
    const slow = await connectStream(this, url, OPERATOR);
    for (let i = 0; i < 12; i++) await slow.ask({ ...EVERYTHING, id: `${i}` });
    slow.socket.pause();
    const [server] = app.websocketServer.clients;
    let most = 0;
    const rounds = 8;
    for (let i = 0; i < rounds; i++) {
      await issueTimes(service, 200);
      most = Math.max(most, server!.bufferedAmount);
    }
    expect(pointsOf(service, alice)).to.equal(200n * BigInt(rounds));
    // One message of each subscription may follow the one that reached the limit.
    expect(most).to.be.within(buffered, buffered + 12 * 50_000);
    slow.socket.resume();
    const log = await logOf(service);
    for (let i = 0; i < 12; i++) expect((await eventsOf(slow, `${i}`, log.length)).length).to.equal(log.length);
  });

  it("case 32: a client that reads nothing more is closed, and told to go on after its last number", async function () {
    const { service } = await freshService(this);
    const limits = { ...STREAM_LIMITS, buffered: 10_000, heartbeat: 500 };
    const { url, app } = await listen(this, service, { streamLimits: limits });
    const { address } = await openWallet(this, service, "alice");
    const slow = await connectStream(this, url, OPERATOR);
    for (let i = 0; i < 40; i++) await slow.ask({ ...EVERYTHING, id: `${i}` });
    const [server] = app.websocketServer.clients;
    slow.socket.pause();
    while (server!.readyState === server!.OPEN) {
      await Promise.all(Array.from({ length: 100 }, () => issue(service, address, 1n)));
    }
    const gone = once(server!, "close");
    slow.socket.resume();
    expect(await slow.closed).to.deep.equal({ code: 4408, reason: "Too slow: go on after your last number" });
    await gone;
  });
});
