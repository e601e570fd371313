import { expect } from "chai";

import { isPublished } from "../../../src/chain";
import type { Store } from "../../../src/store";
import { startPublishing, type Publishing } from "./helpers";

describe("Publications of what is owed after a crash, on a real node", () => {
  let publishing: Publishing;

  before(async () => (publishing = await startPublishing()));
  after(() => publishing.stop());

  for (const [step, at, when] of [
    ["after part of the tree is kept", "addChunks", "after"],
    ["after the publication is kept", "add", "after"],
    ["after the first call is handed over for sending", "put", "after"],
    ["before its end is noted", "settle", "before"],
    ["after its end is noted", "settle", "after"],
  ] as const) {
    it(`goes on after a crash ${step}: every period is there, once`, async () => {
      const { world, token, deployment } = publishing;
      const start = await publishing.publications();
      const crashed = await publishing.side({ store: crashingStore(world.store, at, when) });
      const wish = crashed.publisher!.publish(token).catch(() => undefined);
      for (let i = 0; i < (at === "settle" ? 3 : 1); i++) {
        await crashed.look().catch(() => undefined);
        await crashed.publisher!.stop();
        await world.node.provider.send("hardhat_mine", ["0x2"]);
      }
      await wish;
      await publishing.publish(await publishing.side());
      const all = await publishing.publications();
      expect(all.length).to.be.within(start.length + 1, start.length + 2);
      expect(all.map(({ statement }) => statement.period)).to.deep.equal(all.map((_, i) => BigInt(all.length - 1 - i)));
      for (const { statement, status } of all.slice(0, all.length - start.length)) {
        expect(status).to.equal("final");
        const there = await isPublished(world.node.provider, deployment.anchor, statement);
        expect(there).to.deep.equal({ anchored: true, recorded: true });
      }
      expect(BigInt(await publishing.anchor.anchorOf(world.system, token, all.length))).to.equal(0n);
    });
  }
});

/** A store that fails at one call, and at all that come after it: as a process that ended there. */
function crashingStore(store: Store, at: "addChunks" | "add" | "put" | "settle", when: "before" | "after"): Store {
  let isOver = false;
  const part = <T extends object>(real: T): T =>
    new Proxy(real, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== "function") return value;
        return async (...given: unknown[]) => {
          const isHere = name === at || (at === "put" && target === (store.outbox as object) && name === "add");
          if (isOver || (isHere && when === "before")) {
            isOver = true;
            throw new Error("crashed");
          }
          const result: unknown = await (value as (...all: unknown[]) => unknown).apply(target, given);
          if (isHere) {
            isOver = true;
            throw new Error("crashed");
          }
          return result;
        };
      },
    });
  const publications = part(store.publications);
  const outbox = at === "put" ? part(store.outbox) : store.outbox;
  return new Proxy(store, {
    get: (target, name) => {
      if (name === "publications") return publications;
      if (name === "outbox") return outbox;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}
