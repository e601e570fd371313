import type { ContractRunner, ContractTransactionReceipt } from "ethers";

import { toAddress, ZERO_ADDRESS, type Address } from "../protocol";
import { IChannelHub__factory, type IChannelHub } from "../../typechain-types";
import { answered } from "./hubErrors";
import { mined } from "./transaction";

/** The value of a signer in the Solidity enum `NoticeKind`. */
const SIGNER = 2;

/** That a signer is to be retired; it can be in `[from, until)`, in Unix seconds. */
export interface Retirement {
  readonly signer: Address;
  readonly from: bigint;
  readonly until: bigint;
}

/** The keys that sign states and notes for systems (section 2). Every call throws chain_unreachable or transaction_failed. */
export class Signers {
  private readonly hub: IChannelHub;

  /** @param runner sends for the system that it belongs to */
  constructor(
    hub: Address,
    private readonly runner: ContractRunner,
  ) {
    this.hub = IChannelHub__factory.connect(hub, runner);
  }

  has(system: Address, signer: Address): Promise<boolean> {
    return answered(this.hub.isSigner(system, signer));
  }

  /** What the system has announced last, if it has not been carried out; it may have lapsed. */
  async retirement(system: Address): Promise<Retirement | undefined> {
    const { value, givenAt } = await answered(this.hub.noticeOf(system, SIGNER, ZERO_ADDRESS));
    if (givenAt === 0n) return undefined;
    const period = await answered(this.hub.noticePeriod(system));
    const signer = toAddress(`0x${value.toString(16).padStart(40, "0")}`);
    return { signer, from: givenAt + period, until: givenAt + 2n * period };
  }

  /** Of the latest block, in Unix seconds: what the hub goes by. */
  async now(): Promise<bigint> {
    return BigInt((await answered(this.runner.provider!.getBlock("latest")))!.timestamp);
  }

  /** Counts at once. */
  add(signer: Address): Promise<ContractTransactionReceipt> {
    return mined(this.hub.addSigner(signer));
  }

  /** Announces that a signer is to be retired, in place of what was announced before. */
  announce(signer: Address): Promise<ContractTransactionReceipt> {
    return mined(this.hub.giveNotice(SIGNER, ZERO_ADDRESS, signer));
  }

  /** Does what was announced. */
  retire(): Promise<ContractTransactionReceipt> {
    return mined(this.hub.executeNotice(SIGNER, ZERO_ADDRESS));
  }
}
