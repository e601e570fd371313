import { once } from "node:events";
import type { AddressInfo } from "node:net";

import { expect } from "chai";
import { WebSocketServer, type WebSocket } from "ws";
import { z } from "zod";

import type { StarledgerError } from "../../src/errors";
import { ZERO_HASH } from "../../src/protocol";
import { streamApi, type StreamApi, type StreamedEvents } from "../../src/sdk";
import * as wire from "../../src/wire";
import { afterTest } from "../helpers/afterTest";
import { expectError } from "../helpers/errors";
import { clientOf, startTown, type Town } from "../helpers/clients";
import { listen, OPERATOR_KEY, refusal } from "../helpers/http";
import { freshService, issue, openHosted, person, SYSTEM } from "../helpers/service";

type Event = z.output<typeof wire.event>;

/** The next events, so many. */
async function take(stream: AsyncGenerator<Event>, count: number): Promise<Event[]> {
  const events: Event[] = [];
  while (events.length < count) events.push((await stream.next()).value as Event);
  return events;
}

/** A service that tells what the test says, once it was subscribed to; and what it was asked. */
async function pretender(context: Mocha.Context, tell: (socket: WebSocket, attempt: number) => void) {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  const asked: Record<string, unknown>[] = [];
  let attempts = 0;
  server.on("connection", (socket) => {
    socket.on("message", (data) => {
      const message = JSON.parse((data as Buffer).toString()) as Record<string, unknown>;
      asked.push(message);
      if (message["type"] === "authenticate" && message["token"] !== "old") {
        socket.send(JSON.stringify({ type: "result", id: message["id"], replayed: false, result: {} }));
      } else tell(socket, (attempts += 1));
    });
  });
  await once(server, "listening");
  afterTest(context, () => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

function eventsFrom(...numbers: number[]): string {
  const common = { system: SYSTEM, commit: 1n, time: 0, account: null, counterparty: null, party: null, token: null };
  const events = numbers.map((number): Event => {
    const rest = { type: "account.frozen", data: {}, amount: null, reference: ZERO_HASH };
    return { ...common, ...rest, number: BigInt(number) } as Event;
  });
  return JSON.stringify(z.encode(wire.serverMessage, { type: "events", subscription: "subscription", events }));
}

describe("streamApi", () => {
  const numbersOf = (events: readonly Event[]) => events.map(({ number }) => Number(number));
  const open = (stream: StreamApi, query: Partial<StreamedEvents>, signal?: AbortSignal) =>
    stream.events({ system: SYSTEM, ...query }, signal);

  it("case 32: goes on after its last number however often the connection ends, without a gap or a repeat", async function () {
    const { service } = await freshService(this);
    const { url, app } = await listen(this, service);
    const alice = await openHosted(service, "alice");
    const troubles: StarledgerError[] = [];
    const stream = streamApi(url, { token: () => OPERATOR_KEY, onTrouble: (error) => troubles.push(error) });
    const over = new AbortController();
    const [all, coming] = [open(stream, { after: 0n }, over.signal), open(stream, {}, over.signal)];
    const later: Event[] = [];
    const heard = (async () => {
      for await (const event of coming) later.push(event);
    })();
    // It is told of what comes once it is known to listen.
    while (later.length === 0) await issue(service, alice, 1n);
    const seen = await take(all, Number(await service.store.log.last(SYSTEM)));
    for (let i = 0; i < 3; i++) {
      while (app.websocketServer.clients.size < 2) await new Promise((resolve) => setTimeout(resolve, 5));
      for (const socket of app.websocketServer.clients) socket.terminate();
      await Promise.all(Array.from({ length: 150 }, () => issue(service, alice, 1n)));
      seen.push(...(await take(all, 150)));
    }
    expect(seen).to.deep.equal(await service.events({ limit: 1_000 }));
    while (later.at(-1)!.number < seen.length) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(later).to.deep.equal(seen.slice(Number(later[0]!.number) - 1));
    expect(troubles.map(({ code }) => code)).to.include("unreachable");
    over.abort();
    expect((await all.next()).done).to.equal(true);
    await heard;
  });

  it("case 32: notices numbers that were left out or told twice, and those alone", async function () {
    for (const [told, got, want] of [
      [[1, 2, 4], 4, 3],
      [[1, 2, 2], 2, 3],
      [[2], 2, 1],
    ] as const) {
      const { url } = await pretender(this, (socket) => socket.send(eventsFrom(...told)));
      const stream = open(streamApi(url), { after: 0n });
      await take(stream, want - 1);
      await expectError(() => stream.next(), "missing_events", { got, want });
    }
    // Of what is filtered, numbers are missing.
    const { url } = await pretender(this, (socket) => socket.send(eventsFrom(3, 7, 7)));
    const some = open(streamApi(url), { after: 0n, types: ["account.frozen"] });
    expect(numbersOf(await take(some, 2))).to.deep.equal([3, 7]);
    await expectError(() => some.next(), "missing_events", { got: 7, want: 8 });
  });

  it("says anew who it is when that holds no more, once, and gives up what is refused", async function () {
    const refused = JSON.stringify({ type: "error", id: "token", problem: refusal("unauthorized").body });
    const { url, asked } = await pretender(this, (socket, attempt) =>
      socket.send(attempt === 1 ? refused : eventsFrom(1)),
    );
    const token = (isRefused: boolean) => (isRefused ? "new" : "old");
    expect(numbersOf(await take(open(streamApi(url, { token }), { after: 0n }), 1))).to.deep.equal([1]);
    const said = asked.filter(({ type }) => type === "authenticate").map((one) => one["token"]);
    expect(said).to.deep.equal(["old", "new"]);

    const { service } = await freshService(this);
    const api = await listen(this, service);
    for (const options of [{}, { token: () => "nobody" }]) {
      const stream = open(streamApi(api.url, options), { after: 0n });
      await expectError(() => stream.next(), "unauthorized");
    }
    const operator = streamApi(api.url, { token: () => OPERATOR_KEY });
    await expectError(() => open(operator, { after: 99n }).next(), "out_of_range");
    const { address: system } = person("no system");
    await expectError(() => open(operator, { system }).next(), "unknown_system", { system });
  });

  it("ends when it is told to while nobody answers", async () => {
    const over = new AbortController();
    const troubled = new Promise<void>((resolve) => {
      const stream = streamApi("http://127.0.0.1:1", { onTrouble: () => resolve() });
      void open(stream, {}, over.signal)
        .next()
        .then(({ done }) => expect(done).to.equal(true));
    });
    await troubled;
    over.abort();
  });
});

describe("Client: watch", () => {
  let town: Town;

  before(async () => (town = await startTown()));
  after(() => town.stop());

  it("sees what comes as soon as the service tells, without looking, after its connection was cut too", async function () {
    const { world, points: token } = town;
    const client = await clientOf(this, town, 5);
    await client.open(token);
    const pay = (amount: bigint) =>
      world.service.submit({
        type: "issue",
        account: client.account,
        token,
        amount,
        reference: ZERO_HASH,
      });
    const seen: bigint[] = [];
    for await (const { balance } of client.watch(token)) {
      seen.push(balance);
      if (balance === 42n) break;
      await pay(21n);
    }
    expect(seen).to.deep.equal([0n, 21n, 42n]);
  });
});
