import type { Address, ChannelId } from "../../protocol";
import type { Channel } from "./channels";

/** What an account has in one token, in base units; all of it checked. */
export interface Balance {
  readonly token: Address;
  /** Base units per whole unit, as a power of ten. */
  readonly decimals: number;
  readonly channelId: ChannelId;
  readonly balance: bigint;
  /** What can be spent now. */
  readonly available: bigint;
  /** The part of the balance that pending conditional payments may take. */
  readonly locked: bigint;
  /** What comes on top if promised payments are claimed. */
  readonly promised: bigint;
  /** Of a withdrawal that is signed and not final on chain yet. */
  readonly withdrawing: bigint;
  /** `closing`: nothing can be paid or received until the epoch is settled. */
  readonly status: "open" | "closing";
}

export function balanceOf({ key, wallet }: Channel, decimals: number): Balance {
  const { id, balance, available, state, incoming } = wallet;
  return {
    token: key.token,
    decimals,
    channelId: id,
    balance,
    available,
    locked: state.locked,
    promised: incoming.reduce((sum, { amount }) => sum + amount, 0n),
    withdrawing: balance - state.locked - available,
    status: wallet.isFrozen ? "closing" : "open",
  };
}

/** Whether nothing in it changed. */
export function isSame(a: Balance | undefined, b: Balance): boolean {
  return a !== undefined && (Object.keys(b) as (keyof Balance)[]).every((name) => a[name] === b[name]);
}
