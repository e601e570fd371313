import type { Signer, TypedDataField } from "ethers";
import { ethers } from "hardhat";

import type { DepositRouter, TestToken } from "../../../typechain-types";
import { deployHub, soon, type Ref } from "./fixture";
import { deployPermit2, PERMIT2 } from "./permit2";

/** The hub with a router, and the real Permit2; the user has approved Permit2, and the router for nothing. */
export async function deployRouter() {
  const f = await deployHub();
  await deployPermit2();
  const router = await ethers.deployContract("DepositRouter", [f.hub, PERMIT2]);
  await f.token.connect(f.user).approve(PERMIT2, ethers.MaxUint256);
  return { ...f, router };
}

export type RouterFixture = Awaited<ReturnType<typeof deployRouter>>;

/** An ERC-2612 permit of `owner` for the router, as the router takes it. */
export async function permitOf(
  f: { router: DepositRouter },
  token: TestToken,
  owner: Signer,
  amount: bigint,
  deadline?: bigint,
) {
  const until = deadline ?? (await soon());
  const { name, version, chainId, verifyingContract } = await token.eip712Domain();
  const address = await owner.getAddress();
  const signature = await owner.signTypedData(
    { name, version, chainId, verifyingContract },
    { Permit: fields("address owner,address spender,uint256 value,uint256 nonce,uint256 deadline") },
    {
      owner: address,
      spender: await f.router.getAddress(),
      value: amount,
      nonce: await token.nonces(address),
      deadline: until,
    },
  );
  const { v, r, s } = ethers.Signature.from(signature);
  return [amount, until, v, r, s] as const;
}

interface Signing {
  nonce?: bigint;
  deadline?: bigint;
  spender?: string;
}

/** A Permit2 transfer signed by `owner` for a deposit into `ref`. */
export async function permit2Of(
  f: { router: DepositRouter },
  ref: Ref,
  owner: Signer,
  amount: bigint,
  { nonce = 0n, deadline, spender }: Signing = {},
) {
  const { chainId } = await ethers.provider.getNetwork();
  const permit = { permitted: { token: ref.token, amount }, nonce, deadline: deadline ?? (await soon()) };
  const signature = await owner.signTypedData(
    { name: "Permit2", chainId, verifyingContract: PERMIT2 },
    {
      PermitWitnessTransferFrom: fields(
        "TokenPermissions permitted,address spender,uint256 nonce,uint256 deadline,ChannelDeposit witness",
      ),
      ChannelDeposit: fields("address system,address user"),
      TokenPermissions: fields("address token,uint256 amount"),
    },
    {
      ...permit,
      spender: spender ?? (await f.router.getAddress()),
      witness: { system: ref.system, user: ref.user },
    },
  );
  return { permit, signature };
}

function fields(declaration: string): TypedDataField[] {
  return declaration.split(",").map((field) => {
    const [type = "", name = ""] = field.split(" ");
    return { type, name };
  });
}
