import { expect } from "chai";

import { Sweeper } from "../../src/service/sweeper";
import type { Store } from "../../src/store";
import { afterTest } from "../helpers/afterTest";
import { onEachDatabase } from "../helpers/databases";
import { answer, listen } from "../helpers/http";
import { freshService, openHosted, person, POINTS, pointsOf, SYSTEM } from "../helpers/service";

const DAY = 86_400_000;

onEachDatabase("Sweeping", (database) => {
  it("case 25: an idempotency key is remembered for its time, then it is free again", async function () {
    const { store, service } = await freshService(this, undefined, database);
    const { post } = await listen(this, service);
    const alice = await openHosted(service, "alice");
    const order = { key: "order", body: { account: alice, token: POINTS, amount: "5" } };
    const first = await post("/v1/issuances", order);
    const used = Date.now();
    await sweepOnce(this, store, used + DAY - 60_000);
    expect(await post("/v1/issuances", order)).to.deep.equal({ ...first, replayed: "true" });
    await sweepOnce(this, store, used + DAY + 60_000);
    const { id, commit, ...receipt } = first.body as { id: string; commit: string };
    const again = await post("/v1/issuances", order);
    const { id: another } = again.body as { id: string };
    expect(another).not.to.equal(id);
    expect(again).to.deep.equal(answer(201, { id: another, commit: `${BigInt(commit) + 1n}`, ...receipt }));
    expect(pointsOf(service, alice)).to.equal(10n);
  });

  it("takes a few at a time, and all of them", async function () {
    const { store, service } = await freshService(this, undefined, database);
    const alice = await openHosted(service, "alice");
    const keys = Array.from({ length: 1_001 }, (_, i) => `key ${i}`);
    const request = { type: "setLimit", system: SYSTEM, token: POINTS, limit: 10n ** 30n } as const;
    await Promise.all(keys.map((key) => service.submit(request, key)));
    expect(await store.replies(keys)).to.have.length(1_001);
    const expires = Date.now();
    const session = { account: alice, digest: Buffer.alloc(32) };
    await store.sessions.add({ ...session, id: "over", expires });
    await store.sessions.add({ ...session, id: "live", expires: expires + 2 * DAY });
    await sweepOnce(this, store, expires + DAY + 1);
    expect(await store.replies(keys)).to.deep.equal([]);
    expect([await store.sessions.live("over", 0), (await store.sessions.live("live", 0))?.account]).to.deep.equal([
      undefined,
      person("alice").address,
    ]);
  });
});

/** Resolves when the sweeper has nothing left to do at this time. */
async function sweepOnce(context: Mocha.Context, store: Store, time: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const sessions = {
      sweep: async (...limits: Parameters<Store["sessions"]["sweep"]>) => {
        const swept = await store.sessions.sweep(...limits);
        resolve();
        return swept;
      },
    };
    const sweepReplies = store.sweepReplies.bind(store);
    const sweeper = new Sweeper({ store: { sweepReplies, sessions }, idempotencyTtl: DAY, now: () => time });
    afterTest(context, () => sweeper.stop());
  });
}
