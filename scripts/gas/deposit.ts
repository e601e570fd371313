import type { ContractTransactionResponse } from "ethers";
import { artifacts, ethers } from "hardhat";

import { deployRouter, permit2Of, permitOf } from "../../test/contracts/helpers/router";

/** Gas of deposits by permit into a channel that has a deposit, by a payer who has used a permit before; the router's size. */
export async function measureDeposits(): Promise<Record<string, number>> {
  const f = await deployRouter();
  const { router, user, ref, token } = f;
  const byPermit = async (): Promise<number> =>
    gasOf(router.connect(user).depositWithPermit(ref, ...(await permitOf(f, token, user, 100n))));
  const byPermit2 = async (nonce: bigint): Promise<number> => {
    const { permit, signature } = await permit2Of(f, ref, user, 100n, { nonce });
    return gasOf(router.connect(user).depositWithPermit2(ref.system, ref.user, permit, ref.user, signature));
  };
  await byPermit();
  await byPermit2(0n);
  const { deployedBytecode } = await artifacts.readArtifact("DepositRouter");
  return {
    "deposit.permit": await byPermit(),
    "deposit.permit2": await byPermit2(1n),
    "bytes.DepositRouter": ethers.dataLength(deployedBytecode),
  };
}

async function gasOf(sending: Promise<ContractTransactionResponse>): Promise<number> {
  return Number((await (await sending).wait())!.gasUsed);
}
