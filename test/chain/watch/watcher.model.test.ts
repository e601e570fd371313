import { expect } from "chai";
import fc from "fast-check";

import { Watcher, type Cursor, type PendingBlocks, type Sighting } from "../../../src/chain/watch";
import { StarledgerError } from "../../../src/errors";
import type { Hash } from "../../../src/protocol";
import { REGISTRY, SimulatedChain } from "./simulatedChain";

const CONFIRMATIONS = 6;
const RUNS = Number(process.env.STARLEDGER_FUZZ_RUNS ?? 300);

const registrations = fc.nat({ max: 3 });
const action = fc.oneof(
  fc.record({ do: fc.constant("mine" as const), blocks: fc.array(registrations, { minLength: 1, maxLength: 12 }) }),
  fc.record({
    do: fc.constant("reorganise" as const),
    depth: fc.integer({ min: 1, max: CONFIRMATIONS }),
    blocks: fc.array(registrations, { maxLength: CONFIRMATIONS + 2 }),
  }),
  fc.record({ do: fc.constant("fail" as const), questions: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ do: fc.constant("narrow" as const), widest: fc.integer({ min: 1, max: 20 }) }),
  /** The process dies after the facts were taken in, or in the middle, and starts again. */
  fc.record({ do: fc.constant("crash" as const), before: fc.constantFrom("taking", "keeping", "nothing") }),
  fc.record({ do: fc.constant("look" as const) }),
);

class Crash extends Error {}

describe("Watcher, on any chain", () => {
  it("takes in every final fact in its order, again only after a crash, and tells what is pending as it stands", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 40 }), async (actions) => {
        const chain = new SimulatedChain();
        let cursor: Cursor | { block: number } = { block: 0 };
        let crash: "taking" | "keeping" | "nothing" = "nothing";
        let pending: PendingBlocks | undefined;
        /** What was taken in and kept, in order. */
        const kept: Hash[] = [];
        let taken: Hash[] = [];

        const start = (): Watcher =>
          new Watcher({
            node: chain,
            contracts: [REGISTRY],
            finality: { confirmations: CONFIRMATIONS },
            cursor,
            range: 16,
            onFinal: ({ sightings }) => {
              if (crash === "taking") return Promise.reject(new Crash());
              taken = preimagesOf(sightings);
              return Promise.resolve();
            },
            keep: (next) => {
              if (crash === "keeping") return Promise.reject(new Crash());
              cursor = next;
              kept.push(...taken);
              return Promise.resolve();
            },
            onPending: (blocks) => {
              pending = blocks;
              return Promise.resolve();
            },
          });

        let watcher = start();
        const look = async (): Promise<void> => {
          try {
            await watcher.look();
          } catch (error) {
            if (!(error instanceof Crash) && !(error instanceof StarledgerError)) throw error;
          }
        };
        for (const one of actions) {
          switch (one.do) {
            case "mine":
              for (const count of one.blocks) chain.mine(count);
              break;
            case "reorganise": {
              // No block that was taken in as final is undone.
              const depth = Math.min(one.depth, chain.height - cursor.block);
              if (depth > 0) chain.reorganise(depth, one.blocks);
              break;
            }
            case "fail":
              chain.failures = one.questions;
              break;
            case "narrow":
              chain.widest = one.widest;
              break;
            case "crash":
              crash = one.before;
              await look();
              crash = "nothing";
              watcher = start();
              break;
            case "look":
              await look();
          }
        }
        chain.failures = 0;
        chain.mine(1);
        const before = cursor.block;
        await watcher.look();
        expect(kept).to.deep.equal(chain.preimages(1, cursor.block));
        expect(cursor.block).to.equal(Math.max(before, chain.height - CONFIRMATIONS));
        expect(pending!.head).to.deep.equal(await chain.header("latest"));
        expect(preimagesOf(pending!.sightings)).to.deep.equal(chain.preimages(cursor.block + 1));
      }),
      { numRuns: RUNS },
    );
  });
});

function preimagesOf(sightings: readonly Sighting[]): Hash[] {
  return sightings.map((sighting) => (sighting.type === "registered" ? sighting.preimage : fail()));
}

function fail(): never {
  throw new Error("not a registration");
}
