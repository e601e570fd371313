import { expect } from "chai";

import { keccakText, type Address } from "../../src/protocol";
import { Cluster, TTL, type Member } from "../helpers/cluster";
import { onEachDatabase } from "../helpers/databases";
import { refusal } from "../helpers/http";
import { person, POINTS } from "../helpers/service";

interface SystemStatus {
  readonly address: string;
  readonly leader: string | null;
  readonly leads: boolean;
  readonly term: string;
  readonly lastCommit: string;
  readonly accounts: number;
  readonly waiting: number | null;
}

interface Opened {
  readonly address: string;
  readonly system: string;
}

onEachDatabase("Several processes", (database) => {
  let cluster: Cluster;

  before(async function () {
    cluster = await Cluster.start(this, database, 4);
  });

  async function open(member: Member, { key, system }: { key?: string; system?: string } = {}): Promise<Opened> {
    const body = { custody: "hosted", tokens: [POINTS], ...(system !== undefined && { system }) };
    const answer = await member.post("/v1/accounts", { body, ...(key !== undefined && { key }) });
    expect(answer.status, JSON.stringify(answer.body)).to.equal(201);
    return answer.body as Opened;
  }

  async function balanceAt(member: Member, { address }: Opened): Promise<string> {
    const { body } = await member.get(`/v1/accounts/${address}/balances`);
    return (body as { balances: { balance: string }[] }).balances[0]!.balance;
  }

  /** An account at a system that `leader` leads. */
  async function openWith(leader: Member): Promise<Opened> {
    const led = await cluster.share(2, 2);
    return await open(leader, { system: led.find(({ url }) => url === leader.url)!.system });
  }

  it("answer for each other: every account at every process, each request carried out once", async () => {
    const members = await cluster.of(2);
    const accounts = await Promise.all(members.map(openWith));
    for (const account of accounts) {
      const body = { account: account.address, token: POINTS, amount: "5" };
      const answers = await Promise.all(
        members.map(({ post }) => post("/v1/issuances", { body, key: account.address })),
      );
      expect(answers.map(({ status }) => status)).to.deep.equal([201, 201]);
      // Who asks again is told that it was done already.
      expect(answers.filter(({ replayed }) => replayed === null)).to.have.length.at.most(1);
      for (const member of members) {
        expect((await member.get(`/v1/accounts/${account.address}`)).body).to.deep.equal({
          ...account,
          custody: "hosted",
        });
        expect(await balanceAt(member, account)).to.equal("5");
      }
    }
    const nobody = person("nobody").address;
    for (const { get, url } of members) {
      expect(await get(`/v1/accounts/${nobody}`), url).to.deep.equal(refusal("unknown_account", { account: nobody }));
      expect((await get("/v1/systems")).body)
        .to.have.property("systems")
        .with.length(4);
      expect((await get("/v1/assets")).body)
        .to.have.property("assets")
        .with.length(4);
    }
  });

  it("find for each other what is known by a hash or an id, and tell of all systems", async () => {
    const [leader, other] = (await cluster.of(2)) as [Member, Member];
    const { address, system } = await openWith(leader);
    const payee = await open(leader, { system });
    const issued = { account: address, token: POINTS, amount: "9" };
    const { id } = (await leader.post("/v1/issuances", { body: issued })).body as { id: string };
    const now = Math.floor(Date.now() / 1_000);
    const asked = { account: payee.address, token: POINTS, amount: "2", expiry: String(now + 5_000), hold: true };
    const made = (await leader.post("/v1/invoices", { body: asked })).body as { hash: string; text: string };
    const paid = await leader.post("/v1/payments", { body: { from: address, invoice: made.text } });
    const withdrawal = { custody: "hosted", from: address, token: POINTS, amount: "1", recipient: address };
    const signed = await leader.post("/v1/withdrawals", { body: { ...withdrawal, deadline: String(now + 500) } });
    const ids = [paid, signed].map(({ status, body }) => {
      expect(status, JSON.stringify(body)).to.equal(201);
      return (body as { id: string }).id;
    });
    for (const path of [
      ...[`/v1/issuances/${id}`, `/v1/invoices/${made.hash}`, `/v1/payments/${ids[0]!}`, `/v1/withdrawals/${ids[1]!}`],
      ...["/v1/accounts", "/v1/issuances", "/v1/withdrawals", "/v1/transfers", `/v1/events?account=${address}`],
    ]) {
      const here = await leader.get(path);
      expect(here.status, `${path} ${JSON.stringify(here.body)}`).to.equal(200);
      expect(await other.get(path), path).to.deep.equal(here);
    }
    const settled = await other.post(`/v1/invoices/${made.hash}/settle`);
    expect(settled.body).to.include({ hash: made.hash, status: "settled" });
    const nothing = keccakText("nothing");
    for (const [path, code, details] of [
      [`/v1/invoices/${nothing}`, "unknown_invoice", { hash: nothing }],
      [`/v1/payments/${nothing}-1-0`, "unknown_payment", { id: `${nothing}-1-0` }],
      [`/v1/withdrawals/${nothing}`, "unknown_record", { id: nothing }],
    ] as const) {
      expect(await other.get(path)).to.deep.equal(refusal(code, details));
    }
  });

  it("pay from an account of one's system to one of another's, whichever is asked", async () => {
    const members = (await cluster.of(2)) as [Member, Member];
    const [payer, payee] = [await openWith(members[0]), await openWith(members[1])];
    const { systems } = (await members[0].get("/v1/systems")).body as {
      systems: { address: string; router: string }[];
    };
    const { router } = systems.find(({ address }) => address === payee.system)!;
    // It is opened by whoever leads its system as soon as that leads.
    while ((await members[1].get(`/v1/accounts/${router}`)).status === 404) continue;
    for (const account of [payer.address, router]) {
      const issued = await members[0].post("/v1/issuances", { body: { account, token: POINTS, amount: "10" } });
      expect(issued.status, JSON.stringify(issued.body)).to.equal(201);
    }
    for (const [i, { post }] of members.entries()) {
      const body = { from: payer.address, to: payee.address, token: POINTS, amount: "2" };
      const paid = await post("/v1/transfers", { body });
      expect(paid.status, JSON.stringify(paid.body)).to.equal(201);
      expect(await balanceAt(members[0], payee)).to.equal(String(2 * (i + 1)));
    }
  });

  it("tell how far all systems have come, whoever leads them", async () => {
    const members = await cluster.of(2);
    const read = () =>
      Promise.all(
        members.map(async ({ get }) => ((await get("/v1/status")).body as { systems: SystemStatus[] }).systems),
      );
    let leaders: Awaited<ReturnType<typeof cluster.leaders>>;
    let [mine, theirs] = await read();
    const isSettled = () =>
      mine!.every((one, i) => (one.leads || theirs![i]!.leads) && one.lastCommit === theirs![i]!.lastCommit);
    // Until it is of one time: nobody takes over meanwhile, and what the test before has left to do is done.
    do {
      leaders = await cluster.leaders();
      [mine, theirs] = await read();
    } while (!isSettled() || JSON.stringify(leaders) !== JSON.stringify(await cluster.leaders()));
    for (const [i, one] of mine!.entries()) {
      const { address, leader, leads, term, lastCommit, accounts } = one;
      expect([leader, leads]).to.deep.equal([leaders![address], leader === members[0]!.url]);
      expect(theirs![i]).to.include({ address, leader, leads: !leads, term, lastCommit, accounts });
      expect([one, theirs![i]!].map(({ waiting }) => waiting === null)).to.have.members([true, false]);
    }
  });

  it("case 25: open one account for one key, whichever process it reaches", async () => {
    const members = await cluster.of(2);
    for (const key of ["a", "b", "c"]) {
      const opened = await Promise.all(members.map((member) => open(member, { key })));
      expect(opened[0]).to.deep.equal(opened[1]);
    }
    const { address } = person("alice");
    const body = { custody: "self", address, tokens: [POINTS] };
    const answers = await Promise.all(members.map(({ post }) => post("/v1/accounts", { body })));
    expect(answers.map(({ status }) => status)).to.have.members([201, 409]);
  });

  it("S4: one that was suspended never signs again for what others lead by now", async () => {
    const [paused, next] = (await cluster.of(2)) as [Member, Member];
    const alice = await openWith(paused);
    paused.suspend();
    const order = { key: "order", body: { account: alice.address, token: POINTS, amount: "5" } };
    const asleep = paused.post("/v1/issuances", order);
    await cluster.share(4);
    expect((await next.post("/v1/issuances", order)).status).to.equal(201);
    const last = await cluster.store.lastCommit(alice.system as Address);
    paused.resume();
    // What reached it while it slept is refused by its own commit, and then answered by whoever leads.
    expect((await asleep).status).to.equal(201);
    expect(await balanceAt(paused, alice)).to.equal("5");
    expect(await cluster.store.lastCommit(alice.system as Address)).to.equal(last);
  });

  it("case 23: take over within seconds from one that is killed, and nothing that it accepted is lost", async () => {
    const [doomed, survivor] = (await cluster.of(2)) as [Member, Member];
    const lost = await openWith(doomed);
    const orders = Array.from({ length: 200 }, (_, i) => ({
      key: `order-${i}`,
      body: { account: lost.address, token: POINTS, amount: "1", reference: keccakText(`order ${i}`) },
    }));
    const [early, late] = [orders[0], orders.at(-1)];
    expect((await doomed.post("/v1/issuances", early)).status).to.equal(201);
    const sent = orders.slice(1, -1).map((order, i) => [doomed, survivor][i % 2]!.once.post("/v1/issuances", order));
    await Promise.race(sent).catch(() => undefined);
    const killed = Date.now();
    await doomed.leave("SIGKILL");
    const answered = await Promise.allSettled(sent);
    const accepted = answered.map((one) => one.status === "fulfilled" && one.value.status === 201);
    expect((await survivor.post("/v1/issuances", late)).status).to.equal(201);
    expect(Date.now() - killed).to.be.below(10 * TTL);
    await cluster.share(4);
    const answers = await Promise.all(orders.map((order) => survivor.post("/v1/issuances", order)));
    [true, ...accepted, true].forEach((was, i) => {
      if (was) expect(answers[i]!.replayed, `order ${i}`).to.equal("true");
    });
    expect(await balanceAt(survivor, lost)).to.equal("200");
  });

  it("share the systems evenly, as they come and go", async () => {
    const [first] = await cluster.of(1);
    expect((await cluster.share(4)).map(({ url }) => url)).to.deep.equal(Array(4).fill(first!.url));
    const second = await cluster.join();
    await cluster.share(2, 2);
    await first!.leave("SIGTERM");
    expect((await cluster.share(4)).map(({ url }) => url)).to.deep.equal(Array(4).fill(second.url));
  });
});
