import { expect } from "chai";

import type { Address } from "../../../src/protocol";
import { Cluster, type Member } from "../../helpers/cluster";
import { onEachDatabase, openTestStore } from "../../helpers/databases";
import { expectError } from "../../helpers/errors";
import { listen, OPERATOR_KEY, refusal } from "../../helpers/http";
import { endLeases, withoutRenewals } from "../../helpers/leases";
import { listAssets, openHosted, issue, POINTS, startService, SYSTEM } from "../../helpers/service";
import { connectStream } from "../../helpers/stream";

const OPERATOR = { authorization: `Bearer ${OPERATOR_KEY}` };
const MOVED = {
  code: 4421,
  reason: "Another process leads the system: connect again, go on after your last number",
};

type Client = Awaited<ReturnType<typeof connectStream>>;
interface Event {
  readonly number: string;
}

/** Milliseconds: however busy the machine, nobody loses a lead by it. */
const LONG = 60_000;

/** The numbers that a client is told, up to `last` at least. */
async function numbersOf({ take }: Client, subscription: string, last: bigint): Promise<number[]> {
  const numbers: number[] = [];
  while ((numbers.at(-1) ?? 0) < last) {
    const message = await take((one) => one["subscription"] === subscription);
    numbers.push(...(message["events"] as Event[]).map(({ number }) => Number(number)));
  }
  return numbers;
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const all = (system: Address, after = "0") => ({ type: "subscribe", id: "all", channel: "events", system, after });

onEachDatabase("The stream: leaders", (database) => {
  it("tells a client that the lead is lost, and closes it under a code of its own", async function () {
    const url = await database.fresh(this);
    const store = await openTestStore(this, url);
    const service = await withoutRenewals(() => startService(store, { lease: { ttl: LONG } }));
    await listAssets(service);
    const alice = await openHosted(service, "alice");
    const api = await listen(this, service);
    const [client, other] = [
      await connectStream(this, api.url, OPERATOR),
      await connectStream(this, api.url, OPERATOR),
    ];
    await client.ask(all(SYSTEM));
    await endLeases(database, url);
    await startService(await openTestStore(this, url));
    await expectError(() => issue(service, alice, 1n), "not_leader");
    expect(await client.take(({ type }) => type === "error")).to.deep.equal({
      ...{ type: "error", id: "all", problem: refusal("not_leader").body },
    });
    expect(await client.closed).to.deep.equal(MOVED);
    // Who has subscribed to nothing loses nothing.
    expect(await other.ask({ type: "ping" })).to.include({ type: "result" });
    const late = await other.ask({ ...all(SYSTEM), id: "late" });
    expect(late["problem"]).to.deep.equal(refusal("not_leader", { system: SYSTEM }).body);
  });

  it("case 32: answers at every process for those that lead, and after one is killed goes on without a gap", async function () {
    const cluster = await Cluster.start(this, database, 2, LONG);
    const [near, far] = (await cluster.of(2)) as [Member, Member];
    const led = await cluster.share(1, 1);
    const { system } = led.find(({ url }) => url === far.url)!;
    const opened = await near.post("/v1/accounts", { body: { custody: "hosted", tokens: [POINTS], system } });
    const { address: account } = opened.body as { address: string };
    const pay = () => near.post("/v1/issuances", { body: { account, token: POINTS, amount: "1" } });
    const lastOf = async () => cluster.store.log.last(system);

    const client = await connectStream(this, near.url, OPERATOR);
    expect(await client.ask(all(system))).to.deep.include({ type: "result", id: "all" });
    const again = await client.ask(all(system));
    expect(again["problem"]).to.deep.equal(refusal("subscription_exists", { id: "all" }).body);
    await client.ask({ ...all(system), id: "over" });
    expect(await client.ask({ type: "unsubscribe", subscription: "over" })).to.include({ type: "result" });
    const beyond = await client.ask({ ...all(system, "999"), id: "beyond" });
    expect(beyond["problem"]).to.have.property("code", "out_of_range");
    await Promise.all(Array.from({ length: 20 }, pay));
    const seen = await numbersOf(client, "all", await lastOf());
    expect(seen).to.deep.equal(range(1, seen.length));
    const read = await near.get(`/v1/accounts/${account}/balances`);
    expect(read.status, JSON.stringify(read.body)).to.equal(200);
    const [{ channelId }] = (read.body as { balances: [{ channelId: string }] }).balances;
    const shown = await client.ask({ type: "channel", channelId });
    expect(shown["result"]).to.deep.equal((await far.get(`/v1/channels/${channelId}`)).body);

    await far.leave("SIGKILL");
    expect(await client.closed).to.deep.equal(MOVED);
    const next = await connectStream(this, near.url, OPERATOR);
    await cluster.expire(far);
    expect((await pay()).status).to.equal(201);
    expect(await next.ask(all(system, `${seen.at(-1)!}`))).to.include({ type: "result" });
    const more = await numbersOf(next, "all", await lastOf());
    expect([...seen, ...more]).to.deep.equal(range(1, more.at(-1)!));
  });
});
