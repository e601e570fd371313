import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";

import { challenge, prove, settle } from "../helpers/disputes";
import {
  Backing,
  closeBySystem,
  closeByUser,
  complete,
  DAY,
  deployFunded,
  deployHub,
  disputeOf,
  expectPaid,
  idOf,
  issued,
  listAs,
  note,
  NoticeKind,
  now,
  pass,
  SETTINGS,
  sign,
  soon,
  anotherToken,
  type Fixture,
} from "../helpers/fixture";
import { lockTree } from "../helpers/locks";
import { structHash } from "../helpers/messages";

// Attacks that a rule of the protocol closes and that no other file shows; docs/ATTACKS.md lists them all.

const hashOf = (f: Fixture, kind: "State" | "Note", message: object) =>
  structHash(kind, { channelId: idOf(f.ref), ...message });

describe("attacks", () => {
  describe("on keys (section 1)", () => {
    it("a contract wallet's ERC-1271 word on a state is void; a key that it added stays, whoever owns it", async () => {
      const f = await loadFixture(deployHub);
      const wallet = await ethers.deployContract("HostileAccount", [f.user]);
      const ref = { ...f.ref, user: await wallet.getAddress() };
      await f.hub.connect(f.user).deposit(ref, 1_000n);
      const signed = await complete(f, { version: 1n, net: -400n }, 0n, ref);
      const store = () => f.hub.checkpoint(ref, signed.state, signed.userSignature, signed.systemSignature);
      const hash = structHash("State", { channelId: idOf(ref), ...signed.state });
      await expect(store())
        .to.be.revertedWithCustomError(f.errors, "Hub_InvalidUserSignature")
        .withArgs(idOf(ref), hash);

      const add = f.hub.interface.encodeFunctionData("addUserSigner", [ref, await f.user.getAddress()]);
      await wallet.act(f.hub, 0n, add);
      await wallet.setOwner(f.other);
      await expect(store()).to.emit(f.hub, "StateCheckpointed").withArgs(idOf(ref), 1n);
    });
  });

  describe("on the bond (section 2)", () => {
    it("a sock puppet waits for its award as long as a notice takes, and many share no more than the bond", async () => {
      const f = await loadFixture(deployHub);
      await f.hub.connect(f.system).fundBond(f.ref.system, f.ref.token, SETTINGS.award + 20n);
      await f.hub.connect(f.system).giveNotice(NoticeKind.Bond, f.token, SETTINGS.award + 20n);
      for (const epoch of [0n, 1n]) {
        const dispute = await closeBySystem(f, { epoch });
        await prove(f, dispute, { seq: 1n }, { epoch });
        await settle(f, dispute);
      }
      const awards = await Promise.all([0n, 1n].map((i) => f.hub.awardOf(f.ref.system, f.ref.token, i)));
      expect(awards.map(({ amount }) => amount)).to.deep.equal([SETTINGS.award, 20n]);
      await expect(f.hub.collectAward(f.ref.system, f.ref.token, 0n))
        .to.be.revertedWithCustomError(f.errors, "Hub_NotNow")
        .withArgs(awards[0]!.ripeAt, ethers.MaxUint256);
      // The notice ripens before the awards, and reaches nothing of them.
      const { givenAt } = await f.hub.noticeOf(f.ref.system, NoticeKind.Bond, f.ref.token);
      await pass(givenAt + (await f.hub.noticePeriod(f.ref.system)) - (await now()));
      await expect(f.hub.connect(f.system).executeNotice(NoticeKind.Bond, f.token)).to.be.revertedWithCustomError(
        f.errors,
        "Hub_NothingToMove",
      );
    });
  });

  describe("on a relayed close (section 3)", () => {
    it("a relayer can change nothing: not the state, the note, the humility, the deadline or the party", async () => {
      const f = await loadFixture(deployFunded);
      const [shown, older] = [await complete(f, { version: 2n, net: -1n }), await complete(f, { version: 1n })];
      const [credit, lower] = [await issued(f, { seq: 2n, credited: 9n }), await issued(f, { seq: 1n, credited: 5n })];
      const order = { party: f.ref.user, humble: true, deadline: await soon() };
      const signature = await sign(f, f.user, "Close", {
        ...order,
        stateHash: hashOf(f, "State", shown.state),
        noteHash: hashOf(f, "Note", credit.note),
      });
      const send = (s = shown, n = credit, change: Partial<typeof order> = {}, value = SETTINGS.staleFee) =>
        f.hub
          .connect(f.other)
          .close(
            f.ref,
            s.state,
            n.note,
            s.systemSignature,
            n.systemSignature,
            { ...order, ...change, signature },
            { value },
          );
      for (const call of [
        send(older),
        send(shown, lower),
        send(shown, { ...credit, note: note() }),
        send(shown, credit, { humble: false }, 0n),
        send(shown, credit, { deadline: order.deadline + 1n }),
      ]) {
        await expect(call).to.be.revertedWithCustomError(f.errors, "Hub_InvalidUserSignature");
      }
      await expect(send(shown, credit, { party: f.ref.system, humble: false }, 0n)).to.be.revertedWithCustomError(
        f.errors,
        "Hub_InvalidSystemSignature",
      );
      expect(disputeOf(f, await (await send()).wait()).humble).to.equal(true);
    });
  });

  describe("on locks (section 4, S3)", () => {
    it("an older note's lock is paid until a complete state has folded a later note, and never after", async () => {
      const f = await loadFixture(deployFunded);
      const tree = lockTree([300n], (await now()) + DAY);
      const old = { seq: 1n, locked: 300n, locksExpiry: tree.expiry, locksRoot: tree.root };
      const shown = { version: 1n, net: -400n };
      // The system took the lock out of note 2 and freed the payer, but holds no state that folds note 2.
      const unfolded = await closeByUser(f, { shown, credit: { seq: 2n } });
      await prove(f, unfolded, old, { locks: [tree.proof(0)] });
      await expectPaid(f, settle(f, unfolded, shown), { user: 900n, system: 100n });

      await f.hub.connect(f.user).deposit(f.ref, 1_000n);
      const folded = { ...shown, noteSeq: 2n };
      const dispute = await closeByUser(f, { shown: folded, epoch: 1n });
      await expect(prove(f, dispute, old, { locks: [tree.registered(0)], epoch: 1n }))
        .to.be.revertedWithCustomError(f.errors, "Hub_Stale")
        .withArgs(idOf(f.ref, 1n), 1n, 2n);
      await expectPaid(f, settle(f, dispute, folded), { user: 600n, system: 400n });
    });
  });

  describe("after a loss of data (section 4, S7)", () => {
    const FAR = 2n ** 32n;

    it("a state 2^32 versions ahead outdates whatever newer state the other side hid", async () => {
      const f = await loadFixture(deployFunded);
      const agreed = { version: 3n + FAR, net: -400n };
      const dispute = await closeByUser(f, { shown: agreed });
      for (const version of [4n, 5n, 1_000n, 2n + FAR]) {
        await expect(challenge(f, dispute, { version, net: -1_000n }))
          .to.be.revertedWithCustomError(f.errors, "Hub_Stale")
          .withArgs(idOf(f.ref), version, 3n + FAR);
      }
      await expectPaid(f, settle(f, dispute, agreed), { user: 600n, system: 400n });
    });

    it("a note 2^32 seqs ahead that is folded voids whatever newer note the system had lost", async () => {
      const f = await loadFixture(deployFunded);
      const agreed = { version: 3n + FAR, net: -400n, noteSeq: 2n + FAR, noteCredited: 50n };
      const dispute = await closeByUser(f, { shown: agreed });
      await expect(prove(f, dispute, { seq: 3n, credited: 900n }))
        .to.be.revertedWithCustomError(f.errors, "Hub_Stale")
        .withArgs(idOf(f.ref), 3n, 2n + FAR);
      await expectPaid(f, settle(f, dispute, agreed), { user: 600n, system: 400n });
    });
  });

  describe("on the best note (sections 5 and 6)", () => {
    it("the system's self-made note of the highest seq hides nothing: more credit proves its cheat, and is paid", async () => {
      const f = await loadFixture(deployFunded);
      const shown = { version: 1n, net: -900n };
      const dispute = await closeBySystem(f, { shown, credit: { seq: 2n ** 64n - 1n } });
      await prove(f, dispute, { seq: 1n, credited: 500n });
      // 100 were paid at the close; of the rest, 500 are the user's due and 400 the forfeit.
      await expectPaid(f, settle(f, dispute, shown), { user: 900n });
    });
  });

  describe("on a backing (section 2)", () => {
    it("a claim is paid before the system can take the reserve, in every backing", async () => {
      const f = await loadFixture(deployHub);
      const token = await anotherToken(f);
      for (const ref of [f.ref, await listAs(f, token, Backing.Reserve)]) {
        await f.hub.connect(f.system).fundReserve(ref.system, ref.token, 70n);
        await f.hub.connect(f.system).giveNotice(NoticeKind.Reserve, ref.token, 70n);
        const message = { withdrawn: 100n, reclaimed: 0n, recipient: ref.user, deadline: await soon() };
        const signature = await sign(f, f.user, "Withdrawal", message, { ref });
        await f.hub.connect(f.system).withdraw(ref, message, signature, "0x");
        await pass(await f.hub.noticePeriod(ref.system));
        await expect(
          f.hub.connect(f.system).executeNotice(NoticeKind.Reserve, ref.token),
        ).to.be.revertedWithCustomError(f.errors, "Hub_NothingToMove");
      }
    });
  });
});
