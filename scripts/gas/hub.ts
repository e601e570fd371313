import { artifacts, ethers } from "hardhat";
import type { ContractTransactionResponse } from "ethers";

import {
  complete,
  deployHub,
  disputeOf,
  issued,
  NO_APPOINTMENT,
  NO_SIGNATURE,
  note,
  now,
  pass,
  SETTINGS,
  sign,
  soon,
} from "../../test/contracts/helpers/fixture";
import { lockTree } from "../../test/contracts/helpers/locks";

type Figures = Record<string, number>;
type Shown = Parameters<typeof complete>[1];
type Credit = Parameters<typeof issued>[1];

/** Gas of the hub's operations on one channel, epoch after epoch, and of its batches. */
export async function measureHub(): Promise<Figures> {
  return {
    ...(await measureChannel()),
    ...(await measureLocks()),
    "withdraw.batch100.perUser": Math.round((await gasOfBatch(100)) / 100),
    ...(await measureBytes(["ChannelHub", "HubBooks", "PreimageRegistry", "IssuedToken"])),
  };
}

async function measureChannel(): Promise<Figures> {
  const figures: Figures = {};
  const f = await deployHub();
  const { hub, user, other, system, ref } = f;
  let epoch = 0n;

  const withdraw = async (withdrawn: bigint): Promise<number> => {
    const message = { withdrawn, reclaimed: 0n, recipient: ref.user, deadline: await soon() };
    const signature = await sign(f, user, "Withdrawal", message, { epoch });
    return gasOf(hub.connect(system).withdraw(ref, message, signature, "0x"));
  };
  const warm = async (): Promise<void> => {
    await hub.connect(user).deposit(ref, 1_000n);
    await withdraw(10n);
  };
  const close = async (shown: Shown, credit: Credit) => {
    const [ownState, ownNote] = [await complete(f, shown, epoch), await issued(f, credit, epoch)];
    const order = { party: ref.user, humble: false, deadline: await soon(), signature: "0x" };
    const signatures = [ownState.systemSignature, ownNote.systemSignature] as const;
    const sent = await hub.connect(user).close(ref, ownState.state, ownNote.note, ...signatures, order);
    const receipt = await sent.wait();
    return { gas: Number(receipt!.gasUsed), dispute: disputeOf(f, receipt), state: ownState.state };
  };
  const challenge = async ({ dispute }: Awaited<ReturnType<typeof close>>, shown: Shown) => {
    const { state, userSignature } = await complete(f, shown, epoch);
    const asSystem = hub.connect(system);
    const gas = await gasOf(asSystem.challenge(ref, dispute, state, userSignature, NO_SIGNATURE, NO_APPOINTMENT));
    return { gas, state };
  };
  const settle = async (
    { dispute }: Awaited<ReturnType<typeof close>>,
    { state }: { state: Awaited<ReturnType<typeof close>>["state"] },
  ) => {
    await pass(SETTINGS.challengePeriod + SETTINGS.claimWindow);
    const gas = await gasOf(hub.connect(user).settle(ref, dispute, state));
    epoch++;
    return gas;
  };

  // The hub holds tokens of another channel already.
  const second = { ...ref, user: await other.getAddress() };
  await hub.connect(user).deposit(ref, 1_000n);
  figures["deposit.first"] = await gasOf(hub.connect(other).deposit(second, 1_000n));
  figures["deposit.topUp"] = await gasOf(hub.connect(other).deposit(second, 1_000n));
  figures["withdraw.first"] = await withdraw(10n);
  figures["withdraw.single"] = await withdraw(20n);

  const closing = { net: -400n, deadline: await soon() };
  const byUser = await sign(f, user, "Closing", closing, { epoch });
  figures["closeCooperatively"] = await gasOf(hub.connect(system).closeCooperatively(ref, closing, byUser, "0x"));
  epoch++;

  // The user has earned what it had paid: the settlement pays all to it.
  await warm();
  const whole = await close({ version: 5n, net: -300n }, { seq: 3n, credited: 300n });
  figures["close"] = whole.gas;
  figures["settle"] = await settle(whole, whole);

  await warm();
  const parted = await close({ version: 5n, net: -300n }, { seq: 3n, credited: 80n });
  figures["settle.both"] = await settle(parted, parted);

  await warm();
  const honest = await close({ version: 5n, net: -300n, noteSeq: 2n, noteCredited: 50n }, { seq: 3n, credited: 80n });
  const next = await challenge(honest, { version: 6n, net: -400n, noteSeq: 2n, noteCredited: 50n });
  figures["challenge.replace"] = next.gas;
  figures["settle.replaced"] = await settle(honest, next);

  await hub.connect(user).deposit(ref, 1_000n);
  const unused = await close({ version: 5n }, { seq: 3n, credited: 80n });
  const newer = await challenge(unused, { version: 6n });
  figures["challenge.replace.firstUse"] = newer.gas;
  const later = await issued(f, { seq: 4n, credited: 90n }, epoch);
  figures["prove"] = await gasOf(
    hub.connect(user).prove(ref, unused.dispute, newer.state, later.note, later.systemSignature, [], NO_APPOINTMENT),
  );
  await settle(unused, newer);

  await warm();
  const cheat = await close({ version: 5n, net: -300n }, { seq: 3n, credited: 80n });
  figures["challenge.penalty"] = (await challenge(cheat, { version: 9n, net: -600n })).gas;
  return figures;
}

