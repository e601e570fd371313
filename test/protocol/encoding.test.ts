import { expect } from "chai";
import { AbiCoder, keccak256, TypedDataEncoder } from "ethers";
import fc from "fast-check";

import {
  batchLeaf,
  channelId,
  checkProposal,
  digest,
  domainSeparator,
  emptyNote,
  emptyState,
  fromHex,
  hashAppointment,
  hashClosing,
  hashNote,
  hashState,
  hashWithdrawal,
  lockLeaf,
  memoOf,
  merkleTree,
  nextState,
  NO_FUNDS,
  processProof,
  ZERO_ADDRESS,
  ZERO_HASH,
  type Address,
  type ChannelId,
  type Hash,
  type StateOperation,
  type Withdrawal,
} from "../../src/protocol";
import { expectError } from "../helpers/errors";
import { address, uint } from "./arbitrary";

const ID = ZERO_HASH as string as ChannelId;
const WRAP = 2n ** 128n;
const one = `0x${"11".repeat(32)}` as Hash;
const two = `0x${"22".repeat(32)}` as Hash;

/** Text that is not 32 bytes, though parts of it read as some. */
const NOT_HASHES = [
  "0x",
  "",
  one.slice(2),
  one.slice(0, -2),
  one.slice(0, -1),
  `${one}22`,
  `${one}${two.slice(2)}`,
  `${one.slice(0, -2)}zz`,
  `0x${"AB".repeat(32)}`,
] as Hash[];

