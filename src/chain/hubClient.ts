import { ZeroAddress, type ContractTransactionReceipt, type ContractTransactionResponse, type Signer } from "ethers";

import { fail } from "../errors";
import {
  emptyNote,
  emptyState,
  toAddress,
  type Address,
  type ChannelId,
  type ChannelKey,
  type Closing,
  type Funds,
  type Note,
  type Signature,
  type State,
  type SystemSignature,
  type Withdrawal,
} from "../protocol";
import { IChannelHub__factory, type IChannelHub } from "../../typechain-types";
import type { DisputeStruct, DisputeStructOutput } from "../../typechain-types/contracts/interfaces/IHubChannels";

const NO_SIGNATURE = { signature: "0x", proof: [] };
const NO_APPOINTMENT = { tower: ZeroAddress, shareBps: 0n, until: 0n, signature: "0x" };

/** A complete state as the hub takes it as evidence. */
export interface CompleteState {
  readonly state: State;
  readonly userSignature: Signature;
  readonly systemSignature: SystemSignature;
}

/** A note with S's signature. */
export interface SignedNote {
  readonly note: Note;
  readonly signed: SystemSignature;
}

/** What a user closes with; version 0 and seq 0 are left out. */
export interface UserClose {
  readonly channel: ChannelKey;
  readonly completed: Pick<CompleteState, "state" | "systemSignature"> | undefined;
  readonly held: SignedNote | undefined;
  readonly humble: boolean;
  /** Native coin. */
  readonly fee: bigint;
  readonly deadline: bigint;
}

/** A close that is pending: the record that every call on it needs, and the block it was seen in. */
export interface PendingClose {
  readonly id: ChannelId;
  readonly user: Address;
  readonly token: Address;
  readonly dispute: DisputeStruct;
  readonly block: number;
}

/** One account's view of the hub: every call is sent by `signer`, and its receipt awaited. */
export class HubClient {
  private readonly hub: IChannelHub;

  constructor(
    readonly address: Address,
    signer: Signer,
  ) {
    this.hub = IChannelHub__factory.connect(address, signer);
  }

  /** The channel's epoch and funds as of the latest block. */
  async funds(key: Omit<ChannelKey, "epoch">): Promise<{ epoch: bigint; closing: boolean; funds: Funds }> {
    const { epoch, closing, deposited, withdrawn, reclaimed, collateral } = await this.hub.channelOf(key);
    return { epoch, closing, funds: { deposited, withdrawn, reclaimed, collateral } };
  }

  deposit(key: ChannelKey, amount: bigint): Promise<ContractTransactionReceipt> {
    return mined(this.hub.deposit(key, amount));
  }

  commitCollateral(key: ChannelKey, amount: bigint): Promise<ContractTransactionReceipt> {
    return mined(this.hub.commitCollateral(key, amount));
  }

  /** Settles many withdrawals of the sending system; those that failed are named in the result. */
  async withdrawBatch(
    token: Address,
    items: readonly { user: Address; withdrawal: Withdrawal; userSignature: Signature }[],
  ): Promise<{ receipt: ContractTransactionReceipt; failed: Address[] }> {
    const receipt = await mined(this.hub.withdrawBatch(token, [...items]));
    const failures = receipt.logs
      .map((log) => this.hub.interface.parseLog(log))
      .filter((event) => event?.name === "WithdrawalFailed");
    return { receipt, failed: failures.map((event) => toAddress(event?.args[2] as string)) };
  }

  closeCooperatively(key: ChannelKey, closing: Closing, user: Signature, system: Signature) {
    return mined(this.hub.closeCooperatively(key, closing, user, system));
  }

  /** Starts to close as the sending user, with what S signed; a humble close carries its fee. */
  closeAsUser(close: UserClose): Promise<ContractTransactionReceipt> {
    const id = "0x" as ChannelId;
    const { channel, completed, held, humble, fee, deadline } = close;
    const signatures = {
      user: "0x",
      state: completed ? onWire(completed.systemSignature) : NO_SIGNATURE,
      note: held ? onWire(held.signed) : NO_SIGNATURE,
    };
    const order = { party: channel.user, humble, deadline, signature: "0x" };
    const [state, note] = [completed?.state ?? emptyState(id), held?.note ?? emptyNote(id)];
    return mined(this.hub.close(channel, state, note, signatures, order, { value: fee }));
  }

  /** Shows a newer complete state on a pending close. */
  challenge(key: ChannelKey, dispute: DisputeStruct, evidence: CompleteState): Promise<ContractTransactionReceipt> {
    const { state, userSignature, systemSignature } = evidence;
    return mined(this.hub.challenge(key, dispute, state, userSignature, onWire(systemSignature), NO_APPOINTMENT));
  }

  settle(key: ChannelKey, dispute: DisputeStruct, standing: State): Promise<ContractTransactionReceipt> {
    return mined(this.hub.settle(key, dispute, standing));
  }

  /** The closes of a system's channels since a block. */
  async closesSince(system: Address, block: number): Promise<PendingClose[]> {
    const events = await this.hub.queryFilter(this.hub.filters.ChannelClosing(undefined, system), block);
    return events.map(({ args, blockNumber }) => ({
      id: args.id as ChannelId,
      user: toAddress(args.user),
      token: toAddress(args.token),
      dispute: copyOf(args.dispute),
      block: blockNumber,
    }));
  }
}

/** The record as plain fields, which the hub's calls take again. */
function copyOf(dispute: DisputeStructOutput): DisputeStruct {
  const { funded, collateral, paid, closedAt, bySystem, humble } = dispute;
  const { version, noteSeq, stateHash, seq, credited, locksExpiry } = dispute;
  const judged = { version, noteSeq, stateHash, seq, credited, locksExpiry };
  return { funded, collateral, paid, closedAt, bySystem, humble, ...judged };
}

function onWire(signed: SystemSignature): { signature: string; proof: string[] } {
  return { signature: signed.signature, proof: [...signed.proof] };
}

async function mined(sending: Promise<ContractTransactionResponse>): Promise<ContractTransactionReceipt> {
  return (await (await sending).wait()) ?? fail("store_corrupt", { transaction: "no receipt" });
}
