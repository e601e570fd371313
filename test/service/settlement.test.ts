import { expect } from "chai";

import type { Call, Item } from "../../src/chain/outbox";
import { keccakText, toAddress, type Address, type ChannelId, type Hash } from "../../src/protocol";
import type { AccountService } from "../../src/service";
import { Settlement } from "../../src/service/settlement";
import type { Store } from "../../src/store";
import { Crash } from "../helpers/crashing";
import { onEachDatabase, type TestDatabase } from "../helpers/databases";
import { DOMAIN, freshService, NOW, openHosted, POINTS, SYSTEM } from "../helpers/service";
import { IChannelHub__factory } from "../../typechain-types";

const HUB = IChannelHub__factory.createInterface();

const POLICY = { most: 4, patience: 0n, margin: 10n, ceiling: null, longest: 3_600n };
const DEADLINE = NOW + 500n;
let names = 0;

describe("Settlement", () => {
  onEachDatabase("settles", (database: TestDatabase) => {
    let service: AccountService;
    let store: Store;
    let troubles: string[];

    beforeEach(async function () {
      ({ service, store } = await freshService(this, undefined, database));
      troubles = [];
    });

    /** As after a start; the outbox keeps what it is given, and brings nothing to any chain. */
    function settlement(put = keep): Settlement {
      const { payouts, outbox } = store;
      const find = (key: string) => outbox.find(key);
      const open = (sender: Address) => outbox.open(sender);
      return new Settlement({
        ...{ service, payouts, hub: DOMAIN.hub, policy: POLICY, window: 16, baseFee: () => Promise.resolve(0n) },
        outbox: { put, find, open },
        onTrouble: ({ code }) => void troubles.push(code),
      });
    }
    const keep = (key: string, call: Call): Promise<Item> => store.outbox.add(SYSTEM, key, call);

    /** So many users who have asked for points on chain, each for one more than the one before. */
    async function withdrawing(count: number): Promise<Address[]> {
      const users: Address[] = [];
      for (let i = 0; i < count; i++) {
        const user = await openHosted(service, `settling ${(names += 1)}`, 100n);
        users.push(user);
        await withdraw(user, BigInt(i + 1));
      }
      return users;
    }
    const withdraw = (from: Address, amount: bigint) =>
      service.submit({ type: "withdrawHosted", from, token: POINTS, amount, recipient: from, deadline: DEADLINE });
    const channelOf = (user: Address): ChannelId => service.channelOf(user, POINTS)!.id;

    /** Whom the calls under way pay. */
    const batches = async (): Promise<Address[][]> =>
      (await store.outbox.open(SYSTEM)).map(({ call: { data } }) => {
        const [, items] = HUB.decodeFunctionData("withdrawBatch", data) as unknown as [string, { user: string }[]];
        return items.map(({ user }) => toAddress(user));
      });
    /** Ends all that is under way, and says so. */
    async function end(by: Settlement, status: "failed" | "cancelled"): Promise<void> {
      for (const item of await store.outbox.open(SYSTEM)) {
        await store.outbox.finish(item, status, null);
        by.finished({ ...item, status });
      }
    }
    const sizes = async (): Promise<number[]> => (await batches()).map(({ length }) => length);

    it("sends a batch that failed as a whole in halves, until the one at fault is alone", async () => {
      const users = await withdrawing(4);
      const settling = settlement();
      const seen: number[][] = [];
      for (let i = 0; i < 4; i++) {
        await settling.settle(NOW);
        seen.push(await sizes());
        expect((await batches()).flat()).to.have.members(users);
        await end(settling, "failed");
      }
      expect(seen).to.deep.equal([[4], [2, 2], [1, 1, 1, 1], [1, 1, 1, 1]]);
    });

    it("sends the same batch once more when its call was given up", async () => {
      const users = await withdrawing(2);
      const settling = settlement();
      await settling.settle(NOW);
      const [first] = await store.outbox.open(SYSTEM);
      await end(settling, "cancelled");
      await settling.settle(NOW);
      const [second] = await store.outbox.open(SYSTEM);
      expect(await batches()).to.deep.equal([users]);
      expect([second!.call, second!.key === first!.key]).to.deep.equal([first!.call, false]);
      await settling.settle(NOW);
      expect(await batches()).to.deep.equal([users]);
    });

    it("case 23: leaves none out and sends none twice when it dies between a batch and its call, or just after that", async () => {
      const users = await withdrawing(3);
      const before = settlement(() => Promise.reject(new Crash("before the call")));
      await before.settle(NOW).catch((error: unknown) => expect(error).to.be.instanceOf(Crash));
      expect(await batches()).to.deep.equal([]);
      const after = settlement(async (...given) => {
        await keep(...given);
        throw new Crash("after the call");
      });
      await after.settle(NOW).catch((error: unknown) => expect(error).to.be.instanceOf(Crash));
      expect(await batches()).to.deep.equal([users]);
      await settlement().settle(NOW);
      expect(await batches()).to.deep.equal([users]);
    });

    it("hears no refusal that is older than the withdrawal, and sends what is refused no more, also after a restart", async () => {
      const [user] = (await withdrawing(1)) as [Address];
      const settling = settlement();
      await settling.settle(NOW);
      const [item] = await store.outbox.open(SYSTEM);
      const sent = await attempted(item!);
      const older = keccakText("a transaction of before");
      await settling.refuse(channelOf(user), older, "0x01");
      await end(settling, "cancelled");
      await settling.settle(NOW);
      expect([await batches(), troubles]).to.deep.equal([[[user]], []]);

      const [again] = await store.outbox.open(SYSTEM);
      await settling.refuse(channelOf(user), sent, "0x01");
      expect(troubles).to.deep.equal([]);
      await settling.refuse(channelOf(user), await attempted(again!), "0x01");
      await end(settling, "cancelled");
      await settling.settle(NOW);
      await settlement().settle(NOW);
      expect([await batches(), troubles]).to.deep.equal([[], ["withdrawal_refused"]]);
    });

    /** Has it sent; by this transaction the chain names it. */
    async function attempted(item: Item): Promise<Hash> {
      const hash = keccakText(`attempt ${item.key}`);
      await store.outbox.assign(item, Number(item.id), 1n);
      const offer = { maxFee: 1n, tip: 1n, signedAt: NOW, cancels: false } as const;
      await store.outbox.attempt(item, { hash, raw: "0x02", ...offer });
      return hash;
    }
  });
});
