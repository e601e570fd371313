import { fail, StarledgerError } from "../../errors";
import {
  emptyState,
  findState,
  hashState,
  readDispute,
  toAddress,
  toHash,
  type Address,
  type ChannelId,
  type Dispute,
  type DisputeRecord,
  type Hash,
  type Hex,
  type KnownOfState,
  type State,
} from "../../protocol";
import { HUB, REGISTRY } from "./abi";
import type { ChainNode, Log } from "./chainNode";
import { flag, Hub, number, struct, text, type ChannelOnChain } from "./hub";

/** Public nodes refuse to search more blocks at once. */
const RANGE = 10_000n;

/** A close that is pending: the record that every call on it needs, and where it was seen. */
export interface PendingClose {
  readonly id: ChannelId;
  readonly record: DisputeRecord;
  /** What the record says. */
  readonly judged: Dispute;
  readonly block: bigint;
  readonly transaction: Hash;
}

/** The hub as whoever leaves alone asks it: about closes, and what waits to be collected. */
export class DisputeHub extends Hub {
  private registryAddress: Promise<Address> | undefined;

  /** @param range how many blocks the node is asked about at once */
  constructor(
    address: Address,
    node: ChainNode,
    private readonly range = RANGE,
  ) {
    super(address, node);
  }

  /** Whether the hub takes `signer`'s signatures for the system's, today. */
  async accepts(system: Address, signer: Address): Promise<boolean> {
    return flag(await this.read("isSigner", [system, signer]));
  }

  /** The key that the user of the channel added in that epoch; the zero address for none. */
  async userSigner(id: ChannelId): Promise<Address> {
    return toAddress(text(await this.read("userSigner", [id])));
  }

  /** The sum of the locks proven of a state or note, by its struct hash. */
  async provenLocks(treeHash: Hash): Promise<bigint> {
    return number(await this.read("provenLocks", [treeHash]));
  }

  /** Unix seconds of the block, final or not, that first showed the preimage of `hash`; undefined if none did. */
  async revealedAt(hash: Hash): Promise<bigint | undefined> {
    const to = await (this.registryAddress ??= this.registry());
    const time = number(await this.node.read({ to, abi: REGISTRY, name: "revealedAt", inputs: [hash] }));
    return time === 0n ? undefined : time;
  }

  /** What waits for `recipient` because it could not be paid. */
  async owed(token: Address, recipient: Address): Promise<bigint> {
    return number(await this.read("owed", [token, recipient]));
  }

  /** What is left of the claim `index`, and to whom it is due. */
  async claim(system: Address, token: Address, index: bigint): Promise<{ recipient: Address; amount: bigint }> {
    const claim = struct(await this.read("claimOf", [system, token, index]));
    return { recipient: toAddress(text(claim, "recipient")), amount: number(claim, "amount") };
  }

  /** Whether anything of a claim can be paid now. */
  async canCollectClaim(system: Address, token: Address, index: bigint): Promise<boolean> {
    try {
      await this.read("collectClaim", [system, token, index]);
      return true;
    } catch (error) {
      if (error instanceof StarledgerError && error.code === "transaction_failed") return false;
      throw error;
    }
  }

  /** The award `index`, if it was not collected yet. */
  async award(system: Address, token: Address, index: bigint) {
    const award = struct(await this.read("awardOf", [system, token, index]));
    const [ripeAt, amount] = [number(award, "ripeAt"), number(award, "amount")];
    return { recipient: toAddress(text(award, "recipient")), ripeAt, amount };
  }

  /**
   * The close that is pending in a channel and epoch, found by its event from the latest block backwards.
   * @throws no_close_pending if there is none
   */
  async pendingClose(id: ChannelId): Promise<PendingClose> {
    const log = await this.newest("ChannelClosing", id);
    if (log === undefined) return fail("no_close_pending", { channel: id });
    const given = struct(HUB.decodeEventLog("ChannelClosing", log.data, log.topics), "record");
    const [close, note, funds, paid] = ["close", "note", "funds", "paid"].map((name) => number(given, name));
    const record = {
      close: close!,
      note: note!,
      funds: funds!,
      paid: paid!,
      stateHash: toHash(text(given, "stateHash")),
    };
    const { blockNumber, transactionHash: transaction } = log;
    return { id, record, judged: readDispute(record), block: BigInt(blockNumber), transaction };
  }

  /**
   * The state that stands in a pending close: the one of `known` or, if others showed it, out of their transactions.
   * @throws unknown_state if neither has it
   */
  async standingState(close: PendingClose, channel: ChannelOnChain, known: State): Promise<State> {
    const { id, judged, block, transaction } = close;
    const { standingVersion } = channel;
    if (standingVersion !== undefined) {
      const log = await this.newest("StateReplaced", id, block);
      if (log === undefined) return fail("unknown_state", { channel: id, version: standingVersion });
      const hash = toHash(text(HUB.decodeEventLog("StateReplaced", log.data, log.topics), "stateHash"));
      if (hashState(known) === hash) return known;
      const shown = await this.stateIn(log.transactionHash, { channelId: id, version: standingVersion, hash });
      return shown ?? fail("unknown_state", { channel: id, version: standingVersion });
    }
    for (const state of [known, emptyState(id)]) if (hashState(state) === judged.stateHash) return state;
    const wanted = { channelId: id, version: judged.version, hash: judged.stateHash };
    const closed = await this.stateIn(transaction, wanted);
    if (closed !== undefined) return closed;
    const stored = await this.newest("StateCheckpointed", id);
    const checkpoint = stored && (await this.stateIn(stored.transactionHash, wanted));
    if (checkpoint !== undefined) return checkpoint;
    return fail("unknown_state", { channel: id, version: judged.version, stateHash: judged.stateHash });
  }

  /** The newest of a channel's events, looked for from the latest block backwards; none that matters is older than `oldest`. */
  private async newest(event: string, id: ChannelId, oldest = 0n): Promise<Log | undefined> {
    const { topicHash } = HUB.getEvent(event)!;
    let { number: last } = await this.node.block("latest");
    while (last >= oldest) {
      const first = last - this.range + 1n > oldest ? last - this.range + 1n : oldest;
      const newest = (await this.node.logs(this.address, [topicHash, id], first, last)).at(-1);
      if (newest !== undefined) return newest;
      last = first - 1n;
    }
    return undefined;
  }

  /** The state that stands in the input of a transaction, whichever contract that was sent to. */
  private async stateIn(transaction: Hash, known: KnownOfState): Promise<State | undefined> {
    const sent = await this.node.transaction(transaction);
    return sent === null ? undefined : findState(sent.input as Hex, known);
  }
}
