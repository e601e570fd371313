import { readFileSync, rmSync } from "node:fs";
import { createHash } from "node:crypto";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { depositor, merchantOf, type Depositor } from "../../scripts/demo/disputes";
import { COIN, type World } from "../../scripts/demo/world";
import { encodeSystemClose } from "../../src/chain";
import {
  channelId,
  emptyNote,
  emptyState,
  fromHex,
  hashState,
  keccakText,
  lockSummary,
  toHash,
  toHex,
  toAddress,
  ZERO_HASH,
  type ChannelKey,
  type CompleteState,
  type Hash,
  type Lock,
} from "../../src/protocol";
import { challengeCall } from "../../src/sdk/chain/disputeCalls";
import { HostileAccount__factory, HostileToken__factory, IChannelHub__factory } from "../../typechain-types";
import { exitJson, writeEvidence } from "./helpers/cli";
import { channelAt, signedClose, signedNote, signedState, transactionCount } from "./helpers/papers";
import { startProxy } from "./helpers/proxy";
import { testWorld } from "../helpers/worlds";

const WHOLE = 10n ** 18n;

describe("starledger exit, on a real node (case 22)", () => {
  let world: World;

  before(async () => {
    world = await testWorld();
  });

  after(async () => {
    await world.stop();
    rmSync(world.folder, { recursive: true });
  });

  const channelOf = (index: number): Promise<ChannelKey> => channelAt(world, index);
  const coins = (index: number): Promise<bigint> => world.coin.balanceOf(world.node.account(index).address);
  const time = async (): Promise<bigint> => BigInt((await world.node.provider.getBlock("latest"))!.timestamp);

  /** A user with 1,000 coins in its channel who has paid the sums given. */
  const userWhoPaid = async (index: number, ...sums: bigint[]): Promise<Depositor> => {
    const merchant = await merchantOf(world, 19);
    const user = await depositor(world, index, 1_000n * WHOLE);
    for (const sum of sums) await user.wallet.pay(merchant, sum * WHOLE, ZERO_HASH);
    return user;
  };

  /** The system closes with `shown`, signed by the user. */
  const systemCloses = async (channel: ChannelKey, { state, userSignature }: CompleteState): Promise<void> => {
    const hub = IChannelHub__factory.connect(world.hub.address, world.node.account(0));
    const order = { party: world.system, humble: false, deadline: (await time()) + 3_600n, signature: "0x" };
    await (await hub.close(channel, state, emptyNote(channelId(channel)), userSignature, "0x", order)).wait();
  };

  // First, while the chain's time is still that of the wallets, which bounds what they lock.
  describe("given a held invoice that was paid", () => {
    it("finds the locks and preimages of a held invoice in the wallet's file", async () => {
      const payer = await userWhoPaid(14);
      const payee = await depositor(world, 15, 1n * WHOLE);
      const channel = await channelOf(15);
      await (await world.coin.mint(world.system, 5n * WHOLE)).wait();
      await (await world.coin.connect(world.node.account(0)).approve(world.hub.address, 5n * WHOLE)).wait();
      await world.hub.commitCollateral(channel, 5n * WHOLE);
      const finalTime = await time();
      const { funds } = await world.hub.channel(channel);
      await world.service.submit({ type: "updateFunds", channelId: payee.wallet.id, funds, finalTime });
      payee.wallet.updateFunds(funds, finalTime);
      const expiry = finalTime + 2n * 86_400n;
      const invoice = await payee.wallet.invoice({ amount: 3n * WHOLE, expiry, hold: true });
      await payer.wallet.payInvoice(invoice);
      await world.received(payee.address);

      const run = await exitJson(world, 15, ["run"]);
      expect([run.code, run.sent.map(({ step }) => step)]).to.deep.equal([6, ["register", "close", "prove"]]);
      await world.node.pass(2n * COIN.challengePeriod + COIN.claimWindow);
      await exitJson(world, 15, ["run"]);
      expect(await coins(15)).to.equal(4n * WHOLE);
    });
  });

  describe("given a silent system", () => {
    it("closes humbly, says when to come back, settles then, and has the whole balance and the fee", async () => {
      const { wallet } = await userWhoPaid(1, 250n);
      const status = await exitJson(world, 1, ["status"]);
      expect([status.code, status.sent, status.next.do]).to.deep.equal([0, [], "close"]);
      expect(status.status).to.include({ due: `${750n * WHOLE}`, closing: false, epoch: "0", channelId: wallet.id });

      const closed = await exitJson(world, 1, ["run"]);
      const closedAt = await time();
      const until = closedAt + 2n * COIN.challengePeriod + COIN.claimWindow;
      expect([closed.code, closed.sent.map(({ step }) => step)]).to.deep.equal([6, ["close"]]);
      expect(closed.next).to.deep.equal({ do: "wait", until: `${until}`, for: "settlement" });
      expect(closed.status).to.include({ closing: true, humble: true, closedWith: "1", due: `${750n * WHOLE}` });
      const remembered = readFileSync(path.join(world.folder, "wallets.jsonl"), "utf8");
      expect(remembered).to.include(JSON.stringify({ type: "closing", channelId: wallet.id }));

      const early = await exitJson(world, 1, ["run"]);
      expect([early.code, early.sent, early.next]).to.deep.equal([6, [], closed.next]);
      const tooEarly = await exitJson(world, 1, ["settle"]);
      expect([tooEarly.code, tooEarly.error, tooEarly.details?.["from"]]).to.deep.equal([6, "not_yet", `${until}`]);

      await world.node.pass(until - (await time()));
      const before = await world.node.provider.getBalance(world.node.account(1).address);
      const settled = await exitJson(world, 1, ["run"]);
      expect([settled.code, settled.sent.map(({ step }) => step)]).to.deep.equal([0, ["settle"]]);
      expect(await coins(1)).to.equal(750n * WHOLE);
      const receipt = (await world.node.provider.getTransactionReceipt(settled.sent[0]!.transaction))!;
      const after = await world.node.provider.getBalance(world.node.account(1).address);
      expect(after - before + receipt.fee).to.equal(COIN.staleFee);

      const count = await transactionCount(world, 1);
      const again = await exitJson(world, 1, ["run"]);
      expect([again.code, again.sent, again.next.do, again.status["isOver"]]).to.deep.equal([0, [], "done", true]);
      expect(await transactionCount(world, 1)).to.equal(count);
    });

    it("waits and goes on by itself with --wait, though its node is away for a while", async () => {
      await userWhoPaid(4, 100n);
      const proxy = await startProxy(world.node.url);
      const running = exitJson(world, 4, ["run", "--original-key", "--wait", "--poll", "1", "--rpc", proxy.url]);
      const cut = async (): Promise<void> => {
        while (!(await world.hub.channel(await channelOf(4))).closing) await sleep(200);
        // Once it has looked again after its close, what it waits for is time.
        const { looks } = proxy;
        while (proxy.looks < looks + 3) await sleep(50);
        proxy.isCut = true;
        while (proxy.lost < 2) await sleep(200);
        proxy.isCut = false;
        await world.node.pass(COIN.challengePeriod + COIN.claimWindow);
        await running;
      };
      await Promise.race([running, cut()]).finally(() => proxy.stop());
      const { code, sent } = await running;
      expect([code, sent.map(({ step }) => step)]).to.deep.equal([0, ["close", "settle"]]);
      expect(await coins(4)).to.equal(900n * WHOLE);
    });

    it("needs no papers in a channel that was only paid into", async () => {
      await depositor(world, 5, 30n * WHOLE);
      const closed = await exitJson(world, 5, ["close"]);
      expect([closed.code, closed.status["due"]]).to.deep.equal([0, `${30n * WHOLE}`]);
      await world.node.pass(2n * COIN.challengePeriod + COIN.claimWindow);
      expect((await exitJson(world, 5, ["settle"])).code).to.equal(0);
      expect(await coins(5)).to.equal(30n * WHOLE);
    });
  });

  describe("given that the system closes with a revoked state", () => {
    it("shows the newer one in time, and takes all that the channel holds", async () => {
      const { wallet } = await userWhoPaid(2, 100n, 100n, 100n);
      const channel = await channelOf(2);
      const revoked = (await world.service.signatures.completeState(wallet.id, 1n))!;
      await world.service.submit({ type: "freeze", channelId: wallet.id });
      await systemCloses(channel, { ...revoked });
      expect(await coins(2)).to.equal(900n * WHOLE);

      const answered = await exitJson(world, 2, ["run"]);
      expect([answered.code, answered.sent.map(({ step }) => step)]).to.deep.equal([6, ["challenge"]]);
      expect(answered.status).to.include({ bySystem: true, closedWith: "1", stands: "3", systemCheated: true });

      await world.node.pass(COIN.challengePeriod + COIN.claimWindow);
      const settled = await exitJson(world, 2, ["run"]);
      expect([settled.code, settled.sent.map(({ step }) => step)]).to.deep.equal([0, ["settle"]]);
      expect(await coins(2)).to.equal(1_000n * WHOLE);
    });

    it("settles with the state that the system showed through another contract, which the user has not", async () => {
      const { wallet } = await userWhoPaid(18, 100n, 200n);
      const channel = await channelOf(18);
      const first = (await world.service.signatures.completeState(wallet.id, 1n))!;
      const file = writeEvidence(world, "behind", { channel, state: first });
      const { state, userSignature } = (await world.service.signatures.completeState(wallet.id, 2n))!;
      const [note, deadline] = [emptyNote(wallet.id), (await time()) + 3_600n];
      const order = { channelId: wallet.id, party: world.system, stateHash: hashState(state), noteHash: ZERO_HASH };
      const signature = await signedClose(world, { ...order, humble: false, deadline });
      const close = encodeSystemClose({ key: channel, state, userSignature, note, deadline, signature });
      const relay = await new HostileAccount__factory(world.node.account(19)).deploy(world.system);
      await (await relay.act(world.hub.address, 0n, close)).wait();
      expect(await coins(18)).to.equal(700n * WHOLE);
      await world.node.pass(COIN.challengePeriod + COIN.claimWindow);
      const settled = await exitJson(world, 18, ["run", "--evidence", file]);
      expect([settled.code, settled.sent.map(({ step }) => step)]).to.deep.equal([0, ["settle"]]);
      expect(await coins(18)).to.equal(700n * WHOLE);
      expect((await world.hub.channel(channel)).epoch).to.equal(1n);
    });

    it("is too late after the challenge period, and says so", async () => {
      const { wallet } = await userWhoPaid(6, 10n, 10n);
      const channel = await channelOf(6);
      await systemCloses(channel, (await world.service.signatures.completeState(wallet.id, 1n))!);
      await world.node.pass(COIN.challengePeriod);
      const late = await exitJson(world, 6, ["challenge"]);
      expect([late.code, late.error]).to.deep.equal([1, "too_late"]);
    });
  });

  describe("given that the answer to the last payment was lost", () => {
    it("is replaced by the next version without penalty, and settles with the state of the system's own transaction", async () => {
      const { wallet } = await userWhoPaid(7, 100n, 200n);
      const first = (await world.service.signatures.completeState(wallet.id, 1n))!;
      const file = writeEvidence(world, "lost-answer", { channel: await channelOf(7), state: first });
      const closed = await exitJson(world, 7, ["run", "--evidence", file, "--original-key"]);
      expect(closed.status["due"]).to.equal(`${900n * WHOLE}`);
      const pending = await world.hub.pendingClose(wallet.id);
      const second = (await world.service.signatures.completeState(wallet.id, 2n))!;
      await world.hub.send(challengeCall(world.hub.address, await channelOf(7), pending.record, second));
      await world.node.pass(COIN.challengePeriod + COIN.claimWindow);
      const settled = await exitJson(world, 7, ["run", "--evidence", file, "--original-key"]);
      expect([settled.code, settled.sent.map(({ step }) => step)]).to.deep.equal([0, ["settle"]]);
      expect(await coins(7)).to.equal(700n * WHOLE);
    });

    it("never shows the newer state that would convict the user's own old close", async () => {
      const { wallet } = await userWhoPaid(8, 100n, 200n, 300n);
      const old = {
        channel: await channelOf(8),
        state: (await world.service.signatures.completeState(wallet.id, 1n))!,
      };
      await exitJson(world, 8, ["close", "--evidence", writeEvidence(world, "old", old), "--original-key"]);
      const next = await exitJson(world, 8, ["run"]);
      expect([next.code, next.sent, next.next.do]).to.deep.equal([6, [], "wait"]);
      const refused = await exitJson(world, 8, ["challenge"]);
      expect([refused.code, refused.error]).to.deep.equal([1, "stale_version"]);
    });
  });

  describe("given a note with pending incoming locks", () => {
    const preimagesOf = (name: string, count: number): Hash[] =>
      Array.from({ length: count }, (_, i) => keccakText(`${name} ${i}`));
    const locksOf = (preimages: readonly Hash[], expiry: bigint): Lock[] =>
      preimages.map((preimage, i) => ({
        index: BigInt(i),
        hash: toHash(toHex(createHash("sha256").update(fromHex(preimage)).digest())),
        amount: 100n + BigInt(i),
        expiry,
      }));

    it("registers the preimages, closes, proves more locks than fit in one transaction, and is paid for those it knows", async () => {
      const channel = await channelOf(9);
      const id = channelId(channel);
      const cover = 100_000n;
      await (await world.coin.mint(world.system, cover)).wait();
      await (await world.coin.connect(world.node.account(0)).approve(world.hub.address, cover)).wait();
      await world.hub.commitCollateral(channel, cover);
      const preimages = preimagesOf("registered", 121);
      const locks = locksOf(preimages, (await time()) + 86_400n);
      const note = { ...emptyNote(id), seq: 4n, credited: 50n, ...lockSummary(locks) };
      const evidence = {
        channel,
        state: await signedState(world, 9, { ...emptyState(id), version: 1n, net: 20n }),
        note: await signedNote(world, note),
        locks,
        preimages: preimages.slice(0, 120),
      };
      const file = writeEvidence(world, "locks", evidence);
      const status = await exitJson(world, 9, ["status", "--evidence", file]);
      const due = 20n + 50n + (120n * (100n + 219n)) / 2n;
      expect([status.next.do, status.status["due"]]).to.deep.equal(["register", `${due}`]);
      const run = await exitJson(world, 9, ["run", "--evidence", file]);
      expect([run.code, run.sent.map(({ step }) => step)]).to.deep.equal([
        6,
        ["register", "register", "close", "prove", "prove"],
      ]);
      expect(run.status["due"]).to.equal(`${due}`);
      await world.node.pass(2n * COIN.challengePeriod + COIN.claimWindow + 86_400n);
      await exitJson(world, 9, ["run", "--evidence", file]);
      expect(await coins(9)).to.equal(due);
    });

    it("shows a preimage with the note when the close is already pending", async () => {
      const { wallet } = await userWhoPaid(10, 1n);
      const channel = await channelOf(10);
      const completed = (await world.service.signatures.completeState(wallet.id, 1n))!;
      const preimages = preimagesOf("shown", 3);
      const locks = locksOf(preimages, (await time()) + 86_400n);
      const held = await signedNote(world, { ...emptyNote(wallet.id), seq: 1n, ...lockSummary(locks) });
      const evidence = { channel, state: completed, note: held, locks, preimages: preimages.slice(2) };
      await systemCloses(channel, completed);
      const file = writeEvidence(world, "shown", evidence);
      const proved = await exitJson(world, 10, ["prove", "--evidence", file]);
      expect([proved.code, proved.sent.map(({ step }) => step)]).to.deep.equal([0, ["prove"]]);
      // The note was hidden from the system's close: that alone convicts it.
      expect(proved.status).to.include({ systemCheated: true, due: "102" });
    });
  });

  describe("given money that could not be paid at once", () => {
    it("waits for a claim to be covered, then collects it", async () => {
      const channel = await channelOf(12);
      const state = await signedState(world, 12, { ...emptyState(channelId(channel)), version: 1n, net: 500n });
      const words = ["run", "--evidence", writeEvidence(world, "claim", { channel, state })];
      expect((await exitJson(world, 12, words)).sent.map(({ step }) => step)).to.deep.equal(["close"]);
      await world.node.pass(2n * COIN.challengePeriod + COIN.claimWindow);
      const settled = await exitJson(world, 12, words);
      expect([settled.code, settled.sent.map(({ step }) => step)]).to.deep.equal([0, ["settle"]]);
      expect(settled.next.because).to.equal("500 is claimed, and paid once the system's reserve has it");
      expect(await coins(12)).to.equal(0n);

      await (await world.coin.mint(world.system, 300n)).wait();
      await (await world.coin.connect(world.node.account(0)).approve(world.hub.address, 300n)).wait();
      const hub = IChannelHub__factory.connect(world.hub.address, world.node.account(0));
      await (await hub.fundReserve(world.system, channel.token, 300n)).wait();
      const collected = await exitJson(world, 12, words);
      expect([collected.code, collected.sent.map(({ step }) => step)]).to.deep.equal([0, ["collect"]]);
      expect(await coins(12)).to.equal(300n);
      expect(collected.next.because).to.equal("200 is claimed, and paid once the system's reserve has it");
    });

    it("fetches a payout that the token blocked, and the award once it is ripe", async () => {
      const operator = world.node.account(0);
      const hub = IChannelHub__factory.connect(world.hub.address, operator);
      const token = await (await new HostileToken__factory(operator).deploy()).waitForDeployment();
      const channel = { ...(await channelOf(13)), token: toAddress(await token.getAddress()) };
      await (await hub.addAsset(token, { ...COIN, backing: 3, award: 70n })).wait();
      await (await token.give(world.system, 2_000n)).wait();
      await (await token.approve(world.hub.address, 2_000n)).wait();
      await (await hub.fundBond(world.system, token, 1_000n)).wait();
      await (await hub.commitCollateral(channel, 1_000n)).wait();
      const empty = emptyState(channelId(channel));
      const old = await signedState(world, 13, { ...empty, version: 1n, net: 100n });
      const state = await signedState(world, 13, { ...empty, version: 2n, net: 200n });
      await systemCloses(channel, old);
      const words = ["run", "--evidence", writeEvidence(world, "award", { channel, state })];
      expect((await exitJson(world, 13, words)).sent.map(({ step }) => step)).to.deep.equal(["challenge"]);
      await world.node.pass(COIN.challengePeriod + COIN.claimWindow);

      await (await token.setMode(2, channel.user)).wait();
      const blocked = await exitJson(world, 13, words);
      expect([blocked.code, blocked.sent.map(({ step }) => step), blocked.error, blocked.details]).to.deep.equal([
        1,
        ["settle"],
        "transaction_failed",
        { error: "Hub_TransferFailed", arguments: `${await token.getAddress()} ${world.node.account(13).address} 900` },
      ]);
      await (await token.setMode(0, ZeroAddress)).wait();
      const fetched = await exitJson(world, 13, words);
      expect([fetched.code, fetched.sent.map(({ step }) => step), fetched.next.do]).to.deep.equal([
        6,
        ["collect"],
        "wait",
      ]);
      expect(await token.balanceOf(channel.user)).to.equal(1_000n);

      await world.node.pass(BigInt(fetched.next.until!) - (await time()));
      const awarded = await exitJson(world, 13, words);
      expect([awarded.code, awarded.sent.map(({ step }) => step)]).to.deep.equal([0, ["collect"]]);
      expect(await token.balanceOf(channel.user)).to.equal(1_070n);
    });
  });
});
