import { SimpleMerkleTree } from "@openzeppelin/merkle-tree";
import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { computeAddress, concat, dataSlice, id, keccak256, SigningKey, TypedDataEncoder, type Signer } from "ethers";
import { ethers } from "hardhat";

import {
  appoint,
  Backing,
  closeByUser,
  complete,
  deployFunded,
  deployHub,
  hostileToken,
  idOf,
  issued,
  listAs,
  Mode,
  NO_APPOINTMENT,
  NO_SIGNATURE,
  note,
  now,
  pass,
  SETTINGS,
  sign,
  soon,
  state,
  type Fixture,
} from "../helpers/fixture";
import { lockTree } from "../helpers/locks";
import { TYPES, type Kind } from "../helpers/messages";
import { dirtied, encode, fieldsOf, messageFields, refFields, swap } from "../helpers/words";

/** Signs any hash whatever, for the user and the system alike. */
const KEY = new SigningKey(id("a key that signs anything"));

/** A funded channel in which both sides also sign by `KEY`. */
async function deployCareless() {
  const f = await deployFunded();
  await f.hub.connect(f.system).addSigner(computeAddress(KEY));
  await f.hub.connect(f.user).addUserSigner(f.ref, computeAddress(KEY));
  return f;
}

/** The struct hash of a message of the channel, as the hub computes it from these words. */
function hashWords(f: Fixture, kind: Kind, words: string): string {
  const typeHash = id(TypedDataEncoder.from({ [kind]: [...TYPES[kind]] }).encodeType(kind));
  return keccak256(concat([typeHash, idOf(f.ref), words]));
}

function signWords(f: Fixture, kind: Kind, words: string): string {
  const digest = keccak256(concat(["0x1901", TypedDataEncoder.hashDomain(f.domain), hashWords(f, kind, words)]));
  return KEY.sign(digest).serialized;
}

const send = async (f: Fixture, data: string, sender: Signer = f.other) =>
  sender.sendTransaction({ to: await f.hub.getAddress(), data });

const VALUES = {
  State: state({ version: 3n, net: -40n, noteSeq: 2n, noteCredited: 30n, memo: id("a state") }),
  Note: note({ seq: 4n, credited: 70n, memo: id("a note") }),
};

