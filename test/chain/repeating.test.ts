import { expect } from "chai";

import { Repeating } from "../../src/chain/repeating";
import { fail } from "../../src/errors";

describe("Repeating", () => {
  it("goes on whatever becomes of one, tells why it failed, and ends with what is under way", async () => {
    const troubles: string[] = [];
    let turns = 0;
    let underWay = 0;
    let stop: (() => Promise<void>) | undefined;
    const stopped = new Promise<void>((resolve) => {
      const repeating = new Repeating(
        async () => {
          underWay += 1;
          turns += 1;
          if (turns === 5) void stop?.().then(resolve);
          await Promise.resolve();
          underWay -= 1;
          if (turns === 2) fail("chain_unreachable");
          if (turns === 3) throw new Error("connection reset");
        },
        1,
        ({ code, details }) => void troubles.push(`${code} ${details["reason"] ?? ""}`.trim()),
      );
      stop = () => repeating.stop();
    });
    await stopped;
    expect([turns, underWay, troubles]).to.deep.equal([5, 0, ["chain_unreachable", "internal connection reset"]]);
  });

  it("does it at once when it is woken, and once more when it was under way", async () => {
    let turns = 0;
    const repeating = new Repeating(
      async () => {
        turns += 1;
        if (turns === 2) for (let i = 0; i < 3; i++) repeating.wake();
        await Promise.resolve();
      },
      2 ** 30,
      () => undefined,
    );
    const turn = async (number: number): Promise<void> => {
      while (turns < number) await new Promise(setImmediate);
    };
    await turn(1);
    repeating.wake();
    await turn(3);
    await new Promise(setImmediate);
    expect(turns).to.equal(3);
    await repeating.stop();
    expect(turns).to.equal(3);
  });
});
