import { Interface, type EventFragment, type Result } from "ethers";

import { fail } from "../../errors";
import { toAddress, type Address, type ChannelId, type DisputeRecord, type Hash } from "../../protocol";
import { IChannelHub__factory, PreimageRegistry__factory } from "../../../typechain-types";
import type { Log } from "./node";

/** Where on the chain something stands. */
export interface Place {
  readonly block: number;
  readonly blockHash: Hash;
  readonly index: number;
  readonly transaction: Hash;
}

/** What the contracts said that an account service must know of; amounts in base units. */
export type Fact =
  | { readonly type: "deposited"; readonly channelId: ChannelId; readonly amount: bigint }
  | { readonly type: "collateralCommitted"; readonly channelId: ChannelId; readonly amount: bigint }
  | {
      readonly type: "withdrawn";
      readonly channelId: ChannelId;
      readonly amount: bigint;
      readonly reclaimed: bigint;
    }
  | {
      readonly type: "withdrawalFailed";
      readonly system: Address;
      readonly token: Address;
      readonly user: Address;
      /** The error's data. */
      readonly reason: string;
    }
  /** Both sides agreed to end the epoch. */
  | { readonly type: "closed"; readonly channelId: ChannelId }
  | {
      readonly type: "closing";
      readonly channelId: ChannelId;
      readonly system: Address;
      readonly record: DisputeRecord;
    }
  | { readonly type: "replaced"; readonly channelId: ChannelId; readonly version: bigint }
  | { readonly type: "noteProven"; readonly channelId: ChannelId; readonly seq: bigint; readonly value: bigint }
  | { readonly type: "penalised"; readonly channelId: ChannelId }
  | { readonly type: "settled"; readonly channelId: ChannelId }
  | { readonly type: "registered"; readonly preimage: Hash; readonly time: bigint };

/** A fact, and where it stands. */
export type Sighting = Fact & { readonly at: Place };

const HUB = IChannelHub__factory.createInterface();
const REGISTRY = new Interface(PreimageRegistry__factory.abi);

/** By topic: an interface hashes the name of one event after the other for each log. */
const EVENTS = new Map<string, { readonly contract: Interface; readonly event: EventFragment }>();
for (const contract of [HUB, REGISTRY]) {
  contract.forEachEvent((event) => EVENTS.set(event.topicHash, { contract, event }));
}

/**
 * Reads the events of hub and registry; those that nobody here needs are left out.
 * @throws chain_unreachable if one is not as its contract writes it: then the node did not answer with the chain's
 */
export function sightingsOf(logs: readonly Log[]): Sighting[] {
  return logs.flatMap((log) => {
    const fact = factOf(log);
    const { block, blockHash, index, transaction } = log;
    return fact === undefined ? [] : [{ ...fact, at: { block, blockHash, index, transaction } }];
  });
}

function argumentsOf(contract: Interface, event: EventFragment, { topics, data, transaction }: Log): Result {
  try {
    const args = contract.decodeEventLog(event, data, topics);
    // What cannot be decoded is thrown only where it is read.
    args.toArray(true);
    return args;
  } catch {
    return fail("chain_unreachable", { transaction, reason: `no ${event.name}` });
  }
}

function factOf(log: Log): Fact | undefined {
  const { topics } = log;
  const { contract, event } = EVENTS.get(topics[0] ?? "") ?? {};
  if (contract === undefined || event === undefined) return undefined;
  const { name } = event;
  const args = argumentsOf(contract, event, log);
  const channelId = args["id"] as ChannelId;
  switch (name) {
    case "Deposited":
      return { type: "deposited", channelId, amount: args["amount"] as bigint };
    case "CollateralCommitted":
      return { type: "collateralCommitted", channelId, amount: args["amount"] as bigint };
    case "Withdrawn": {
      const [amount, reclaimed] = [args["amount"] as bigint, args["reclaimed"] as bigint];
      return { type: "withdrawn", channelId, amount, reclaimed };
    }
    case "WithdrawalFailed": {
      const [system, token, user] = (["system", "token", "user"] as const).map((key) => toAddress(args[key] as string));
      return {
        type: "withdrawalFailed",
        system: system!,
        token: token!,
        user: user!,
        reason: args["reason"] as string,
      };
    }
    case "ChannelClosed":
      return { type: "closed", channelId };
    case "ChannelClosing": {
      const record = args["record"] as DisputeRecord;
      const { close, note, funds, paid, stateHash } = record;
      const system = toAddress(args["system"] as string);
      return { type: "closing", channelId, system, record: { close, note, funds, paid, stateHash } };
    }
    case "StateReplaced":
      return { type: "replaced", channelId, version: args["version"] as bigint };
    case "NoteProven":
      return { type: "noteProven", channelId, seq: args["seq"] as bigint, value: args["value"] as bigint };
    case "UserPenalised":
      return { type: "penalised", channelId };
    case "ChannelSettled":
      return { type: "settled", channelId };
    case "PreimageRevealed":
      return { type: "registered", preimage: args["preimage"] as Hash, time: args["time"] as bigint };
    default:
      return undefined;
  }
}
