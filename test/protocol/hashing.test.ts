import { expect } from "chai";
import { AbiCoder, keccak256, TypedDataEncoder } from "ethers";
import fc from "fast-check";

import {
  channelId,
  digest,
  domainSeparator,
  hashAppointment,
  hashBatch,
  hashClose,
  hashClosing,
  hashInvoice,
  hashNote,
  hashState,
  hashWithdrawal,
} from "../../src/protocol";
import { TYPES } from "../contracts/helpers/messages";
import { address, hash, id, int128, note, state, uint } from "./arbitrary";

const structHash = (kind: keyof typeof TYPES, message: object): string =>
  TypedDataEncoder.hashStruct(kind, { [kind]: [...TYPES[kind]] }, message);

describe("hashing", () => {
  it("channelId is the hash of parties, token and epoch", () => {
    fc.assert(
      fc.property(address, address, address, uint(64n), (system, user, token, epoch) => {
        const encoded = AbiCoder.defaultAbiCoder().encode(
          ["address", "address", "address", "uint256"],
          [system, user, token, epoch],
        );
        expect(channelId({ system, user, token, epoch })).to.equal(keccak256(encoded));
      }),
    );
  });

  it("every struct hash is the one that ethers computes, over the whole range of every field (case 11)", () => {
    const deadline = uint(64n);
    fc.assert(fc.property(state, (s) => void expect(hashState(s)).to.equal(structHash("State", s))));
    fc.assert(fc.property(note, (n) => void expect(hashNote(n)).to.equal(structHash("Note", n))));
    const withdrawal = fc.record({
      channelId: id,
      withdrawn: uint(128n),
      reclaimed: uint(128n),
      recipient: address,
      deadline,
    });
    fc.assert(fc.property(withdrawal, (w) => void expect(hashWithdrawal(w)).to.equal(structHash("Withdrawal", w))));
    const closing = fc.record({ channelId: id, net: int128, deadline });
    fc.assert(fc.property(closing, (c) => void expect(hashClosing(c)).to.equal(structHash("Closing", c))));
    const close = fc.record({
      channelId: id,
      party: address,
      stateHash: hash,
      noteHash: hash,
      humble: fc.boolean(),
      deadline,
    });
    fc.assert(fc.property(close, (c) => void expect(hashClose(c)).to.equal(structHash("Close", c))));
    const appointment = fc.record({
      channelId: id,
      party: address,
      tower: address,
      shareBps: fc.nat(10_000),
      until: deadline,
    });
    fc.assert(fc.property(appointment, (a) => void expect(hashAppointment(a)).to.equal(structHash("Appointment", a))));
    fc.assert(fc.property(hash, (root) => void expect(hashBatch(root)).to.equal(structHash("Batch", { root }))));
  });

  it("hashInvoice follows EIP-712", () => {
    const types = {
      Invoice: [
        { name: "hash", type: "bytes32" },
        { name: "amount", type: "uint128" },
        { name: "token", type: "address" },
        { name: "expiry", type: "uint64" },
        { name: "account", type: "address" },
        { name: "memo", type: "bytes32" },
      ],
    };
    const invoice = fc.record({
      hash,
      amount: uint(128n),
      token: address,
      expiry: uint(64n),
      account: address,
      memo: hash,
    });
    fc.assert(
      fc.property(
        invoice,
        (i) => void expect(hashInvoice(i)).to.equal(TypedDataEncoder.hashStruct("Invoice", types, i)),
      ),
    );
  });

  it("the digest is bound to chain and hub", () => {
    fc.assert(
      fc.property(uint(64n), address, state, (chainId, hub, s) => {
        const domain = { name: "Starledger", version: "1", chainId, verifyingContract: hub };
        const got = digest(domainSeparator({ chainId, hub }), hashState(s));
        expect(got).to.equal(TypedDataEncoder.hash(domain, { State: [...TYPES.State] }, s));
      }),
    );
  });
});
