import { expect } from "chai";

import { isPublished } from "../../../src/chain";
import { balance, verifyJournal, ZERO_HASH } from "../../../src/protocol";
import { journalOf } from "../../../src/service/journalOf";
import { proveAccount, publicationFor } from "../../../src/service/liabilities/proofs";
import { Publishers } from "../../../src/service/liabilities/publishers";
import { expectError } from "../../helpers/errors";
import { answer, listen, refusal } from "../../helpers/http";
import { startPublishing, type Publishing } from "./helpers";

const DAY = 86_400n;

describe("Publications of what is owed, on a real node", () => {
  let publishing: Publishing;

  before(async () => (publishing = await startPublishing()));
  after(() => publishing.stop());

  it("publishes total, reserve, bond, issue limit and the journal's head; every account's leaf is in it", async () => {
    const { world, token, customer } = publishing;
    const [alice, bob, carol] = [await customer("alice", 70n), await customer("bob", 30n), await customer("carol", 0n)];
    const before = await world.store.lastCommit(world.system);
    const publication = await publishing.publish(await publishing.side());
    const { statement, secret } = publication;
    const { commit } = statement;
    expect(commit >= before && commit <= (await world.store.lastCommit(world.system))).to.equal(true);
    const cap = await world.points.cap();
    expect(statement).to.deep.include({
      ...{ system: world.system, token, period: 0n, total: 100n, reserve: 0n, bond: 0n, issueLimit: cap, commit },
      head: await world.store.journal.head(world.system, commit),
    });
    const there = await isPublished(world.node.provider, publishing.deployment.anchor, statement);
    expect(there).to.deep.equal({ anchored: true, recorded: true });
    for (const [account, points] of [
      [alice, 70n],
      [bob, 30n],
      [carol, 0n],
    ] as const) {
      const proof = await proveAccount(world.service, account, publication);
      const { funds, state, note } = world.service.channelOf(account, token)!;
      expect([proof.balance, proof.version, proof.seq]).to.deep.equal([points, state.version, note.seq]);
      expect(proof.balance).to.equal(balance(funds, state, note));
      expect(
        await publishing.anchor.verifyInclusion(
          ...[world.system, token, 0n, proof.channelId, proof.salt, proof.balance, proof.path.index],
          [...proof.path.siblings],
        ),
      ).to.equal(true);
      expect(proof.salt).not.to.equal(secret);
    }
    const anchor = { token, period: 0n, commit, head: statement.head, total: statement.total };
    const last = await world.store.lastCommit(world.system);
    expect((await verifyJournal(journalOf(world.store, world.system), last, [anchor])).findings).to.deep.equal([]);
    const dave = await customer("dave", 1n);
    await expectError(() => proveAccount(world.service, dave, publication), "not_in_publication");
    await expectError(() => publicationFor(world.store, world.system, token, 9n), "unknown_publication", {
      period: "9",
    });
    expect(publishing.troubles).to.deep.equal([]);
  });

  it("publishes every period by itself, and answers with the one on its way when asked for another", async () => {
    const { world, token, coin } = publishing;
    const chain = await publishing.side({ proofInterval: DAY });
    const periods = async () => (await publishing.publications()).map(({ statement }) => statement.period);
    const before = await periods();
    await chain.look();
    expect(await periods()).to.deep.equal(before);
    publishing.time += DAY;
    const wishes = [chain.publisher!.publish(token), chain.publisher!.publish(token)];
    await chain.look();
    const [first, second] = await Promise.all(wishes);
    const third = chain.publisher!.publish(token);
    await chain.look();
    expect((await third).statement).to.deep.equal(first!.statement);
    expect(second).to.equal(first);
    await publishing.finish(chain);
    await chain.stop();
    expect(await periods()).to.deep.equal([BigInt(before.length), ...before]);
    const empty = (await world.store.publications.find(world.system, coin, 0n))!;
    expect([empty.statement.root, empty.statement.total, empty.channels]).to.deep.equal([ZERO_HASH, 0n, 0]);
    await expectError(() => Promise.resolve().then(() => chain.publisher!.publish(world.system)), "unknown_asset");
  });

  it("publishes another in the same period in place of one that the contract refused, after a while", async () => {
    const { world, token } = publishing;
    const chain = await publishing.side({ proofInterval: DAY });
    publishing.time += DAY;
    const refused = async () => (await publishing.publications())[0]!.status === "failed";
    for (let i = 0; i < 20 && !(await refused()); i++) {
      await chain.look();
      const items = await world.store.outbox.open(world.system);
      for (const item of items.filter(({ key }) => key.includes(token))) {
        const [attempt] = item.attempts;
        if (attempt === undefined) continue;
        await world.store.outbox.finish(item, "failed", { mined: attempt.hash, cost: 0n, at: publishing.time });
      }
    }
    const [failed, ...before] = await publishing.publications();
    expect([failed!.status, publishing.troubles.splice(0).length]).to.deep.equal(["failed", 1]);
    publishing.time += 599n;
    await chain.look();
    expect(await publishing.publications()).to.have.length(1 + before.length);
    publishing.time += 1n;
    await publishing.finish(chain);
    await chain.stop();
    const [another, ...others] = await publishing.publications();
    expect([others.length, another!.statement.period]).to.deep.equal([
      1 + before.length,
      failed!.statement.period + 1n,
    ]);
  });

  it("case 25: publishes once under one idempotency key, also after it is final", async function () {
    const { world, token, coin } = publishing;
    const chain = await publishing.side();
    const publishers = new Publishers(publishing.deployment.anchor);
    publishers.add(world.service, chain.publisher!);
    const { get, post } = await listen(this, world.service, { publishers, sides: new Map([[world.service, chain]]) });
    const key = "publish-now";
    chain.start();
    const asked = await post("/v1/proofs", { key, body: { token } });
    await chain.stop();
    await publishing.finish(chain);
    const { body } = await get(`/v1/proofs?token=${token}&limit=1`);
    const [published] = (body as { data: { statement: object; status: string }[] }).data;
    expect(asked.status).to.equal(201);
    expect(published).to.deep.include({ statement: (asked.body as typeof published)!.statement, status: "final" });
    await chain.look();
    const metrics = (await get("/metrics")).body as string;
    const of = (name: string, ...labels: string[]) =>
      metrics
        .split("\n")
        .find((line) => [name, token, ...labels].every((part) => line.includes(part)))
        ?.split(" ")[1];
    expect(of("starledger_publication_timestamp_seconds")).to.equal(`${publishing.time}`);
    expect(of("starledger_published_base_units", 'part="total"')).to.equal("101");
    expect(await post("/v1/proofs", { key, body: { token } })).to.deep.equal(answer(201, published, "true"));
    expect(await post("/v1/proofs", { key, body: { token: coin } })).to.deep.equal(refusal("idempotency_conflict"));
    expect((await publishing.publications()).length).to.equal(
      Number((published!.statement as { period: string }).period) + 1,
    );
  });
});