describe("case 9: words too large for their fields", () => {
  it("never give a channel a second name", async () => {
    const f = await loadFixture(deployCareless);
    const { hub, ref } = f;
    const call = hub.interface.encodeFunctionData.bind(hub.interface);
    const deadline = await soon();
    const withdrawal = { withdrawn: 1n, reclaimed: 0n, recipient: ref.user, deadline };
    const order = { party: ref.system, humble: false, deadline, signature: "0x" };
    const dispute = { close: 0n, note: 0n, funds: 0n, paid: 0n, stateHash: ethers.ZeroHash };
    const calls: Record<string, string> = {
      deposit: call("deposit", [ref, 1n]),
      commitCollateral: call("commitCollateral", [ref, 1n]),
      withdraw: call("withdraw", [ref, withdrawal, await sign(f, f.user, "Withdrawal", withdrawal), "0x"]),
      closeCooperatively: call("closeCooperatively", [
        ref,
        { net: 0n, deadline },
        await sign(f, f.user, "Closing", { net: 0n, deadline }),
        "0x",
      ]),
      close: call("close", [ref, state(), note(), NO_SIGNATURE, NO_SIGNATURE, order]),
      challenge: call("challenge", [ref, dispute, state(), "0x", NO_SIGNATURE, NO_APPOINTMENT]),
      prove: call("prove", [ref, dispute, state(), note(), NO_SIGNATURE, [], NO_APPOINTMENT]),
      proveLocks: call("proveLocks", [ref, note(), []]),
      settle: call("settle", [ref, dispute, state()]),
      addUserSigner: call("addUserSigner", [ref, f.ref.token]),
      checkpoint: call("checkpoint", [ref, state(), "0x", NO_SIGNATURE]),
      proveLocksOfState: call("proveLocksOfState", [ref, dispute, state(), [], NO_APPOINTMENT]),
      channelOf: call("channelOf", [ref]),
    };
    const fields = refFields(ref);
    for (const [name, data] of Object.entries(calls)) {
      for (const alias of dirtied(fields)) {
        const sender = name === "addUserSigner" ? f.user : f.system;
        const call = send(f, swap(data, encode(fields), alias.words), sender);
        await expect(call, `${name}: ${alias.name}`).to.be.revertedWithoutReason();
      }
    }
    for (const name of ["deposit", "commitCollateral", "proveLocks", "proveLocksOfState", "withdraw", "close"]) {
      await send(f, calls[name]!, f.system);
    }
  });

  it("give another hash than the one that was signed", async () => {
    const f = await loadFixture(deployCareless);
    const { state: shown, userSignature, systemSignature } = await complete(f, VALUES.State);
    const clean = f.hub.interface.encodeFunctionData("checkpoint", [f.ref, shown, userSignature, systemSignature]);
    const fields = messageFields("State", shown);
    for (const { name, words } of dirtied(fields)) {
      await expect(send(f, swap(clean, encode(fields), words)), name).to.be.reverted;
    }
    await send(f, clean);
  });

  it("are refused though both sides signed them: in withdrawals and cooperative closings", async () => {
    const f = await loadFixture(deployCareless);
    const deadline = await soon();
    const withdrawal = { withdrawn: 100n, reclaimed: 7n, recipient: await f.tower.getAddress(), deadline };
    const closing = { net: 77n, deadline };
    for (const [kind, message, method] of [
      ["Withdrawal", withdrawal, "withdraw"],
      ["Closing", closing, "closeCooperatively"],
    ] as const) {
      const fields = messageFields(kind, message);
      const data = (words: string) => {
        const signature = signWords(f, kind, words);
        const clean = f.hub.interface.encodeFunctionData(method as "withdraw", [
          f.ref,
          message as typeof withdrawal,
          signature,
          signature,
        ]);
        return swap(clean, encode(fields), words);
      };
      for (const { name, words } of dirtied(fields)) {
        await expect(send(f, data(words)), `${kind}: ${name}`).to.be.revertedWithoutReason();
      }
      await send(f, data(encode(fields)));
    }
  });

  it("are refused though both sides signed them: in states and notes that a close or checkpoint reads", async () => {
    const f = await loadFixture(deployCareless);
    const [stateFields, noteFields] = [messageFields("State", VALUES.State), messageFields("Note", VALUES.Note)];
    const order = { party: f.ref.user, humble: false, deadline: await soon(), signature: "0x" };
    const checkpoint = (words: string) => {
      const signature = signWords(f, "State", words);
      const clean = f.hub.interface.encodeFunctionData("checkpoint", [f.ref, VALUES.State, signature, signature]);
      return swap(clean, encode(stateFields), words);
    };
    const close = (stateWords: string, noteWords: string) => {
      const clean = f.hub.interface.encodeFunctionData("close", [
        f.ref,
        VALUES.State,
        VALUES.Note,
        signWords(f, "State", stateWords),
        signWords(f, "Note", noteWords),
        order,
      ]);
      return swap(swap(clean, encode(stateFields), stateWords), encode(noteFields), noteWords);
    };
    for (const { name, words } of dirtied(stateFields)) {
      await expect(send(f, checkpoint(words)), `checkpoint: ${name}`).to.be.revertedWithoutReason();
      await expect(send(f, close(words, encode(noteFields)), f.user), `close: ${name}`).to.be.revertedWithoutReason();
    }
    // What a close does not read of its note is `locked`.
    for (const { name, words } of dirtied(noteFields).filter((field) => !field.name.startsWith("locked,"))) {
      await expect(send(f, close(encode(stateFields), words), f.user), `close: ${name}`).to.be.revertedWithoutReason();
    }
    await send(f, checkpoint(encode(stateFields)));
    await send(f, close(encode(stateFields), encode(noteFields)), f.user);
  });

  it("are refused in an empty state, and in who closes, how and until when", async () => {
    const f = await loadFixture(deployCareless);
    const order = { party: f.ref.user, humble: false, deadline: await soon(), signature: "0x" };
    const clean = f.hub.interface.encodeFunctionData("close", [f.ref, state(), VALUES.Note, "0x", "0x", order]);
    const types = [
      ["party", "address"],
      ["humble", "bool"],
      ["deadline", "uint64"],
    ] as const;
    const fields = fieldsOf(types, order);
    for (const { name, words } of dirtied(fields)) {
      await expect(send(f, swap(clean, encode(fields), words), f.user), name).to.be.revertedWithoutReason();
    }
    // The empty state stands between the channel and the note.
    const [before, after] = [encode(refFields(f.ref)), encode(messageFields("Note", VALUES.Note))];
    for (const { name, words } of dirtied(messageFields("State", state()))) {
      const empty = encode(messageFields("State", state()));
      const dirty = swap(clean, concat([before, empty, after]), concat([before, words, after]));
      await expect(send(f, dirty, f.user), name).to.be.reverted;
    }
  });

  it("are refused in a note that is shown, and its locks count for no other", async () => {
    const f = await loadFixture(deployCareless);
    const tree = lockTree([100n, 200n], (await now()) + 86_400n);
    const values = note({ seq: 4n, credited: 70n, locked: 300n, locksExpiry: tree.expiry, locksRoot: tree.root });
    const fields = messageFields("Note", values);
    const before = f.hub.interface.encodeFunctionData("proveLocks", [f.ref, values, [tree.proof(0)]]);
    for (const { name, words } of dirtied(fields)) {
      const data = swap(before, encode(fields), words);
      // What is not read before the note is shown is `seq`, `credited` and `locked`.
      if (name.startsWith("locksExpiry")) await expect(send(f, data), name).to.be.revertedWithoutReason();
      else await send(f, data);
      expect(await f.hub.provenLocks(hashWords(f, "Note", encode(fields))), name).to.equal(0n);
    }
    const dispute = await closeByUser(f);
    const prove = (words: string) => {
      const signature = signWords(f, "Note", words);
      const clean = f.hub.interface.encodeFunctionData("prove", [
        f.ref,
        dispute,
        state(),
        values,
        signature,
        [tree.proof(1)],
        NO_APPOINTMENT,
      ]);
      return swap(clean, encode(fields), words);
    };
    for (const { name, words } of dirtied(fields)) {
      await expect(send(f, prove(words)), name).to.be.revertedWithoutReason();
    }
    await send(f, prove(encode(fields)));
    expect((await f.hub.channelOf(f.ref)).shown.value).to.equal(70n + 200n);
  });

  it("are refused though both sides signed them: in a state that would stand, and could never be settled", async () => {
    const f = await loadFixture(deployCareless);
    const dispute = await closeByUser(f);
    const values = { ...VALUES.State, version: 1n };
    const fields = messageFields("State", values);
    const challenge = (words: string) => {
      const signature = signWords(f, "State", words);
      const shown = [signature, signature, NO_APPOINTMENT] as const;
      const clean = f.hub.interface.encodeFunctionData("challenge", [f.ref, dispute, values, ...shown]);
      return swap(clean, encode(fields), words);
    };
    for (const { name, words } of dirtied(fields)) {
      await expect(send(f, challenge(words)), name).to.be.revertedWithoutReason();
    }
    await send(f, challenge(encode(fields)));
    await pass(SETTINGS.challengePeriod + SETTINGS.claimWindow);
    await f.hub.settle(f.ref, dispute, values);
  });

  it("are refused in the state that stands, which is known by its hash", async () => {
    const f = await loadFixture(deployCareless);
    const dispute = await closeByUser(f, { shown: VALUES.State });
    await pass(SETTINGS.challengePeriod + SETTINGS.claimWindow);
    const clean = f.hub.interface.encodeFunctionData("settle", [f.ref, dispute, VALUES.State]);
    const fields = messageFields("State", VALUES.State);
    for (const { name, words } of dirtied(fields)) {
      await expect(send(f, swap(clean, encode(fields), words)), name)
        .to.be.revertedWithCustomError(f.errors, "Hub_WrongState")
        .withArgs(idOf(f.ref), hashWords(f, "State", words));
    }
    await send(f, clean);
  });

  it("let no lock count twice: the index that names a leaf has one encoding", async () => {
    const f = await loadFixture(deployCareless);
    const dispute = await closeByUser(f);
    const { index, hash, amount, expiry, preimage } = lockTree([100n], (await now()) + 86_400n).proof(0);
    const types = [
      ["index", "uint64"],
      ["hash", "bytes32"],
      ["amount", "uint128"],
      ["expiry", "uint64"],
    ] as const;
    const fields = fieldsOf(types, { index, hash, amount, expiry });
    // A system that issues a tree of one lock and all its aliases.
    const leaves = [{ name: "itself", words: encode(fields) }, ...dirtied(fields)];
    const tree = SimpleMerkleTree.of(
      leaves.map(({ words }) => keccak256(keccak256(words))),
      { sortLeaves: false },
    );
    const shown = note({ seq: 1n, locked: 10_000n, locksExpiry: expiry, locksRoot: tree.root });
    const { systemSignature } = await issued(f, shown);
    const prove = (words: string, leaf: number) => {
      const clean = f.hub.interface.encodeFunctionData("prove", [
        f.ref,
        dispute,
        state(),
        shown,
        systemSignature,
        [{ index, hash, amount, expiry, preimage, proof: tree.getProof(leaf) }],
        NO_APPOINTMENT,
      ]);
      return send(f, swap(clean, encode(fields), words));
    };
    const value = async () => (await f.hub.channelOf(f.ref)).shown.value;
    for (const [leaf, { name, words }] of [...leaves.entries()].slice(1)) {
      await expect(prove(words, leaf), name).to.be.revertedWithoutReason();
    }
    await prove(leaves[0]!.words, 0);
    expect(await value()).to.equal(100n);
    for (const [leaf, { name, words }] of [...leaves.entries()].slice(1)) {
      // The amount of a leaf that counts already is not read.
      if (name.startsWith("amount")) await prove(words, leaf);
      else await expect(prove(words, leaf), name).to.be.revertedWithoutReason();
      expect(await value(), name).to.equal(100n);
    }
  });
});

