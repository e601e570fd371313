import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";

import {
  advanceNote,
  emptyNote,
  hashOfPreimage,
  keccakText,
  lockLeaf,
  merkleTree,
  ZERO_ADDRESS,
  ZERO_HASH,
  type ChannelId,
  type NoteOperation,
} from "../../../src/protocol";
import {
  closeBySystem,
  closeByUser,
  complete,
  idOf,
  issued,
  NO_APPOINTMENT,
  NO_SIGNATURE,
  note,
  now,
  pass,
  SETTINGS,
  sign,
  state,
  type Fixture,
  type ShownDispute,
  deployFunded,
  encodeAppointment,
} from "../helpers/fixture";
import { lockTree } from "../helpers/locks";
import type { NoteMessage } from "../helpers/messages";

async function prove(
  f: Fixture,
  dispute: ShownDispute,
  values: Partial<NoteMessage>,
  { standing = state(), locks = [] as object[], appointment = NO_APPOINTMENT } = {},
) {
  const { note: shown, systemSignature } = await issued(f, values);
  return f.hub.connect(f.other).prove(f.ref, dispute, standing, shown, systemSignature, locks as never, appointment);
}

const settled = async (f: Fixture, dispute: ShownDispute, standing = state()) => {
  await pass(SETTINGS.challengePeriod + SETTINGS.claimWindow);
  return f.hub.settle(f.ref, dispute, standing);
};

