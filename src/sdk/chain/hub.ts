import type { Result } from "ethers";

import { fail } from "../../errors";
import {
  BACKINGS,
  toAddress,
  ZERO_ADDRESS,
  type Address,
  type AssetSettings,
  type ChannelId,
  type ChannelKey,
  type Funds,
  type BestNote,
} from "../../protocol";
import { HUB, TOKEN } from "./abi";
import type { BlockTag, ChainNode } from "./chainNode";

/** A channel's parties and token: its key in every epoch. */
export type Parties = Omit<ChannelKey, "epoch">;

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
  readonly bond: bigint;
  readonly claims: bigint;
  readonly awards: bigint;
}

/** The value of a signer in the Solidity enum `NoticeKind`. */
const SIGNER_NOTICE = 2;

/** What the hub says. Every call throws chain_unreachable if the node gives no answer. */
export class Hub {
  constructor(
    readonly address: Address,
    readonly node: ChainNode,
  ) {}

  /** A channel in its current epoch, as of a block; the latest one unless given (section 2). */
  async channel({ system, user, token }: Parties, tag?: BlockTag): Promise<ChannelOnChain> {
    const view = struct(await this.read("channelOf", [{ system, user, token }], tag));
    const shown = struct(view, "shown");
    const [value, seq, locksExpiry] = ["value", "seq", "locksExpiry"].map((name) => number(shown, name));
    return {
      id: text(view, "id") as ChannelId,
      epoch: number(view, "epoch"),
      closing: flag(view, "closing"),
      funds: {
        deposited: number(view, "deposited"),
        withdrawn: number(view, "withdrawn"),
        reclaimed: number(view, "reclaimed"),
        collateral: number(view, "collateral"),
      },
      standingVersion: flag(view, "replaced") ? number(view, "standingVersion") : undefined,
      // The hub stores what was shown only once it differs from what the close brought.
      shown:
        value === 0n && seq === 0n && locksExpiry === 0n
          ? undefined
          : { value: value!, seq: seq!, locksExpiry: locksExpiry! },
      systemCheated: flag(view, "systemCheated"),
    };
  }

  /**
   * What `system` listed `token` with, and its books.
   * @throws unknown_asset
   */
  async asset(system: Address, token: Address, tag?: BlockTag): Promise<AssetOnChain> {
    const asset = struct(await this.read("assetOf", [system, token], tag));
    const backing = BACKINGS[Number(number(asset, "backing"))] ?? fail("unknown_asset", { system, token });
    return {
      settings: {
        backing,
        challengePeriod: number(asset, "challengePeriod"),
        claimWindow: number(asset, "claimWindow"),
        lockLimit: number(asset, "lockLimit"),
        award: number(asset, "award"),
        staleFee: number(asset, "staleFee"),
      },
      reserve: number(asset, "reserve"),
      bond: number(asset, "bond"),
      claims: number(asset, "claimCount"),
      awards: number(asset, "awardCount"),
    };
  }

  /** Whether `signer` signs for the system, and the system has not announced to retire it (section 2). */
  async isSigner(system: Address, signer: Address, tag?: BlockTag): Promise<boolean> {
    const isOne = flag(await this.read("isSigner", [system, signer], tag));
    const notice = struct(await this.read("noticeOf", [system, SIGNER_NOTICE, ZERO_ADDRESS], tag));
    return isOne && number(notice, "value") !== BigInt(signer);
  }

  /** The registry that decides which locks were claimed in time. */
  async registry(): Promise<Address> {
    return toAddress(text(await this.read("registry", [])));
  }

  /** Base units per whole unit, as a power of ten; 18 for native coin. */
  async decimals(token: Address): Promise<number> {
    if (token === ZERO_ADDRESS) return 18;
    const answer = await this.node.read({ to: token, abi: TOKEN, name: "decimals", inputs: [] });
    return Number(number(answer));
  }

  /**
   * What the token calls itself; "ETH" for native coin. Anybody can call a token anything: it names an asset that is known
   * already, no more.
   */
  async symbol(token: Address): Promise<string> {
    if (token === ZERO_ADDRESS) return "ETH";
    return text(await this.node.read({ to: token, abi: TOKEN, name: "symbol", inputs: [] }));
  }

  /** What an account has of a token outside of all channels. */
  async held(token: Address, owner: Address): Promise<bigint> {
    if (token === ZERO_ADDRESS) return BigInt(String(await this.node.ask("eth_getBalance", [owner, "latest"])));
    return number(await this.node.read({ to: token, abi: TOKEN, name: "balanceOf", inputs: [owner] }));
  }

  /** What the hub may take of the owner's tokens. */
  async allowance(token: Address, owner: Address): Promise<bigint> {
    const inputs = [owner, this.address];
    return number(await this.node.read({ to: token, abi: TOKEN, name: "allowance", inputs }));
  }

  protected read(name: string, inputs: readonly unknown[], tag?: BlockTag, from?: Address): Promise<Result> {
    return this.node.read({ to: this.address, abi: HUB, name, inputs }, tag, from);
  }
}

/** A number of what a function answered: a field of a struct by its name, or the one value at 0. */
export function number(answer: Result, at: string | 0 = 0): bigint {
  return item(answer, at) as bigint;
}

export function flag(answer: Result, at: string | 0 = 0): boolean {
  return item(answer, at) as boolean;
}

export function text(answer: Result, at: string | 0 = 0): string {
  return item(answer, at) as string;
}

/** A struct that a function answered, or that is a field of one. */
export function struct(answer: Result, at: string | 0 = 0): Result {
  return item(answer, at) as Result;
}

function item(answer: Result, at: string | 0): unknown {
  return typeof at === "string" ? answer.getValue(at) : answer[at];
}
