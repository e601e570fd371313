import type { ContractTransactionReceipt, Signer } from "ethers";

import {
  emptyNote,
  emptyState,
  encodeSystemSignature,
  toAddress,
  type Address,
  type ChannelId,
  type ChannelKey,
  type Closing,
  type Funds,
  type Hash,
  type Note,
  type Signature,
  type State,
  type SystemSignature,
  type Withdrawal,
} from "../protocol";
import type { DisputeRecord } from "./dispute";
import { IChannelHub__factory, type IChannelHub } from "../../typechain-types";
import { mined } from "./transaction";

const NONE = "0x";

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
  readonly record: DisputeRecord;
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
    const signatures = [
      completed ? encodeSystemSignature(completed.systemSignature) : NONE,
      held ? encodeSystemSignature(held.signed) : NONE,
    ] as const;
    const order = { party: channel.user, humble, deadline, signature: "0x" };
    const [state, note] = [completed?.state ?? emptyState(id), held?.note ?? emptyNote(id)];
    return mined(this.hub.close(channel, state, note, ...signatures, order, { value: fee }));
  }

  /** Shows a newer complete state on a pending close. */
  challenge(key: ChannelKey, record: DisputeRecord, evidence: CompleteState): Promise<ContractTransactionReceipt> {
    const { state, userSignature, systemSignature } = evidence;
    return mined(this.hub.challenge(key, record, state, userSignature, encodeSystemSignature(systemSignature), NONE));
  }

  settle(key: ChannelKey, record: DisputeRecord, standing: State): Promise<ContractTransactionReceipt> {
    return mined(this.hub.settle(key, record, standing));
  }

  /** The closes of a system's channels since a block. */
  async closesSince(system: Address, block: number): Promise<PendingClose[]> {
    const events = await this.hub.queryFilter(this.hub.filters.ChannelClosing(undefined, system), block);
    return events.map(({ args, blockNumber }) => {
      const { close, note, funds, paid, stateHash } = args.record;
      const record = { close, note, funds, paid, stateHash: stateHash as Hash };
      return { id: args.id as ChannelId, record, block: blockNumber };
    });
  }
}