describe("encoding", () => {
  describe("given a number that is not of its field's type", () => {
    it("case 11: refuses it rather than to hash another number's bytes", async () => {
      const s = emptyState(ID);
      for (const [field, type, values] of [
        ["version", "uint64", [-1n, 2n ** 64n, WRAP]],
        ["net", "int128", [2n ** 127n, -(2n ** 127n) - 1n, WRAP, -WRAP]],
        ["noteSeq", "uint64", [-1n, 2n ** 64n]],
        ["noteCredited", "uint128", [-1n, WRAP, -WRAP]],
        ["locked", "uint128", [-1n, WRAP, -WRAP]],
        ["locksExpiry", "uint64", [-1n, 2n ** 64n]],
      ] as const) {
        for (const got of values) {
          await expectError(() => hashState({ ...s, [field]: got }), "out_of_range", { name: type, got });
        }
      }
      const n = emptyNote(ID);
      await expectError(() => hashNote({ ...n, seq: 2n ** 64n }), "out_of_range", { name: "uint64" });
      await expectError(() => hashNote({ ...n, credited: WRAP }), "out_of_range", { name: "uint128", got: WRAP });
      const withdrawal: Withdrawal = {
        channelId: ID,
        withdrawn: 0n,
        reclaimed: 0n,
        recipient: ZERO_ADDRESS,
        deadline: 0n,
      };
      await expectError(() => hashWithdrawal({ ...withdrawal, withdrawn: WRAP }), "out_of_range", { name: "uint128" });
      await expectError(() => hashWithdrawal({ ...withdrawal, reclaimed: -1n }), "out_of_range", { name: "uint128" });
      await expectError(() => hashClosing({ channelId: ID, net: WRAP, deadline: 0n }), "out_of_range", {
        name: "int128",
      });
      const lock = { index: 0n, hash: one, amount: 1n, expiry: 1n };
      await expectError(() => lockLeaf({ ...lock, amount: WRAP }), "out_of_range", { name: "uint128" });
      await expectError(() => lockLeaf({ ...lock, index: 2n ** 64n }), "out_of_range", { name: "uint64" });
      const appointment = { channelId: ID, party: ZERO_ADDRESS, tower: ZERO_ADDRESS, until: 0n };
      for (const shareBps of [-1, 0.5, 65_536, NaN]) {
        await expectError(() => hashAppointment({ ...appointment, shareBps }), "out_of_range", { name: "uint16" });
      }
    });

    it("case 28: refuses numbers and text in the place of integers", async () => {
      for (const got of [1, "1", "1e18", null, undefined]) {
        const credited = got as unknown as bigint;
        await expectError(() => hashNote({ ...emptyNote(ID), credited }), "out_of_range", { name: "uint128", got });
      }
    });

    it("takes the whole of a uint256 for chain and epoch", async () => {
      fc.assert(
        fc.property(uint(256n), address, (value, account) => {
          const types = ["address", "address", "address", "uint256"];
          const encoded = AbiCoder.defaultAbiCoder().encode(types, [account, account, account, value]);
          const key = { system: account, user: account, token: account, epoch: value };
          expect(channelId(key)).to.equal(keccak256(encoded));
          const domain = { name: "Starledger", version: "1", chainId: value, verifyingContract: account };
          expect(domainSeparator({ chainId: value, hub: account })).to.equal(TypedDataEncoder.hashDomain(domain));
        }),
      );
      for (const bad of [-1n, 2n ** 256n]) {
        await expectError(() => domainSeparator({ chainId: bad, hub: ZERO_ADDRESS }), "out_of_range", { got: bad });
      }
    });
  });

  describe("given text that is not the bytes of its field", () => {
    it("refuses it in every place of a hash", async () => {
      const pay = (reference: Hash): StateOperation => ({ type: "pay", to: ZERO_ADDRESS, amount: 1n, reference });
      for (const got of NOT_HASHES) {
        const bad = { got, bytes: 32 };
        await expectError(() => hashState({ ...emptyState(ID), memo: got }), "invalid_hex", bad);
        await expectError(() => hashNote({ ...emptyNote(ID), locksRoot: got }), "invalid_hex", bad);
        await expectError(() => memoOf([pay(got)]), "invalid_hex", bad);
        await expectError(() => lockLeaf({ index: 0n, hash: got, amount: 1n, expiry: 1n }), "invalid_hex", bad);
        await expectError(() => digest(got, one), "invalid_hex", { bytes: 32 });
        await expectError(() => digest(one, got), "invalid_hex", { bytes: 32 });
        await expectError(() => batchLeaf(got), "invalid_hex", { bytes: 32 });
        await expectError(() => merkleTree([one, got]), "invalid_hex", { bytes: 32 });
      }
      for (const got of ["0x", ZERO_HASH, `0x${"A0".repeat(20)}`, `0x${"zz".repeat(20)}`] as string[] as Address[]) {
        await expectError(() => domainSeparator({ chainId: 1n, hub: got }), "invalid_hex", { got, bytes: 20 });
      }
    });

    it("case 6: follows no proof with a step that is not 32 bytes, which the hub could not follow", async () => {
      const tree = merkleTree([one, two]);
      expect(processProof(one, tree.proof(0))).to.equal(tree.root);
      for (const step of NOT_HASHES) {
        await expectError(() => processProof(one, [step]), "invalid_hex", { bytes: 32 });
      }
    });

    it("does not repeat in the error what may be a secret", async () => {
      const error = await expectError(() => fromHex(`0x${"5e".repeat(31)}`, 32), "invalid_hex");
      expect(error.details).to.deep.equal({ bytes: "32" });
      expect((await expectError(() => fromHex("0x5e5"), "invalid_hex")).details).to.deep.equal({});
    });
  });

  it("case 31: no state whose net wraps around passes for the one that its operations lead to", async () => {
    // The user signed a withdrawal of all it has, then pays it away too, with a net of 2^128 instead of zero.
    const pending: Withdrawal = {
      channelId: ID,
      withdrawn: 100n,
      reclaimed: 0n,
      recipient: ZERO_ADDRESS,
      deadline: 9n,
    };
    const held = { ...emptyState(ID), version: 1n, net: 100n };
    const view = {
      funds: NO_FUNDS,
      state: held,
      note: emptyNote(ID),
      pending,
      outgoing: [],
      creditedAt: () => undefined,
    };
    const operations: StateOperation[] = [{ type: "pay", to: ZERO_ADDRESS, amount: 100n, reference: ZERO_HASH }];
    const honest = nextState(held, operations);
    await expectError(() => checkProposal(view, honest, operations), "insufficient_balance", { short: 100 });
    const wrapped = { ...honest, net: honest.net + WRAP };
    await expectError(() => checkProposal(view, wrapped, operations), "out_of_range", { name: "int128", got: WRAP });
  });
});
