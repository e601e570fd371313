import { rmSync } from "node:fs";

import { expect } from "chai";

import { depositor, merchantOf, type Depositor } from "../../scripts/demo/disputes";
import { COIN, type World } from "../../scripts/demo/world";
import {
  digest,
  domainSeparator,
  hashClosing,
  keccakText,
  sign,
  ZERO_HASH,
  type Closing,
  type Hex,
  type Signature,
} from "../../src/protocol";
import { FileStore } from "../../src/sdk";
import { challengeCall } from "../../src/sdk/chain/disputeCalls";
import { expectError } from "../helpers/errors";
import { channelOf, leaveWith, walletFile } from "./helpers/leaving";
import { testWorld } from "../helpers/worlds";

const WHOLE = 10n ** 18n;
const SIGNER_KEY = keccakText("starledger demo signer") as Hex;
const steps = ({ sent }: { readonly sent: readonly { step: string }[] }) => sent.map(({ step }) => step);

describe("the way out, by what a wallet's file tells (cases 22 and 26)", () => {
  let world: World;

  before(async () => {
    world = await testWorld();
  });

  after(async () => {
    await world.stop();
    rmSync(world.folder, { recursive: true });
  });

  const coins = (index: number): Promise<bigint> => world.coin.balanceOf(world.node.account(index).address);
  const native = (index: number): Promise<bigint> => world.node.provider.getBalance(world.node.account(index).address);
  const time = async (): Promise<bigint> => BigInt((await world.node.provider.getBlock("latest"))!.timestamp);

  /** A user with 1,000 coins in its channel who has paid 100 as often as said. */
  const userWhoPaid = async (index: number, times: number): Promise<Depositor> => {
    const merchant = await merchantOf(world, 19);
    const user = await depositor(world, index, 1_000n * WHOLE);
    for (let paid = 0; paid < times; paid++) await user.wallet.pay(merchant, 100n * WHOLE, ZERO_HASH);
    return user;
  };

  const challenge = async (index: number, { wallet }: Depositor): Promise<void> => {
    const { record } = await world.hub.pendingClose(wallet.id);
    const complete = (await world.service.signatures.completeState(wallet.id, wallet.state.version))!;
    await world.hub.send(challengeCall(world.hub.address, await channelOf(world, index), record, complete));
  };

  /** A cooperative closing at what the channel stands at, by the user, and by the system. */
  const closingOf = async (index: number, { wallet }: Depositor, lifetime: bigint) => {
    const closing: Closing = { channelId: wallet.id, net: wallet.state.net, deadline: (await time()) + lifetime };
    const { chainId } = await world.node.provider.getNetwork();
    const signed = digest(domainSeparator({ chainId, hub: world.hub.address }), hashClosing(closing));
    const signature = sign(signed, world.node.privateKey(index) as Hex);
    return { own: { closing, signature }, systemSignature: sign(signed, SIGNER_KEY) };
  };

  const sendClosing = async (
    index: number,
    { closing, signature }: { closing: Closing; signature: Signature },
    systemSignature: Signature,
  ): Promise<void> => {
    await world.hub.closeCooperatively(await channelOf(world, index), closing, signature, systemSignature);
  };

  it("given a store that was never rolled back, and an original key: closes ordinarily, with the latest state", async () => {
    await userWhoPaid(1, 3);
    const closed = await leaveWith(world, 1, await walletFile(world, 1, "fresh", 3n), "run");
    expect(closed.status).to.include({ humble: false, closedWith: "3", due: `${700n * WHOLE}` });
    await world.node.pass(COIN.challengePeriod + COIN.claimWindow);
    await leaveWith(world, 1, await walletFile(world, 1, "fresh", 0n), "run");
    expect(await coins(1)).to.equal(700n * WHOLE);
  });

  it("given what another device signed: closes with that, never with the older state, and humbly", async () => {
    const user = await userWhoPaid(2, 3);
    const adopted = { type: "adopted", completed: user.wallet.complete! } as const;
    const file = await walletFile(world, 2, "adopted", 1n, adopted);
    const closed = await leaveWith(world, 2, file, "run");
    expect(closed.status).to.include({ humble: true, closedWith: "3", due: `${700n * WHOLE}` });
  });

  it("given a restored backup that is behind: closes humbly, and the operator's newer state costs it only the fee", async () => {
    const user = await userWhoPaid(3, 3);
    const file = await walletFile(world, 3, "restored", 1n, { type: "restored" });
    const before = await native(3);
    const closed = await leaveWith(world, 3, file, "run");
    expect(closed.status).to.include({ humble: true, closedWith: "1", due: `${900n * WHOLE}` });
    await challenge(3, user);
    const answered = await leaveWith(world, 3, file, "run");
    expect([steps(answered), answered.status["stands"]]).to.deep.equal([[], "3"]);
    await world.node.pass(2n * COIN.challengePeriod + COIN.claimWindow);
    const settled = await leaveWith(world, 3, file, "run");
    expect([settled.code, steps(settled), await coins(3)]).to.deep.equal([0, ["settle"], 700n * WHOLE]);
    const receipts = await Promise.all(
      [...closed.sent, ...settled.sent].map(({ transaction }) =>
        world.node.provider.getTransactionReceipt(transaction),
      ),
    );
    const gas = receipts.reduce((sum, receipt) => sum + receipt!.fee, 0n);
    expect(before - (await native(3)) - gas).to.equal(COIN.staleFee);
  });

  it("given a backup of another epoch's or token's records: is as careful in every channel of the store", async () => {
    await userWhoPaid(4, 0);
    const file = await walletFile(world, 4, "other-channel", 0n);
    const store = await FileStore.open(file);
    await store.append({ type: "restored", channelId: keccakText("another channel") as never });
    await store.close();
    const closed = await leaveWith(world, 4, file, "run");
    expect(closed.status).to.include({ humble: true, closedWith: "0", due: `${1_000n * WHOLE}` });
  });

  it("given a closing that waits for the system's signature: closes otherwise only once that has lapsed (S8)", async () => {
    const user = await userWhoPaid(5, 1);
    const { own } = await closingOf(5, user, 600n);
    const file = await walletFile(world, 5, "agreeing", 1n, { type: "agreeing", ...own });
    const until = own.closing.deadline + 1n;
    await expectError(() => leaveWith(world, 5, file, "close"), "closing_pending", { until });
    const waiting = await leaveWith(world, 5, file, "run");
    expect([waiting.code, waiting.sent, waiting.next]).to.deep.equal([
      6,
      [],
      { do: "wait", until: `${until}`, for: "the closing that you signed to lapse" },
    ]);
    await world.node.pass(until - (await time()));
    const closed = await leaveWith(world, 5, file, "run");
    expect([steps(closed), closed.status["humble"]]).to.deep.equal([["close"], false]);
  });

  it("given the same, which the system signs and sends after all: sees that it is paid, and is done", async () => {
    const user = await userWhoPaid(6, 1);
    const { own, systemSignature } = await closingOf(6, user, 600n);
    const file = await walletFile(world, 6, "agreeing-sent", 1n, { type: "agreeing", ...own });
    await sendClosing(6, own, systemSignature);
    const over = await leaveWith(world, 6, file, "run");
    expect([over.code, over.sent, over.next.do, await coins(6)]).to.deep.equal([0, [], "done", 900n * WHOLE]);
  });

  it("given a closing that both signed: sends it, and is paid at once", async () => {
    const user = await userWhoPaid(7, 1);
    const { own, systemSignature } = await closingOf(7, user, 600n);
    const records = [
      { type: "agreeing", ...own },
      { type: "agreed", systemSignature },
    ] as const;
    const file = await walletFile(world, 7, "agreed", 1n, ...records);
    const over = await leaveWith(world, 7, file, "run");
    expect([over.code, steps(over), over.next.do, await coins(7)]).to.deep.equal([0, ["agree"], "done", 900n * WHOLE]);
  });

  it("given a file that another program uses: looks, but sends nothing that program could sign against", async () => {
    await userWhoPaid(8, 1);
    const file = await walletFile(world, 8, "used", 1n);
    const store = await FileStore.open(file);
    const unlock = await store.lock();
    await expectError(() => leaveWith(world, 8, file, "run"), "store_locked");
    expect((await leaveWith(world, 8, file, "status")).next.do).to.equal("close");
    await unlock();
    const closed = await leaveWith(world, 8, file, "run");
    expect(steps(closed)).to.deep.equal(["close"]);
    await (
      await store.lock()
    )();
    await store.close();
    expect((await FileStore.read(file)).at(-1)?.type).to.equal("closing");
  });
});
