import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";

import {
  Backing,
  deployHub,
  hostileToken,
  listAs,
  Mode,
  NO_APPOINTMENT,
  NO_SIGNATURE,
  note,
  NoticeKind,
  state,
  type Fixture,
} from "../helpers/fixture";

const DISPUTE = { close: 0n, note: 0n, funds: 0n, paid: 0n, stateHash: ethers.ZeroHash };

/** Every function that moves tokens, called with anything. */
function calls({ hub, ref }: Fixture): Record<string, string> {
  const encode = hub.interface.encodeFunctionData.bind(hub.interface);
  const order = { party: ref.user, humble: false, deadline: 0n, signature: "0x" };
  const withdrawal = { withdrawn: 1n, reclaimed: 0n, recipient: ref.user, deadline: 0n };
  return {
    deposit: encode("deposit", [ref, 1n]),
    commitCollateral: encode("commitCollateral", [ref, 1n]),
    fundReserve: encode("fundReserve", [ref.system, ref.token, 1n]),
    fundBond: encode("fundBond", [ref.system, ref.token, 1n]),
    withdraw: encode("withdraw", [ref, withdrawal, "0x", "0x"]),
    withdrawBatch: encode("withdrawBatch", [ref.token, []]),
    closeCooperatively: encode("closeCooperatively", [ref, { net: 0n, deadline: 0n }, "0x", "0x"]),
    close: encode("close", [ref, state(), note(), NO_SIGNATURE, NO_SIGNATURE, order]),
    challenge: encode("challenge", [ref, DISPUTE, state(), "0x", NO_SIGNATURE, NO_APPOINTMENT]),
    prove: encode("prove", [ref, DISPUTE, state(), note(), NO_SIGNATURE, [], NO_APPOINTMENT]),
    settle: encode("settle", [ref, DISPUTE, state()]),
    collectOwed: encode("collectOwed", [ref.token, ref.user]),
    collectClaim: encode("collectClaim", [ref.system, ref.token, 0n]),
    collectAward: encode("collectAward", [ref.system, ref.token, 0n]),
    executeNotice: encode("executeNotice", [NoticeKind.Reserve, ref.token]),
  };
}

describe("case 1: re-entrancy through a token's hook", () => {
  it("is turned away by every function that moves tokens", async () => {
    const f = await loadFixture(deployHub);
    const token = await hostileToken(f);
    const ref = await listAs(f, token, Backing.Collateral);
    const guard = ethers.id("ReentrancyGuardReentrantCall()").slice(0, 10);
    for (const [name, data] of Object.entries(calls(f))) {
      await token.setCallback(f.hub, data);
      await token.setMode(Mode.Reenter, ethers.ZeroAddress);
      await f.hub.connect(f.user).deposit(ref, 10n);
      expect(await token.answer(), name).to.equal(guard);
    }
  });
});
