import { expect } from "chai";
import { Interface, type InterfaceAbi } from "ethers";

import { ANCHOR, HUB, ISSUED_TOKEN, REGISTRY, TOKEN } from "../../../src/sdk/chain/abi";
import {
  ChannelHub__factory,
  HubBooks__factory,
  IChannelHub__factory,
  IERC20__factory,
  IERC20Metadata__factory,
  ILiabilityAnchor__factory,
  IPreimageRegistry__factory,
  IssuedToken__factory,
} from "../../../typechain-types";

/** Every fragment as a line: tuples written out, names and all. */
function linesOf(...abis: InterfaceAbi[]): Set<string> {
  const fragments = abis.flatMap((abi) => [...new Interface(abi).fragments]);
  return new Set(fragments.map((fragment) => fragment.format("full")));
}

describe("what a wallet knows of the contracts", () => {
  for (const [name, own, theirs] of [
    ["the hub", HUB, [IChannelHub__factory.abi, ChannelHub__factory.abi, HubBooks__factory.abi]],
    ["the registry", REGISTRY, [IPreimageRegistry__factory.abi]],
    ["the anchor", ANCHOR, [ILiabilityAnchor__factory.abi]],
    ["what systems issue", ISSUED_TOKEN, [IssuedToken__factory.abi]],
    ["tokens", TOKEN, [IERC20__factory.abi, IERC20Metadata__factory.abi]],
  ] as const) {
    it(`is what ${name} has: names, types, order, events, errors`, () => {
      const has = linesOf(...theirs);
      for (const line of linesOf(own.fragments)) expect([...has]).to.include(line);
    });
  }
});
