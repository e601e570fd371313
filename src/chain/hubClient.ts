import type { ContractRunner, ContractTransactionReceipt, TransactionReceipt } from "ethers";

import { fail, StarledgerError } from "../errors";
import {
  BACKINGS,
  ZERO_ADDRESS,
  emptyState,
  hashState,
  readDispute,
  toAddress,
  type Address,
  type AssetSettings,
  type BestNote,
  type ChannelId,
  type ChannelKey,
  type Closing,
  type Dispute,
  type DisputeRecord,
  type Funds,
  type Hash,
  type Hex,
  type Signature,
  type State,
  type Withdrawal,
} from "../protocol";
import { newestEvent, stateIn } from "./history";
import { encodeCollectOwed } from "./dispute";
import { answered } from "./hubErrors";
import { PreimageRegistryClient } from "./preimageRegistry";
import { IChannelHub__factory, type IChannelHub } from "../../typechain-types";
import type { ChannelClosingEvent } from "../../typechain-types/contracts/interfaces/IChannelHub";
import { mined } from "./transaction";

/** A call, as the SDK's `closeCall`, `challengeCall`, `proveCall` and `settleCall` make them. */
export interface HubCall {
  readonly to: Address;
  readonly data: Hex;
  /** Native coin. */
  readonly value: bigint;
}

/** A close that is pending: the record that every call on it needs, and the block it was seen in. */
export interface PendingClose {
  readonly id: ChannelId;
  readonly record: DisputeRecord;
  /** What the record says. */
  readonly judged: Dispute;
  readonly block: number;
  /** The hash of the transaction that closed. */
  readonly transaction: string;
}

/** A channel as a block has it. */
export interface ChannelOnChain {
  readonly id: ChannelId;
  readonly epoch: bigint;
  readonly closing: boolean;
  /** Zero while a close is pending: its record has the frozen amounts. */
  readonly funds: Funds;
  /** Of the newer state that was shown since the close. */
  readonly standingVersion: bigint | undefined;
  /** The best note shown since the close, if any was. */
  readonly shown: BestNote | undefined;
  readonly systemCheated: boolean;
}

/** A system's books for a token. */
export interface AssetOnChain {
  readonly settings: AssetSettings;
  /** Free of claims. */
  readonly reserve: bigint;
  readonly claims: bigint;
  readonly awards: bigint;
}

/** A withdrawal by both. */
export interface SignedWithdrawal {
  readonly withdrawal: Withdrawal;
  readonly userSignature: Signature;
  readonly systemSignature: Signature;
}

/** One account's view of the hub: every call is sent by `runner`, and its receipt awaited; a provider only reads. */
export class HubClient {
  private readonly hub: IChannelHub;

  constructor(
    readonly address: Address,
    private readonly runner: ContractRunner,
  ) {
    this.hub = IChannelHub__factory.connect(address, runner);
  }

  /** The channel's epoch as of `block`, and its pending close if there is one. */
  async channel(key: Omit<ChannelKey, "epoch">, block: number | "latest" = "latest"): Promise<ChannelOnChain> {
    const view = await answered(this.hub.channelOf(key, { blockTag: block }));
    const { deposited, withdrawn, reclaimed, collateral } = view;
    const { value, seq, locksExpiry } = view.shown;
    return {
      id: view.id as ChannelId,
      epoch: view.epoch,
      closing: view.closing,
      funds: { deposited, withdrawn, reclaimed, collateral },
      standingVersion: view.replaced ? view.standingVersion : undefined,
      // The hub stores what was shown only once it differs from what the close brought.
      shown: value === 0n && seq === 0n && locksExpiry === 0n ? undefined : { value, seq, locksExpiry },
      systemCheated: view.systemCheated,
    };
  }

  /**
   * What `system` listed `token` with, and its books.
   * @throws unknown_asset
   */
  async asset(system: Address, token: Address): Promise<AssetOnChain> {
    const asset = await answered(this.hub.assetOf(system, token));
    const backing = BACKINGS[Number(asset.backing)] ?? fail("unknown_asset", { system, token });
    const { challengePeriod, claimWindow, lockLimit, award, staleFee, reserve } = asset;
    const settings = { backing, challengePeriod, claimWindow, lockLimit, award, staleFee };
    return { settings, reserve, claims: asset.claimCount, awards: asset.awardCount };
  }

  isSigner(system: Address, signer: Address): Promise<boolean> {
    return answered(this.hub.isSigner(system, signer));
  }