describe("case 6: bytes too many or too few", () => {
  it("make a system's signature void, whatever part of a proof they could be", async () => {
    const f = await loadFixture(deployFunded);
    const { state: shown, userSignature, systemSignature } = await complete(f, { version: 1n });
    const compact = ethers.Signature.from(systemSignature).compactSerialized;
    const bad = [
      dataSlice(systemSignature, 0, 32),
      dataSlice(systemSignature, 0, 33),
      dataSlice(systemSignature, 0, 63),
      ...[systemSignature, compact].flatMap((signature) =>
        [30, 31, 32, 33, 64].map((size) => concat([signature, ethers.hexlify(new Uint8Array(size))])),
      ),
    ];
    for (const signature of bad) {
      await expect(
        f.hub.connect(f.other).checkpoint(f.ref, shown, userSignature, signature),
        signature,
      ).to.be.revertedWithCustomError(f.errors, "Hub_InvalidSystemSignature");
    }
    await f.hub.connect(f.other).checkpoint(f.ref, shown, userSignature, systemSignature);
  });

  it("make an appointment void", async () => {
    const f = await loadFixture(deployFunded);
    const dispute = await closeByUser(f);
    const { state: shown, userSignature, systemSignature } = await complete(f, { version: 2n });
    const appointment = await appoint(f, f.ref.system, f.signer);
    const size = ethers.dataLength(appointment);
    const challenge = (bytes: string) =>
      f.hub.connect(f.other).challenge(f.ref, dispute, shown, userSignature, systemSignature, bytes);
    for (const bad of [
      concat([appointment, "0x00"]),
      ...[1, 29, 30, size - 2].map((n) => dataSlice(appointment, 0, n)),
    ]) {
      await expect(challenge(bad), bad).to.be.revertedWithCustomError(f.errors, "Hub_InvalidAppointment");
    }
    await expect(challenge(appointment)).to.changeTokenBalances(f.token, [f.tower], [100n]);
  });

  it("behind the arguments are nothing, in the hub as in its books", async () => {
    const f = await loadFixture(deployFunded);
    const { state: shown, userSignature, systemSignature } = await complete(f, { version: 1n });
    const values = [f.ref, shown, userSignature, systemSignature] as const;
    await send(f, concat([f.hub.interface.encodeFunctionData("checkpoint", [...values]), "0x01", "0x02"]));
    expect((await f.hub.channelOf(f.ref)).checkpoint).to.equal(1n);
  });
});

