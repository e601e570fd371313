import { expect } from "chai";
import { JsonRpcProvider, Wallet } from "ethers";

import { Outbox, Tasks, type Item, type Task } from "../../../src/chain/outbox";
import { StarledgerError } from "../../../src/errors";
import { keccakText, toAddress, ZERO_ADDRESS } from "../../../src/protocol";
import type { Store } from "../../../src/store";
import { onEachDatabase, openTestStore } from "../../helpers/databases";

const [ONE, TWO] = ["one", "two"].map((name) => new Wallet(keccakText(`starledger tasks ${name}`))) as [Wallet, Wallet];

describe("Tasks", () => {
  onEachDatabase("tasks", (database) => {
    let store: Store;
    let troubles: string[];

    beforeEach(async function () {
      store = await openTestStore(this, await database.fresh(this));
      troubles = [];
    });

    function outboxOf(...senders: Wallet[]): Outbox {
      const provider = new JsonRpcProvider("http://127.0.0.1:1", 1, { staticNetwork: true });
      return new Outbox({
        ...{ provider, store: store.outbox, senders, policy: { cap: 1n, patience: 1n }, window: 1, leastBalance: 0n },
        ...{ dailyCap: null, now: () => 0n, finalBlock: () => Promise.resolve(0) },
        ...{ onFinished: () => undefined, onTrouble: () => undefined },
      });
    }
    const tasksOf = (outbox = outboxOf(ONE), room = 16, scope = "mine:"): Tasks =>
      new Tasks({ outbox, room, scope, onTrouble: ({ code, details }) => troubles.push(`${code} ${details["task"]}`) });
    const task = (name: string, deadline: bigint | null = 10n, data: Task["data"] = () => "0x01"): Task => ({
      ...{ name, to: ZERO_ADDRESS, deadline, data },
    });
    const keys = (items: ReadonlyMap<string, Item>) => [...items.values()].map(({ key }) => key);
    const statusOf = async (key: string) => (await store.outbox.find(key))?.status;

    it("are on their way once under one name, and made once, also after a restart", async () => {
      let made = 0;
      const answer = task("answer:1", 10n, () => ((made += 1), "0x02"));
      const first = await tasksOf().set([answer]);
      const again = await tasksOf().set([answer]);
      expect([again, made]).to.deep.equal([first, 1]);
      expect([...first]).to.deep.equal([["answer:1", await store.outbox.find("mine:answer:1:1")]]);
      expect(first.get("answer:1")!.call).to.deep.equal({
        ...{ to: ZERO_ADDRESS, data: "0x02", value: 0n, deadline: 10n, vital: true },
      });
    });

    it("are given up while they wait and are of no use any more, but for what is unclear and what is another's", async () => {
      await tasksOf(outboxOf(ONE), 16, "theirs:").set([task("answer")]);
      await tasksOf().set([task("answer"), task("settle"), task("unclear"), task("sent")]);
      const sent = (await store.outbox.find("mine:sent:1"))!;
      await store.outbox.assign(sent, 0, 1n);
      const items = await tasksOf().set([task("settle")], (name) => name === "unclear");
      expect(keys(items)).to.have.members(["mine:settle:1", "mine:unclear:1", "mine:sent:1"]);
      const statuses = ["mine:answer:1", "theirs:answer:1", "mine:settle:1", "mine:unclear:1", "mine:sent:1"].map(
        statusOf,
      );
      expect(await Promise.all(statuses)).to.deep.equal(["cancelled", "waiting", "waiting", "waiting", "sent"]);
    });

    it("wait in no greater number than there is room, the most urgent first", async () => {
      const tasks = tasksOf(outboxOf(ONE), 2);
      const due = [task("whenever", null), task("late", 30n), task("soon", 10n), task("later", 20n)];
      expect(keys(await tasks.set(due))).to.deep.equal(["mine:soon:1", "mine:later:1"]);
      await store.outbox.assign((await store.outbox.find("mine:soon:1"))!, 0, 1n);
      expect(keys(await tasks.set(due))).to.have.members(["mine:soon:1", "mine:later:1", "mine:late:1"]);
    });

    it("are sent once more when they came to nothing, or the key that was to send them is gone, and not when they are done", async () => {
      const names = ["done", "failed", "given up", "left"];
      await tasksOf(outboxOf(ONE)).set(names.map((name) => task(name)));
      for (const [name, status] of [
        ["done", "done"],
        ["failed", "failed"],
        ["given up", "cancelled"],
      ] as const) {
        await store.outbox.finish((await store.outbox.find(`mine:${name}:1`))!, status, null);
      }
      const items = await tasksOf(outboxOf(TWO)).set(names.map((name) => task(name)));
      expect(keys(items)).to.have.members(["mine:done:1", "mine:failed:2", "mine:given up:2", "mine:left:2"]);
      expect(items.get("left")!.sender).to.equal(toAddress(TWO.address));
    });

    it("that cannot be made hold up no other, and are told of", async () => {
      const away = () => Promise.reject(new StarledgerError("signer_unavailable"));
      expect(keys(await tasksOf().set([task("signed", 5n, away), task("answer")]))).to.deep.equal(["mine:answer:1"]);
      expect(troubles).to.deep.equal(["signer_unavailable signed"]);
    });
  });
});
