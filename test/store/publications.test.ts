import { expect } from "chai";

import { keccakText, ZERO_HASH } from "../../src/protocol";
import type { Publication } from "../../src/store";
import { onEachDatabase, openTestStore, databaseOf } from "../helpers/databases";
import { COIN, POINTS, SYSTEM } from "../helpers/service";

const [KEPT, LOST, REQUEST] = [keccakText("kept"), keccakText("lost"), keccakText("request")];

function publicationOf(period: bigint, token = POINTS): Publication {
  const sums = { total: 2n ** 128n - 1n, reserve: 1n, bond: 2n, issueLimit: 2n ** 255n, block: 7n, commit: 8n };
  const statement = { system: SYSTEM, token, period, root: KEPT, ...sums, head: ZERO_HASH };
  return { statement, time: 1_000, channels: 3, secret: KEPT, status: "sent", anchored: null, recorded: null };
}

onEachDatabase("Publications", () => {
  async function open(context: Mocha.Context) {
    const store = await openTestStore(context, await databaseOf(context).fresh(context));
    return { publications: store.publications, lease: await store.leases.lead(SYSTEM) };
  }

  it("are kept by the leader alone, once per period, and listed newest first", async function () {
    const { publications, lease } = await open(this);
    const [first, second, coin] = [publicationOf(0n), publicationOf(1n), publicationOf(0n, COIN)];
    for (const one of [first, second, coin]) expect(await publications.add(one, lease.term)).to.equal(true);
    expect(await publications.add(second, lease.term)).to.equal(false);
    expect(await publications.add(publicationOf(2n), lease.term + 1n)).to.equal(false);
    expect(await publications.list(SYSTEM, POINTS, 9)).to.deep.equal([second, first]);
    expect(await publications.list(SYSTEM, POINTS, 9, 1n)).to.deep.equal([first]);
    const ended = { ...first, status: "final", anchored: KEPT, recorded: LOST } as const;
    await publications.settle(ended);
    expect(await publications.find(SYSTEM, POINTS, 0n)).to.deep.equal(ended);
    expect(await publications.find(SYSTEM, POINTS, 2n)).to.equal(undefined);
  });

  it("are what a request was answered with first, as they are now", async function () {
    const { publications, lease } = await open(this);
    const [first, second] = [publicationOf(0n), publicationOf(1n)];
    for (const one of [first, second]) await publications.add(one, lease.term);
    expect(await publications.answerTo(REQUEST)).to.equal(undefined);
    await publications.answer(REQUEST, first);
    await publications.answer(REQUEST, second);
    const ended = { ...first, status: "failed" } as const;
    await publications.settle(ended);
    expect(await publications.answerTo(REQUEST)).to.deep.equal(ended);
  });

  it("keep their trees, and only theirs", async function () {
    const { publications, lease } = await open(this);
    const chunk = (level: number, first: number) => ({
      level,
      first: Buffer.of(first),
      content: Buffer.of(level, first),
    });
    await publications.add(publicationOf(0n), lease.term);
    await publications.addChunks(SYSTEM, KEPT, [chunk(0, 2), chunk(0, 5), chunk(8, 0)]);
    await publications.addChunks(SYSTEM, LOST, [chunk(0, 2)]);
    await publications.sweep(SYSTEM);
    const found = (secret: typeof KEPT, level: number, at: number) =>
      publications.chunk(SYSTEM, secret, level, Buffer.of(at));
    expect(await Promise.all([1, 2, 4, 5, 9].map((at) => found(KEPT, 0, at)))).to.deep.equal(
      [undefined, 2, 2, 5, 5].map((first) => first && Buffer.of(0, first)),
    );
    expect(await found(KEPT, 8, 3)).to.deep.equal(Buffer.of(8, 0));
    expect(await found(LOST, 0, 9)).to.equal(undefined);
  });
});