  /** The key that the user of the channel added in that epoch; the zero address for none. */
  async userSigner(id: ChannelId): Promise<Address> {
    return toAddress(await answered(this.hub.userSigner(id)));
  }

  /** The sum of the locks proven of a state or note, by its struct hash. */
  provenLocks(treeHash: Hash): Promise<bigint> {
    return answered(this.hub.provenLocks(treeHash));
  }

  /**
   * The call by which an account collects what a token refused to pay to it; undefined where nothing is owed, and where the token
   * would refuse again.
   */
  async collectable(token: Address, recipient: Address): Promise<HubCall | undefined> {
    if ((await answered(this.hub.owed(token, recipient))) === 0n) return undefined;
    try {
      await answered(this.hub.collectOwed.staticCall(token, recipient, { from: recipient }));
    } catch (error) {
      if (error instanceof StarledgerError && error.code === "transaction_failed") return undefined;
      throw error;
    }
    return { to: this.address, data: encodeCollectOwed(token, recipient), value: 0n };
  }

  /** The registry that decides which locks were claimed in time. */
  async registry(): Promise<PreimageRegistryClient> {
    return new PreimageRegistryClient(toAddress(await answered(this.hub.registry())), this.runner);
  }

  /** Pays into a channel, for anyone; the hub must be allowed to take tokens, native coin goes along. */
  deposit(key: ChannelKey, amount: bigint): Promise<ContractTransactionReceipt> {
    return mined(this.hub.deposit(key, amount, { value: key.token === ZERO_ADDRESS ? amount : 0n }));
  }

  /** Settles a withdrawal that both have signed; anyone may send it. */
  withdraw(key: ChannelKey, { withdrawal, userSignature, systemSignature }: SignedWithdrawal) {
    return mined(this.hub.withdraw(key, withdrawal, userSignature, systemSignature));
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

  /** Sends a call that was made elsewhere. */
  send(call: HubCall): Promise<TransactionReceipt> {
    return mined(this.runner.sendTransaction!(call));
  }

  /** The closes of a system's channels since a block. */
  async closesSince(system: Address, block: number): Promise<PendingClose[]> {
    const filter = this.hub.filters.ChannelClosing(undefined, system);
    return (await answered(this.hub.queryFilter(filter, block))).map(closeOf);
  }

  /**
   * The close that is pending in a channel and epoch, found by its event from the latest block backwards.
   * @param range how many blocks a node is asked about at once
   * @throws no_close_pending if there is none
   */
  async pendingClose(id: ChannelId, range?: number): Promise<PendingClose> {
    const event = await answered(newestEvent(this.hub, this.hub.filters.ChannelClosing(id), { range }));
    return event === undefined ? fail("no_close_pending", { channel: id }) : closeOf(event);
  }

  /**
   * The state that stands in a pending close: the one of `known` or, if others showed it, out of their transactions.
   * @throws unknown_state if neither has it
   */
  async standingState(close: PendingClose, channel: ChannelOnChain, known: State, range?: number): Promise<State> {
    const { hub } = this;
    const { id, judged, block, transaction } = close;
    const { standingVersion } = channel;
    if (standingVersion !== undefined) {
      const event = await answered(newestEvent(hub, hub.filters.StateReplaced(id), { range, oldest: block }));
      const replacing = event && { channelId: id, version: standingVersion, hash: event.args.stateHash as Hash };
      if (replacing !== undefined && hashState(known) === replacing.hash) return known;
      const shown = replacing && (await answered(stateIn(hub, event.transactionHash, replacing)));
      return shown ?? fail("unknown_state", { channel: id, version: standingVersion });
    }
    for (const state of [known, emptyState(id)]) if (hashState(state) === judged.stateHash) return state;
    const wanted = { channelId: id, version: judged.version, hash: judged.stateHash };
    const closed = await answered(stateIn(hub, transaction, wanted));
    if (closed !== undefined) return closed;
    const stored = await answered(newestEvent(hub, hub.filters.StateCheckpointed(id), { range }));
    const checkpoint = stored && (await answered(stateIn(hub, stored.transactionHash, wanted)));
    if (checkpoint !== undefined) return checkpoint;
    return fail("unknown_state", { channel: id, version: judged.version, stateHash: judged.stateHash });
  }
}

function closeOf({ args, blockNumber, transactionHash }: ChannelClosingEvent.Log): PendingClose {
  const { close, note, funds, paid, stateHash } = args.record;
  const record = { close, note, funds, paid, stateHash: stateHash as Hash };
  const judged = readDispute(record);
  return { id: args.id as ChannelId, record, judged, block: blockNumber, transaction: transactionHash };
}
