import { expect } from "chai";

import { keccakText } from "../../src/protocol";
import { cluster, TTL, type Member } from "../helpers/cluster";
import { onEachDatabase } from "../helpers/databases";
import { refusal, type Answer } from "../helpers/http";
import { person, POINTS } from "../helpers/service";

interface Opened {
  readonly address: string;
  readonly system: string;
}

onEachDatabase("Several processes", (database) => {
  async function open(member: Member, key?: string): Promise<Opened> {
    const body = { custody: "hosted", tokens: [POINTS] };
    const answer = await member.post("/v1/accounts", { body, ...(key !== undefined && { key }) });
    expect(answer.status, JSON.stringify(answer.body)).to.equal(201);
    return answer.body as Opened;
  }

  async function balanceAt(member: Member, { address }: Opened): Promise<string> {
    const { body } = await member.get(`/v1/accounts/${address}/balances`);
    return (body as { balances: { balance: string }[] }).balances[0]!.balance;
  }

  /** Asks again what may be asked again, as a customer would. */
  async function insist(act: () => Promise<Answer>): Promise<Answer> {
    for (;;) {
      const answer = await act().catch(() => undefined);
      if (answer !== undefined && answer.status !== 503) return answer;
    }
  }

  it("share the systems evenly, as they come and go", async function () {
    const { join, share } = await cluster(this, await database.fresh(this), 4);
    const first = await join();
    expect((await share(4)).map(({ url }) => url)).to.deep.equal(Array(4).fill(first.url));
    const second = await join();
    await share(2, 2);
    await first.stop();
    expect((await share(4)).map(({ url }) => url)).to.deep.equal(Array(4).fill(second.url));
  });

  it("answer for each other: every account at every process, each request carried out once", async function () {
    const { join, share } = await cluster(this, await database.fresh(this), 2);
    const members = [await join(), await join()] as const;
    const leaders = new Map((await share(1, 1)).map(({ system, url }) => [system, url]));
    const accounts = [await open(members[0]), await open(members[1])] as const;
    expect(new Set(accounts.map(({ system }) => leaders.get(system as never)))).to.have.property("size", 2);
    for (const account of accounts) {
      const body = { account: account.address, token: POINTS, amount: "5" };
      const answers = await Promise.all(
        members.map(({ post }) => post("/v1/issuances", { body, key: account.address })),
      );
      expect(answers.map(({ status }) => status)).to.deep.equal([201, 201]);
      expect(answers.map(({ replayed }) => replayed)).to.have.members([null, "true"]);
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
        .with.length(2);
      expect((await get("/v1/assets")).body)
        .to.have.property("assets")
        .with.length(2);
    }
  });

  it("case 25: open one account for one key, whichever process it reaches", async function () {
    const { join, share } = await cluster(this, await database.fresh(this), 2);
    const members = [await join(), await join()] as const;
    await share(1, 1);
    for (const key of ["a", "b", "c"]) {
      const opened = await Promise.all(members.map((member) => open(member, key)));
      expect(opened[0]).to.deep.equal(opened[1]);
    }
    const { address } = person("alice");
    const body = { custody: "self", address, tokens: [POINTS] };
    const answers = await Promise.all(members.map(({ post }) => post("/v1/accounts", { body })));
    expect(answers.map(({ status }) => status)).to.have.members([201, 409]);
  });

  it("case 23: take over within seconds from one that is killed, and nothing that it accepted is lost", async function () {
    const { join, share } = await cluster(this, await database.fresh(this), 2);
    const [doomed, survivor] = [await join(), await join()];
    const led = await share(1, 1);
    const opened = [await open(doomed), await open(survivor)];
    const lost = opened.find(({ system }) => led.some((one) => one.system === system && one.url === doomed.url))!;
    const orders = Array.from({ length: 200 }, (_, i) => ({
      key: `order-${i}`,
      body: { account: lost.address, token: POINTS, amount: "1", reference: keccakText(`order ${i}`) },
    }));
    const sent = orders.map((order, i) => (i % 2 === 0 ? doomed : survivor).post("/v1/issuances", order));
    await Promise.race(sent);
    doomed.child.kill("SIGKILL");
    const killed = Date.now();
    const accepted = (await Promise.allSettled(sent)).map(
      (one) => one.status === "fulfilled" && one.value.status === 201,
    );
    const again = await insist(() => survivor.post("/v1/issuances", orders[0]));
    const outage = Date.now() - killed;
    expect(again.status).to.equal(201);
    expect(outage).to.be.below(5 * TTL);
    await share(2);
    const answers = await Promise.all(orders.map((order) => survivor.post("/v1/issuances", order)));
    answers.forEach(({ replayed }, i) => accepted[i] && expect(replayed, `order ${i}`).to.equal("true"));
    expect(accepted).to.include(true);
    expect(await balanceAt(survivor, lost)).to.equal("200");
  });

  it("S4: one that was suspended never signs again for what others lead by now", async function () {
    const { store, join, share } = await cluster(this, await database.fresh(this), 1);
    const paused = await join();
    await share(1);
    const alice = await open(paused);
    const next = await join();
    paused.child.kill("SIGSTOP");
    const order = { key: "order", body: { account: alice.address, token: POINTS, amount: "5" } };
    const asleep = paused.post("/v1/issuances", order);
    let [leadership] = await share(1);
    while (leadership!.url !== next.url) [leadership] = await share(1);
    expect((await insist(() => next.post("/v1/issuances", order))).status).to.equal(201);
    const last = await store.lastCommit(leadership!.system);
    paused.child.kill("SIGCONT");
    // What reached it while it slept is refused by its own commit, and then answered by whoever leads.
    expect((await asleep).status).to.equal(201);
    expect(await balanceAt(paused, alice)).to.equal("5");
    expect(await store.lastCommit(leadership!.system)).to.equal(last);
    expect((await share(1))[0]!.url).to.equal(next.url);
  });
});