describe("a batch of withdrawals", () => {
  const item = async (f: Fixture, withdrawn: bigint, ref = f.ref, recipient = ref.user) => {
    const withdrawal = { withdrawn, reclaimed: 0n, recipient, deadline: await soon() };
    return { user: ref.user, withdrawal, userSignature: await sign(f, f.user, "Withdrawal", withdrawal, { ref }) };
  };

  it("case 9: fails at an item with words too large, and goes on", async () => {
    const f = await loadFixture(deployCareless);
    const good = await item(f, 100n);
    const withdrawal = { ...good.withdrawal, withdrawn: 50n };
    const fields = messageFields("Withdrawal", withdrawal);
    for (const [i, { name, words }] of dirtied(fields).entries()) {
      const bad = { user: f.ref.user, withdrawal, userSignature: signWords(f, "Withdrawal", words) };
      const next = await item(f, 100n + BigInt(i));
      const clean = f.hub.interface.encodeFunctionData("withdrawBatch", [f.ref.token, [bad, next]]);
      const call = send(f, swap(clean, encode(fields), words), f.system);
      await expect(call, name).to.emit(f.hub, "WithdrawalFailed").withArgs(f.ref.system, f.ref.token, f.ref.user, "0x");
      expect((await f.hub.channelOf(f.ref)).withdrawn, name).to.equal(100n + BigInt(i));
    }
  });

  it("case 9: knows neither its users nor the token by a second name", async () => {
    const f = await loadFixture(deployFunded);
    const items = [await item(f, 100n, f.ref, await f.tower.getAddress())];
    const clean = f.hub.interface.encodeFunctionData("withdrawBatch", [f.ref.token, items]);
    for (const address of [f.ref.user, f.ref.token]) {
      const fields = fieldsOf([["account", "address"]], { account: address });
      for (const { words } of dirtied(fields)) {
        await expect(send(f, swap(clean, encode(fields), words), f.system)).to.be.revertedWithoutReason();
      }
    }
    await expect(send(f, clean, f.system)).to.changeTokenBalances(f.token, [f.tower], [100n]);
  });

  it("is for a system that is a contract too, and for its own channels only", async () => {
    const f = await loadFixture(deployFunded);
    const system = await ethers.deployContract("HostileAccount", [f.signer]);
    const asset = { backing: Backing.Collateral, ...SETTINGS };
    await system.act(f.hub, 0n, f.hub.interface.encodeFunctionData("addAsset", [f.ref.token, asset]));
    const ref = { ...f.ref, system: await system.getAddress() };
    await f.hub.connect(f.user).deposit(ref, 500n);
    const batch = f.hub.interface.encodeFunctionData("withdrawBatch", [
      f.ref.token,
      [await item(f, 100n), await item(f, 200n, ref)],
    ]);
    const call = system.act(f.hub, 0n, batch);
    await expect(call).to.changeTokenBalances(f.token, [f.user, f.hub], [200n, -200n]);
    await expect(call).to.emit(f.hub, "WithdrawalFailed");
    expect((await f.hub.channelOf(f.ref)).withdrawn).to.equal(0n);
    // The batch consents by being the system's; whoever sends it for the system does not.
    await expect(system.connect(f.other).act(f.hub, 0n, batch)).to.changeTokenBalances(f.token, [f.user], [0n]);
  });

  for (const method of ["withdraw", "withdrawBatch"] as const) {
    it(`case 1: cannot be re-entered from a payout by ${method}`, async () => {
      const f = await loadFixture(deployHub);
      const token = await hostileToken(f);
      const ref = await listAs(f, token, Backing.Collateral);
      await f.hub.connect(f.user).deposit(ref, 1_000n);
      const [first, second] = [await item(f, 100n, ref), await item(f, 250n, ref)];
      const { withdrawal, userSignature } = second;
      const bySystem = await sign(f, f.signer, "Withdrawal", withdrawal, { ref });
      const calls = {
        withdraw: f.hub.interface.encodeFunctionData("withdraw", [ref, withdrawal, userSignature, bySystem]),
        withdrawBatch: f.hub.interface.encodeFunctionData("withdrawBatch", [ref.token, [second]]),
      };
      await token.setCallback(f.hub, calls[method]);
      await token.setMode(Mode.Reenter, f.user);
      const call = f.hub.connect(f.system).withdrawBatch(token, [first, second]);
      await expect(call).to.changeTokenBalances(token, [f.user, f.hub], [250n, -250n]);
      await expect(call).not.to.emit(f.hub, "WithdrawalFailed");
      expect(await token.answer()).to.equal(id("ReentrancyGuardReentrantCall()").slice(0, 10));
    });
  }

  it("case 14: takes no native coin, which every item would see again", async () => {
    const f = await loadFixture(deployFunded);
    const data = f.hub.interface.encodeFunctionData("withdrawBatch", [f.ref.token, [await item(f, 100n)]]);
    const to = await f.hub.getAddress();
    await expect(f.system.sendTransaction({ to, data, value: 1n })).to.be.revertedWithoutReason();
    await f.system.sendTransaction({ to, data });
  });
});

describe("the hub's two halves", () => {
  it("share no function: none of the books is hidden behind one of the hub", async () => {
    const functions = async (name: string) => {
      const { interface: abi } = await ethers.getContractFactory(name);
      return abi.fragments
        .filter(({ type }) => type === "function")
        .map((fragment) => abi.getFunction(fragment.format())!);
    };
    const hub = new Set((await functions("ChannelHub")).map(({ selector }) => selector));
    const hidden = (await functions("HubBooks")).filter(({ selector }) => hub.has(selector));
    // Both know the domain that they sign in, as the hub's address.
    expect(hidden.map(({ name }) => name)).to.deep.equal(["eip712Domain"]);
  });
});
