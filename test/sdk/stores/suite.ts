import { expect } from "chai";

import { keccakText, toAddress, type ChannelId } from "../../../src/protocol";
import type { Store, StoreRecord, WalletRecord } from "../../../src/sdk";
import { expectError } from "../../helpers/errors";

const [first, second] = ["first", "second"].map((name) => keccakText(name) as string as ChannelId);

const ALICE = toAddress(`0x${"a1".repeat(20)}`);

const recordOf = (channelId: ChannelId, number: number): WalletRecord => ({
  type: "revealed",
  channelId,
  hash: keccakText(String(number)),
  time: BigInt(number),
});

/**
 * What every store does.
 * @param open the store of a place; each test has a place of its own
 */
export function behavesAsStore(name: string, open: (context: Mocha.Context) => Promise<() => Promise<Store>>): void {
  describe(name, () => {
    it("keeps records in their order, per channel and all together, also when it is opened again", async function () {
      const openAgain = await open(this);
      const store = await openAgain();
      const named: StoreRecord = { type: "named", name: "alice@star.example", account: ALICE, time: 1n };
      const records = [...[1, 2, 3, 4].map((number) => recordOf(number % 2 === 0 ? first! : second!, number)), named];
      await Promise.all(records.map((record) => store.append(record)));
      await store.close();
      const again = await openAgain();
      expect(await again.all()).to.deep.equal(records);
      expect(await again.records(first!)).to.deep.equal([records[1], records[3]]);
      expect(await again.records(keccakText("third") as string as ChannelId)).to.deep.equal([]);
      await again.close();
    });

    it("keeps numbers of any size exactly", async function () {
      const store = await (await open(this))();
      const record = { ...recordOf(first!, 1), time: 2n ** 127n - 1n };
      await store.append(record);
      expect(await store.all()).to.deep.equal([record]);
      await store.close();
    });

    it("is locked by one at a time", async function () {
      const openAgain = await open(this);
      const [one, two] = [await openAgain(), await openAgain()];
      const unlock = await one.lock();
      await expectError(() => two.lock(), "store_locked");
      await expectError(() => one.lock(), "store_locked");
      await unlock();
      await (
        await two.lock()
      )();
      for (const store of [one, two]) await store.close();
    });
  });
}
