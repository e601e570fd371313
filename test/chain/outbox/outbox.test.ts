import { expect } from "chai";
import { Wallet, type JsonRpcProvider } from "ethers";

import { startNode, type LocalNode } from "../../../src/chain/localNode";
import { Outbox, type Call, type Item, type ItemStore, type OutboxOptions } from "../../../src/chain/outbox";
import { toAddress, type Address, type Hex } from "../../../src/protocol";
import { openStore, type Store } from "../../../src/store";
import { TestToken__factory, type TestToken } from "../../../typechain-types";

const GWEI = 10n ** 9n;
const CONFIRMATIONS = 2;

describe("Outbox, on a node that mines when it is told to", () => {
  let node: LocalNode;
  let token: TestToken;
  let store: Store;
  let now: bigint;
  let troubles: string[];
  let finished: Item[];
  let users = 0;

  before(async () => {
    node = await startNode();
    token = await new TestToken__factory(node.account(9)).deploy();
    await token.waitForDeployment();
    await node.provider.send("evm_setAutomine", [false]);
  });
  after(() => node.stop());

  beforeEach(async () => {
    store = await openStore("sqlite::memory:");
    now = 1_000_000n;
    troubles = [];
    finished = [];
  });
  afterEach(() => store.close());

  const mine = (blocks = 1): Promise<unknown> => node.provider.send("hardhat_mine", [`0x${blocks.toString(16)}`]);

  /** A sender that no other test uses. */
  function sender(index = (users += 1)): Wallet {
    return new Wallet(node.privateKey(index), node.provider);
  }

  function outbox(senders: readonly Wallet[], options: Partial<OutboxOptions> = {}): Outbox {
    return new Outbox({
      provider: node.provider,
      store: store.outbox,
      senders,
      policy: { cap: 500n * GWEI, patience: 60n },
      finalBlock: async () => (await node.provider.getBlockNumber()) - CONFIRMATIONS,
      window: 16,
      leastBalance: GWEI,
      dailyCap: null,
      now: () => now,
      onFinished: (item) => void finished.push(item),
      onTrouble: ({ code, details }) =>
        void troubles.push(`${code} ${details["error"] ?? details["reason"] ?? ""}`.trim()),
      ...options,
    });
  }

  /** A call that shows how often it was carried out. */
  async function minting(to: Address, deadline: bigint | null = null): Promise<Call> {
    const data = token.interface.encodeFunctionData("mint", [to, 1n]) as Hex;
    return { to: toAddress(await token.getAddress()), data, value: 0n, deadline };
  }

  const someone = (): Address => toAddress(Wallet.createRandom().address);
  const pendingHashes = async (): Promise<string[]> => {
    const block = (await node.provider.send("eth_getBlockByNumber", ["pending", false])) as { transactions: string[] };
    return block.transactions;
  };

  it("carries out what is asked for twice under one key once, and says when it is final", async () => {
    const box = outbox([sender()]);
    const to = someone();
    const [one, two] = [await box.put("pay", await minting(to)), await box.put("pay", await minting(someone()))];
    expect(two).to.deep.equal(one);
    await box.look();
    await mine();
    await box.look();
    expect([await token.balanceOf(to), finished]).to.deep.equal([1n, []]);
    await mine(CONFIRMATIONS);
    await box.look();
    const found = (await box.find("pay"))!;
    expect(finished).to.deep.equal([found]);
    expect([found.status, found.mined, found.attempts.length]).to.deep.equal(["done", found.attempts[0]!.hash, 1]);
    await box.look();
    expect([await token.balanceOf(to), finished.length]).to.deep.equal([1n, 1]);
  });

  it("case 19: offers more until it is mined, and one of the attempts is", async () => {
    const box = outbox([sender()], { policy: { cap: 5_000n * GWEI, patience: 60n } });
    const to = someone();
    await node.provider.send("hardhat_setNextBlockBaseFeePerGas", [`0x${(200n * GWEI).toString(16)}`]);
    await mine();
    await box.put("pay", await minting(to));
    await box.look();
    for (let i = 0; i < 3; i++) {
      now += 60n;
      await box.look();
    }
    const { attempts } = (await box.find("pay"))!;
    expect(attempts).to.have.length(4);
    expect(await pendingHashes()).to.include(attempts[3]!.hash);
    await mine(1 + CONFIRMATIONS);
    await box.look();
    expect([finished.map(({ mined }) => mined), await token.balanceOf(to)]).to.deep.equal([[attempts[3]!.hash], 1n]);
  });

  it("case 19: sends again what the node has dropped", async () => {
    const box = outbox([sender()]);
    const to = someone();
    await box.put("pay", await minting(to));
    await box.look();
    const [attempt] = (await box.find("pay"))!.attempts;
    await node.provider.send("hardhat_dropTransaction", [attempt!.hash]);
    await mine(2);
    expect(await token.balanceOf(to)).to.equal(0n);
    await box.look();
    expect(box.dropped).to.equal(1);
    await box.look();
    expect(box.dropped).to.equal(1);
    await mine(1 + CONFIRMATIONS);
    await box.look();
    expect([finished[0]?.mined, await token.balanceOf(to)]).to.deep.equal([attempt!.hash, 1n]);
  });

  it("case 16: sends again what a reorganisation undid", async () => {
    const box = outbox([sender()]);
    const to = someone();
    await box.put("pay", await minting(to));
    const snapshot: unknown = await node.provider.send("evm_snapshot", []);
    await box.look();
    await mine(2);
    expect(await token.balanceOf(to)).to.equal(1n);
    await node.provider.send("evm_revert", [snapshot]);
    await mine();
    expect([await token.balanceOf(to), finished]).to.deep.equal([0n, []]);
    await box.look();
    await mine(1 + CONFIRMATIONS);
    await box.look();
    expect([finished[0]?.status, await token.balanceOf(to)]).to.deep.equal(["done", 1n]);
  });

  it("case 19: takes another nonce when a stranger with its key used the first", async () => {
    const wallet = sender();
    const box = outbox([wallet]);
    const to = someone();
    await box.put("pay", await minting(to));
    await box.look();
    const [attempt] = (await box.find("pay"))!.attempts;
    await node.provider.send("hardhat_dropTransaction", [attempt!.hash]);
    await wallet.sendTransaction({ to, value: 1n });
    await mine(1 + CONFIRMATIONS);
    await box.look();
    await box.look();
    await mine(1 + CONFIRMATIONS);
    await box.look();
    expect([finished[0]?.status, finished[0]?.nonce, await token.balanceOf(to)]).to.deep.equal(["done", 1, 1n]);
  });

  it("gives up what is too late: its nonce is used up, and it never happens", async () => {
    const box = outbox([sender()]);
    const to = someone();
    await box.put("pay", await minting(to, now + 100n));
    await box.look();
    now += 101n;
    await box.look();
    await mine(1 + CONFIRMATIONS);
    await box.look();
    expect([finished[0]?.status, await token.balanceOf(to)]).to.deep.equal(["cancelled", 0n]);
  });

  it("lets a call that the contract refuses hold up no other, and carries it out once it can be", async () => {
    const wallet = sender();
    const box = outbox([wallet]);
    const to = someone();
    const data = token.interface.encodeFunctionData("transfer", [to, 5n]) as Hex;
    await box.put("later", { to: toAddress(await token.getAddress()), data, value: 0n, deadline: null });
    await box.put("now", await minting(to));
    await box.look();
    expect(troubles).to.have.length(1);
    expect(troubles[0]).to.match(/^transaction_failed/);
    await mine(1 + CONFIRMATIONS);
    await box.look();
    expect(finished.map(({ key }) => key)).to.deep.equal(["now"]);
    await token.mint(wallet.address, 5n);
    await mine();
    await box.look();
    await mine(1 + CONFIRMATIONS);
    await box.look();
    expect([finished.map(({ key }) => key), await token.balanceOf(to)]).to.deep.equal([["now", "later"], 6n]);
  });

  it("says when the chain asks for more than the cap, and when gas money runs out", async () => {
    const box = outbox([sender()], { policy: { cap: 1n, patience: 60n }, leastBalance: 10n ** 30n });
    await box.put("pay", await minting(someone()));
    await box.look();
    expect(troubles).to.deep.equal(["low_balance", "fee_cap"]);
    now += 30n;
    await box.look();
    expect(box.status()[0]).to.include({ sent: 1, age: 30n });
  });

  it("tells of gas money that runs out once, until there is enough again, also while nothing is to be sent", async () => {
    const wallet = sender();
    const address = toAddress(wallet.address);
    const box = outbox([wallet], { leastBalance: 10n ** 30n });
    const status = { sender: address, isLow: true, waiting: 0, sent: 0, age: 0n };
    await box.look();
    await box.look();
    const { provider } = node;
    expect(box.status()).to.deep.equal([{ ...status, balance: await provider.getBalance(address) }]);
    expect(troubles).to.deep.equal(["low_balance"]);
    await provider.send("hardhat_setBalance", [address, `0x${(10n ** 30n).toString(16)}`]);
    await box.look();
    expect(box.status()).to.deep.equal([{ ...status, balance: 10n ** 30n, isLow: false }]);
    await provider.send("hardhat_setBalance", [address, `0x${(10n ** 18n).toString(16)}`]);
    await box.look();
    expect(troubles).to.deep.equal(["low_balance", "low_balance"]);
  });

  it("spends no more than its cap in a day, but for what is vital", async () => {
    const wallet = sender();
    const to = someone();
    const free = outbox([wallet]);
    await free.put("before", await minting(to));
    await free.look();
    await mine(1 + CONFIRMATIONS);
    await free.look();
    const spent = await store.outbox.costSince(toAddress(wallet.address), now);
    const receipt = (await node.provider.getTransactionReceipt(finished[0]!.mined!))!;
    expect(spent).to.equal(receipt.fee);
    const box = outbox([wallet], { dailyCap: spent });
    await box.put("later", await minting(to));
    await box.put("vital", { ...(await minting(to)), vital: true });
    await box.look();
    expect(troubles).to.deep.equal(["spending_cap"]);
    await mine(1 + CONFIRMATIONS);
    await box.look();
    expect(finished.map(({ key }) => key)).to.deep.equal(["before", "vital"]);
    now += 86_401n;
    const next = outbox([wallet], { dailyCap: 10n ** 18n });
    await next.look();
    await mine(1 + CONFIRMATIONS);
    await next.look();
    expect([finished.map(({ key }) => key), await token.balanceOf(to)]).to.deep.equal([
      ["before", "vital", "later"],
      3n,
    ]);
  });

  it("spreads calls over its senders", async () => {
    const [one, two] = [sender(), sender()];
    const box = outbox([one, two]);
    const items = [];
    for (let i = 0; i < 4; i++) items.push(await box.put(`pay ${i}`, await minting(someone())));
    expect(items.map((item) => item.sender)).to.deep.equal(
      [one, two, one, two].map(({ address }) => toAddress(address)),
    );
    await box.look();
    await mine(1 + CONFIRMATIONS);
    await box.look();
    expect(finished.map(({ status }) => status)).to.deep.equal(["done", "done", "done", "done"]);
  });

  it("case 21: gives no call to a sender whose gas money is low while another has enough, and to the richest if none has", async () => {
    const [poor, rich] = [sender(), sender()];
    const setBalance = (of: Wallet, wei: bigint) =>
      node.provider.send("hardhat_setBalance", [of.address, `0x${wei.toString(16)}`]);
    await setBalance(poor, 10n ** 15n);
    const addresses = [poor, rich].map(({ address }) => toAddress(address));
    const taken = async (box: Outbox, name: string) => {
      await box.look();
      const items = [
        await box.put(`${name} 1`, await minting(someone())),
        await box.put(`${name} 2`, await minting(someone())),
      ];
      return items.map((item) => addresses.indexOf(item.sender));
    };
    expect(await taken(outbox([poor, rich], { leastBalance: 10n ** 16n }), "enough")).to.deep.equal([1, 1]);
    expect(await taken(outbox([poor, rich], { leastBalance: 10n ** 30n }), "none")).to.deep.equal([1, 1]);
    await setBalance(poor, 10n ** 21n);
    expect(await taken(outbox([poor, rich], { leastBalance: 10n ** 16n }), "both")).to.deep.equal([0, 0]);
  });

  it("sends more while what was mined is not final: it is no load for the node", async () => {
    const box = outbox([sender()], { window: 1 });
    const to = someone();
    for (const key of ["one", "two"]) await box.put(key, await minting(to));
    await box.look();
    await box.look();
    expect(box.status()[0]).to.include({ waiting: 1, sent: 1 });
    await mine();
    await box.look();
    await mine();
    expect([await token.balanceOf(to), finished]).to.deep.equal([2n, []]);
  });

  it("loses and repeats nothing, wherever it is killed", async () => {
    const wallet = sender();
    const to = someone();
    const calls = 6;
    /** Dies at its `point`-th step: before it, or after it, when nobody hears of it any more. */
    const dying = (point: number, late: boolean) => {
      let steps = 0;
      const wrap = <T extends object>(target: T, names: readonly string[]): T =>
        new Proxy(target, {
          get: (object, name) => {
            const value: unknown = Reflect.get(object, name, object);
            if (typeof value !== "function") return value;
            if (!names.includes(String(name))) return (value as () => unknown).bind(object);
            return async (...values: unknown[]) => {
              steps += 1;
              if (steps === point && !late) throw new Error("killed");
              const result = await (value as (...all: unknown[]) => Promise<unknown>).apply(object, values);
              if (steps >= point) throw new Error("killed");
              return result;
            };
          },
        });
      const items: ItemStore = wrap(store.outbox, ["add", "assign", "attempt", "finish", "unassign"]);
      const provider: JsonRpcProvider = wrap(node.provider, ["send"]);
      return { store: items, provider };
    };
    for (let point = 1; point <= 40; point++) {
      const killed = outbox([wallet], dying(point, point % 2 === 0));
      try {
        await killed.put(`pay ${point % calls}`, await minting(to));
      } catch {
        // Whoever was not answered asks again.
      }
      await killed.look();
      await mine();
    }
    const box = outbox([wallet]);
    for (let i = 0; i < calls; i++) await box.put(`pay ${i}`, await minting(to));
    for (let i = 0; i < 6; i++) {
      now += 60n;
      await box.look();
      await mine(1 + CONFIRMATIONS);
    }
    await box.look();
    expect(await token.balanceOf(to)).to.equal(BigInt(calls));
    for (let i = 0; i < calls; i++) expect((await box.find(`pay ${i}`))?.status).to.equal("done");
  });
});