describe("ChannelHub.prove", () => {
  it("adds what a note credits to the user's due", async () => {
    const f = await loadFixture(deployFunded);
    const shown = { version: 1n, net: -500n, noteSeq: 2n, noteCredited: 30n };
    const dispute = await closeByUser(f, { shown });
    await expect(prove(f, dispute, { seq: 3n, credited: 130n })).to.emit(f.hub, "NoteProven");
    await expect(settled(f, dispute, state(shown))).to.changeTokenBalances(f.token, [f.user, f.system], [600n, 400n]);
  });

  it("counts the greatest value, never merely the newest: the system could sign itself a lower note", async () => {
    const f = await loadFixture(deployFunded);
    const dispute = await closeByUser(f, { shown: { version: 1n, net: -500n } });
    await prove(f, dispute, { seq: 3n, credited: 200n });
    await prove(f, dispute, { seq: 9n, credited: 100n });
    const { shown } = await f.hub.channelOf(f.ref);
    expect([shown.value, shown.seq]).to.deep.equal([200n, 3n]);
    await expect(settled(f, dispute, state({ version: 1n, net: -500n }))).to.changeTokenBalances(
      f.token,
      [f.user],
      [700n],
    );
  });

  it("prefers the higher seq among equal values, so that a newer state does not drop it", async () => {
    const f = await loadFixture(deployFunded);
    const dispute = await closeByUser(f);
    await prove(f, dispute, { seq: 3n, credited: 200n });
    await prove(f, dispute, { seq: 4n, credited: 200n });
    expect((await f.hub.channelOf(f.ref)).shown.seq).to.equal(4n);
    await prove(f, dispute, { seq: 2n, credited: 200n });
    expect((await f.hub.channelOf(f.ref)).shown.seq).to.equal(4n);
  });

  it("a replacing state drops a note that it has folded, and any other can be nominated again", async () => {
    const f = await loadFixture(deployFunded);
    const dispute = await closeByUser(f);
    await prove(f, dispute, { seq: 3n, credited: 200n });
    const newer = { version: 1n, net: 150n, noteSeq: 5n, noteCredited: 150n };
    const { state: standing, userSignature, systemSignature } = await complete(f, newer);
    await f.hub.challenge(f.ref, dispute, standing, userSignature, systemSignature, NO_APPOINTMENT);
    await expect(prove(f, dispute, { seq: 4n, credited: 999n }, { standing }))
      .to.be.revertedWithCustomError(f.errors, "Hub_Stale")
      .withArgs(idOf(f.ref), 4n, 5n);
    await prove(f, dispute, { seq: 6n, credited: 180n }, { standing });
    const { shown } = await f.hub.channelOf(f.ref);
    expect([shown.value, shown.seq]).to.deep.equal([180n, 6n]);
    await f.hub.connect(f.system).commitCollateral(f.ref, 500n);
    const call = settled(f, dispute, standing);
    await expect(call).to.emit(f.hub, "ClaimRecorded").withArgs(f.ref.system, f.ref.token, 0n, f.ref.user, 180n);
  });

  it("ignores at settlement a note that the standing state has folded", async () => {
    const f = await loadFixture(deployFunded);
    const dispute = await closeByUser(f);
    await prove(f, dispute, { seq: 3n, credited: 900n });
    const newer = { version: 1n, net: -500n, noteSeq: 5n, noteCredited: 10n };
    const { state: standing, userSignature, systemSignature } = await complete(f, newer);
    await f.hub.challenge(f.ref, dispute, standing, userSignature, systemSignature, NO_APPOINTMENT);
    await expect(settled(f, dispute, standing)).to.changeTokenBalances(f.token, [f.user, f.system], [500n, 500n]);
  });

  describe("given that the system closed", () => {
    for (const [name, closedWith, evidence] of [
      ["a higher seq", { seq: 4n, credited: 100n }, { seq: 5n, credited: 90n }],
      ["more credit under a lower seq", { seq: 9n, credited: 100n }, { seq: 4n, credited: 150n }],
      ["any note, when the close had none", {}, { seq: 1n, credited: 0n }],
    ] as const) {
      it(`case 7: a note of ${name} proves its cheating`, async () => {
        const f = await loadFixture(deployFunded);
        const shown = { version: 1n, net: -900n };
        const dispute = await closeBySystem(f, { shown, credit: closedWith });
        await prove(f, dispute, evidence);
        expect((await f.hub.channelOf(f.ref)).systemCheated).to.equal(true);
        await expect(settled(f, dispute, state(shown)))
          .to.emit(f.hub, "SystemPenalised")
          .withArgs(f.ref.system, f.ref.user, f.ref.token, (value: bigint) => value > 0n, 0n, ethers.ZeroAddress);
        expect(await f.token.balanceOf(f.user)).to.equal(1_000_000n);
      });
    }

    it("the note it closed with is no cheat, nor is an older one with less", async () => {
      const f = await loadFixture(deployFunded);
      const shown = { version: 1n, net: -900n, noteSeq: 2n, noteCredited: 10n };
      const dispute = await closeBySystem(f, { shown, credit: { seq: 4n, credited: 100n } });
      await prove(f, dispute, { seq: 4n, credited: 100n });
      await prove(f, dispute, { seq: 3n, credited: 100n });
      expect((await f.hub.channelOf(f.ref)).systemCheated).to.equal(false);
      await expect(settled(f, dispute, state(shown))).to.changeTokenBalances(f.token, [f.user, f.system], [0n, 810n]);
    });

    it("counts after the challenge period as well, but is too late to prove cheating", async () => {
      const f = await loadFixture(deployFunded);
      const shown = { version: 1n, net: -900n };
      const dispute = await closeBySystem(f, { shown });
      await pass(SETTINGS.challengePeriod);
      await prove(f, dispute, { seq: 1n, credited: 300n });
      const channel = await f.hub.channelOf(f.ref);
      expect([channel.systemCheated, channel.shown.value]).to.deep.equal([false, 300n]);
      await expect(settled(f, dispute, state(shown))).to.changeTokenBalances(
        f.token,
        [f.user, f.system, f.hub],
        [300n, 600n, -900n],
      );
    });

    it("rewards the watchtower that proved it", async () => {
      const f = await loadFixture(deployFunded);
      const dispute = await closeBySystem(f, { shown: { version: 1n, net: -900n } });
      const message = {
        party: f.ref.user,
        tower: await f.tower.getAddress(),
        shareBps: 5_000n,
        until: (await now()) + 1_000n,
      };
      const appointment = encodeAppointment({ ...message, signature: await sign(f, f.user, "Appointment", message) });
      await prove(f, dispute, { seq: 1n, credited: 100n }, { appointment });
      await expect(settled(f, dispute, state({ version: 1n, net: -900n }))).to.changeTokenBalances(
        f.token,
        [f.user, f.tower, f.system],
        [500n, 400n, 0n],
      );
    });
  });

  describe("given locks", () => {
    const DAY = 86_400n;

    it("adds those whose preimage is shown in time, each once, at most what the note says is locked", async () => {
      const f = await loadFixture(deployFunded);
      const tree = lockTree([100n, 200n, 300n], (await now()) + DAY);
      const values = { seq: 1n, credited: 50n, locked: 450n, locksExpiry: tree.expiry, locksRoot: tree.root };
      const dispute = await closeByUser(f, { shown: { version: 1n, net: -900n } });
      await prove(f, dispute, values, { locks: [tree.proof(0), tree.proof(0)] });
      expect((await f.hub.channelOf(f.ref)).shown.value).to.equal(150n);
      await prove(f, dispute, values, { locks: [tree.proof(0), tree.proof(2), tree.proof(1)] });
      const { shown } = await f.hub.channelOf(f.ref);
      expect([shown.value, shown.locksExpiry]).to.deep.equal([500n, tree.expiry]);
      await expect(settled(f, dispute, state({ version: 1n, net: -900n }))).to.changeTokenBalances(
        f.token,
        [f.user],
        [600n],
      );
    });

    it("takes a note's locks as the protocol library lists them, after some were settled and others added", async () => {
      const f = await loadFixture(deployFunded);
      const expiry = (await now()) + DAY;
      const preimages = [0, 1, 2, 3].map((i) => keccakText(`preimage ${i}`));
      const promise = (i: number): NoteOperation => {
        const hash = hashOfPreimage(preimages[i]!);
        return { type: "receiveLock", from: ZERO_ADDRESS, amount: 100n, hash, expiry, reference: ZERO_HASH };
      };
      const operations = [promise(0), promise(1), promise(2)];
      const settling: NoteOperation = { type: "settleLock", index: 1n, preimage: preimages[1]! };
      const first = advanceNote(emptyNote(ZERO_HASH as string as ChannelId), [], [...operations, settling, promise(3)]);
      const tree = merkleTree(first.locks.map(lockLeaf));
      expect(
        first.locks.map(({ index, hash }) => [index, preimages.findIndex((p) => hashOfPreimage(p) === hash)]),
      ).to.deep.equal([
        [0n, 0],
        [1n, 3],
        [2n, 2],
      ]);
      const { seq, credited, locked, locksExpiry, locksRoot } = first.note;
      const dispute = await closeByUser(f, { shown: { version: 1n, net: -900n } });
      const locks = [1, 2].map((i) => {
        const lock = first.locks[i]!;
        return { ...lock, preimage: preimages[i === 1 ? 3 : 2], proof: tree.proof(i) };
      });
      await prove(f, dispute, { seq, credited, locked, locksExpiry, locksRoot }, { locks });
      expect((await f.hub.channelOf(f.ref)).shown.value).to.equal(100n + 200n);
    });

    it("counts preimages that the registry has in time, however late they are shown (case 17)", async () => {
      const f = await loadFixture(deployFunded);
      const tree = lockTree([100n, 200n], (await now()) + DAY);
      const values = { seq: 1n, credited: 0n, locked: 300n, locksExpiry: tree.expiry, locksRoot: tree.root };
      const dispute = await closeByUser(f);
      await f.registry.reveal(tree.preimage(0));
      await pass(2n * DAY);
      await prove(f, dispute, values, { locks: [tree.registered(0)] });
      expect((await f.hub.channelOf(f.ref)).shown.value).to.equal(100n);
      await f.registry.reveal(tree.preimage(1));
      for (const lock of [tree.registered(1), tree.proof(1)]) {
        await expect(prove(f, dispute, values, { locks: [lock] })).to.be.revertedWithCustomError(
          f.errors,
          "Hub_LockExpired",
        );
      }
    });

    it("reverts for a wrong preimage, one never registered, and a leaf of another tree", async () => {
      const f = await loadFixture(deployFunded);
      const tree = lockTree([100n, 200n], (await now()) + DAY);
      const values = { seq: 1n, credited: 0n, locked: 300n, locksExpiry: tree.expiry, locksRoot: tree.root };
      const dispute = await closeByUser(f);
      await expect(prove(f, dispute, values, { locks: [{ ...tree.proof(0), preimage: ethers.id("no") }] }))
        .to.be.revertedWithCustomError(f.errors, "Hub_WrongPreimage")
        .withArgs(0n);
      await expect(prove(f, dispute, values, { locks: [tree.registered(1)] }))
        .to.be.revertedWithCustomError(f.errors, "Hub_LockExpired")
        .withArgs(1n, 0n, tree.expiry);
      await expect(prove(f, dispute, values, { locks: [{ ...tree.proof(1), amount: 999n }] }))
        .to.be.revertedWithCustomError(f.errors, "Hub_InvalidLockProof")
        .withArgs(1n);
    });

    it("takes no lock as further away than the lock limit after the close", async () => {
      const f = await loadFixture(deployFunded);
      const tree = lockTree([100n, 200n], (await now()) + 100n * DAY);
      const values = { seq: 1n, credited: 0n, locked: 300n, locksExpiry: tree.expiry, locksRoot: tree.root };
      const dispute = await closeByUser(f, { credit: values });
      const cap = dispute.lockEnd;
      expect(dispute.locksExpiry).to.equal(cap);
      await pass(SETTINGS.lockLimit);
      await expect(prove(f, dispute, values, { locks: [tree.proof(0)] })).to.be.revertedWithCustomError(
        f.errors,
        "Hub_LockExpired",
      );
    });

    it("holds any number of leaves, also beyond the first 128", async () => {
      const f = await loadFixture(deployFunded);
      const tree = lockTree(
        Array.from({ length: 300 }, () => 1n),
        (await now()) + DAY,
      );
      const values = { seq: 1n, credited: 0n, locked: 300n, locksExpiry: tree.expiry, locksRoot: tree.root };
      const dispute = await closeByUser(f);
      const locks = [0, 127, 128, 255, 256, 299, 128, 299].map((i) => tree.proof(i));
      await prove(f, dispute, values, { locks });
      expect((await f.hub.channelOf(f.ref)).shown.value).to.equal(6n);
    });

    it("case 11: a tree whose sum exceeds uint128 saturates", async () => {
      const f = await loadFixture(deployFunded);
      const most = 2n ** 128n - 1n;
      const tree = lockTree([most, most], (await now()) + DAY);
      const values = { seq: 1n, credited: most, locked: most, locksExpiry: tree.expiry, locksRoot: tree.root };
      const dispute = await closeByUser(f);
      await prove(f, dispute, values, { locks: [tree.proof(0), tree.proof(1)] });
      expect((await f.hub.channelOf(f.ref)).shown.value).to.equal(2n * most);
      const call = settled(f, dispute);
      await expect(call)
        .to.emit(f.hub, "ClaimRecorded")
        .withArgs(f.ref.system, f.ref.token, 0n, f.ref.user, 2n * most);
    });

    it("works before a close too", async () => {
      const f = await loadFixture(deployFunded);
      const tree = lockTree([100n, 200n], (await now()) + DAY);
      const values = { seq: 1n, credited: 0n, locked: 300n, locksExpiry: tree.expiry, locksRoot: tree.root };
      const { note: shown } = await issued(f, values);
      await expect(f.hub.proveLocks(f.ref, shown, [tree.proof(1)])).to.emit(f.hub, "LocksProven");
      const dispute = await closeByUser(f);
      await prove(f, dispute, values);
      expect((await f.hub.channelOf(f.ref)).shown.value).to.equal(200n);
      await expect(f.hub.proveLocks(f.ref, shown, [])).to.be.revertedWithCustomError(f.errors, "Hub_ChannelClosing");
    });
  });

  describe("given locks of the user's state", () => {
    const DAY = 86_400n;

    async function locked() {
      const f = await deployFunded();
      const tree = lockTree([100n, 200n], (await now()) + DAY);
      const shown = { version: 1n, net: 0n, locked: 300n, locksExpiry: tree.expiry, locksRoot: tree.root };
      return { f, tree, shown };
    }

    it("the system proves what it paid on, before or during the close", async () => {
      const { f, tree, shown } = await loadFixture(locked);
      const nothing = await closeByUser(f, { shown: { version: 1n } }).then(async (dispute) => {
        await settled(f, dispute, state({ version: 1n }));
        return dispute;
      });
      await f.hub.connect(f.user).deposit(f.ref, 1_000n);
      const fresh = lockTree([100n, 200n], (await now()) + DAY);
      const values = { ...shown, locksExpiry: fresh.expiry, locksRoot: fresh.root };
      tree;
      await f.hub.connect(f.system).proveLocksOfState(f.ref, nothing, state(values), [fresh.proof(0)], NO_APPOINTMENT);
      const dispute = await closeByUser(f, { shown: values, epoch: 1n });
      const call = f.hub
        .connect(f.system)
        .proveLocksOfState(f.ref, dispute, state(values), [fresh.proof(1)], NO_APPOINTMENT);
      await expect(call).to.emit(f.hub, "LocksProven");
      await pass(SETTINGS.challengePeriod + SETTINGS.claimWindow);
      await expect(f.hub.settle(f.ref, dispute, state(values))).to.changeTokenBalances(
        f.token,
        [f.user, f.system],
        [700n, 300n],
      );
    });

    it("nobody else does, but for its appointed watchtower", async () => {
      const { f, tree, shown } = await loadFixture(locked);
      const dispute = await closeByUser(f, { shown });
      const message = {
        party: f.ref.system,
        tower: await f.tower.getAddress(),
        shareBps: 0n,
        until: (await now()) + 1_000n,
      };
      const appointment = encodeAppointment({ ...message, signature: await sign(f, f.signer, "Appointment", message) });
      const call = (sender: Fixture["other"], with_: string) =>
        f.hub.connect(sender).proveLocksOfState(f.ref, dispute, state(shown), [tree.proof(0)], with_);
      await expect(call(f.other, NO_APPOINTMENT))
        .to.be.revertedWithCustomError(f.errors, "Hub_NotAllowed")
        .withArgs(await f.other.getAddress());
      await expect(call(f.other, appointment)).to.be.revertedWithCustomError(f.errors, "Hub_NotAllowed");
      await call(f.tower, appointment);
      const stateHash = await f.hub.channelOf(f.ref).then(() => dispute.stateHash as string);
      expect(await f.hub.provenLocks(stateHash)).to.equal(100n);
    });

    it("a system that cheated is paid none of them", async () => {
      const { f, tree, shown } = await loadFixture(locked);
      const dispute = await closeBySystem(f, { shown });
      await f.hub
        .connect(f.system)
        .proveLocksOfState(f.ref, dispute, state(shown), [tree.proof(0), tree.proof(1)] as never, NO_APPOINTMENT);
      await prove(f, dispute, { seq: 1n, credited: 0n });
      await settled(f, dispute, state(shown));
      expect(await f.token.balanceOf(f.user)).to.equal(1_000_000n);
    });
  });

  describe("reverts", () => {
    it("with Hub_NotEvidence for seq 0", async () => {
      const f = await loadFixture(deployFunded);
      const dispute = await closeByUser(f);
      await expect(prove(f, dispute, { credited: 5n }))
        .to.be.revertedWithCustomError(f.errors, "Hub_NotEvidence")
        .withArgs(idOf(f.ref));
    });

    it("with Hub_Stale for a note that the judged state has folded", async () => {
      const f = await loadFixture(deployFunded);
      const dispute = await closeByUser(f, { shown: { version: 1n, noteSeq: 3n } });
      await expect(prove(f, dispute, { seq: 2n, credited: 5n }))
        .to.be.revertedWithCustomError(f.errors, "Hub_Stale")
        .withArgs(idOf(f.ref), 2n, 3n);
    });

    it("with Hub_InvalidSystemSignature for a note that the system did not sign", async () => {
      const f = await loadFixture(deployFunded);
      const dispute = await closeByUser(f);
      const forged = await sign(f, f.user, "Note", note({ seq: 1n, credited: 9n }));
      for (const signature of [forged, NO_SIGNATURE]) {
        await expect(
          f.hub.prove(f.ref, dispute, state(), note({ seq: 1n, credited: 9n }), signature, [], NO_APPOINTMENT),
        ).to.be.revertedWithCustomError(f.errors, "Hub_InvalidSystemSignature");
      }
    });

    it("with Hub_WrongState for another state than the one that stands", async () => {
      const f = await loadFixture(deployFunded);
      const dispute = await closeByUser(f);
      const { state: standing, userSignature, systemSignature } = await complete(f, { version: 1n, net: -5n });
      await f.hub.challenge(f.ref, dispute, standing, userSignature, systemSignature, NO_APPOINTMENT);
      await expect(
        prove(f, dispute, { seq: 1n, credited: 9n }, { standing: state({ version: 1n, net: 500n }) }),
      ).to.be.revertedWithCustomError(f.errors, "Hub_WrongState");
    });
  });
});