/** Incoming locks of a note, claimed on chain with their preimages. */
async function measureLocks(): Promise<Figures> {
  const f = await deployHub();
  await f.hub.connect(f.user).deposit(f.ref, 1_000n);
  const expiry = (await now()) + SETTINGS.lockLimit;
  const claim = (tree: ReturnType<typeof lockTree>, locked: bigint, indices: readonly number[]) => {
    const promised = note({ seq: 1n, locked, locksExpiry: expiry, locksRoot: tree.root });
    return gasOf(f.hub.connect(f.user).proveLocks(f.ref, promised, indices.map(tree.proof)));
  };
  const one = lockTree([100n], expiry);
  const two = lockTree([100n, 100n], expiry);
  await claim(two, 200n, [0]);
  const fifty = lockTree(Array<bigint>(50).fill(2n), expiry);
  return {
    "lock.claim": await claim(one, 100n, [0]),
    "lock.claim.next": await claim(two, 200n, [1]),
    "lock.claim.batch50.perLock": Math.round((await claim(fifty, 100n, [...Array(50).keys()])) / 50),
  };
}

/** A batch of withdrawals by users who have withdrawn before and hold tokens. */
async function gasOfBatch(count: number): Promise<number> {
  const f = await deployHub();
  const wallets = Array.from({ length: count }, (_, i) => new ethers.Wallet(ethers.id(`gas ${i}`)));
  let gas = 0;
  for (const wallet of wallets) await f.hub.connect(f.user).deposit({ ...f.ref, user: wallet.address }, 1_000n);
  for (const withdrawn of [10n, 20n]) {
    const deadline = await soon();
    const items = await Promise.all(
      wallets.map(async (wallet) => {
        const withdrawal = { withdrawn, reclaimed: 0n, recipient: wallet.address, deadline };
        const ref = { ...f.ref, user: wallet.address };
        const userSignature = await sign(f, wallet, "Withdrawal", withdrawal, { ref });
        return { user: wallet.address, withdrawal, userSignature };
      }),
    );
    gas = await gasOf(f.hub.connect(f.system).withdrawBatch(f.token, items));
  }
  return gas;
}

/** Deployed sizes, against the limit of 24,576 bytes. */
export async function measureBytes(names: readonly string[]): Promise<Figures> {
  const sizes = names.map(async (name): Promise<[string, number]> => {
    const { deployedBytecode } = await artifacts.readArtifact(name);
    return [`bytes.${name}`, ethers.dataLength(deployedBytecode)];
  });
  return Object.fromEntries(await Promise.all(sizes));
}

/** What a transaction's receipt says. */
export async function gasOf(sending: Promise<ContractTransactionResponse>): Promise<number> {
  return Number((await (await sending).wait())!.gasUsed);
}
