import { expect } from "chai";

import { IChannelHub__factory } from "../../typechain-types";
import { channelId, emptyState, findState, hashState, keccakText, type Hex } from "../../src/protocol";
import { person, POINTS, SYSTEM } from "../helpers/service";

describe("findState", () => {
  const key = { system: SYSTEM, user: person("alice").address, token: POINTS, epoch: 0n };
  const id = channelId(key);
  const state = { ...emptyState(id), version: 7n, net: -30n, noteSeq: 2n, noteCredited: 5n, memo: keccakText("memo") };
  const known = { channelId: id, version: 7n, hash: hashState(state) };
  const hub = IChannelHub__factory.createInterface();
  const call = hub.encodeFunctionData("settle", [
    key,
    { close: 7n, note: 0n, funds: 0n, paid: 0n, stateHash: known.hash },
    state,
  ]) as Hex;

  it("finds the state in the call that shows it, and in whatever carries that call (case 22)", () => {
    expect(findState(call, known)).to.deep.equal(state);
    expect(findState(`0xab${call.slice(2)}cd`, known)).to.deep.equal(state);
  });

  it("finds none that has not the hash, or is cut off", () => {
    expect(findState(call, { ...known, hash: keccakText("another") })).to.equal(undefined);
    expect(findState(call.slice(0, -64) as Hex, known)).to.equal(undefined);
    expect(findState("0x", known)).to.equal(undefined);
  });
});
