import { maximum, minimum } from "../../protocol";

/** What a transaction offers, in wei per gas (EIP-1559). */
export interface Fees {
  readonly maxFee: bigint;
  readonly tip: bigint;
}

/** The market that a transaction is sent into. */
export interface FeeMarket {
  /** Of the latest block, in wei per gas. */
  readonly baseFee: bigint;
  /** What the node takes for a usual tip. */
  readonly tip: bigint;
}

/** How far an operator goes. */
export interface FeePolicy {
  /** Wei per gas that no transaction offers more than. */
  readonly cap: bigint;
  /** Seconds until a transaction that was not mined is sent with more, while there is time. */
  readonly patience: bigint;
}

/** Nodes replace a transaction only for so much more, in percent. */
const LEAST_RAISE = 13n;
/** Looks that are left before the deadline at which a transaction is raised with every look. */
const LOOKS = 8n;
const SHORTEST = 4n;

/**
 * What the next attempt offers: twice the base fee, so that it stays valid while that rises for six blocks, and a tip that
 * doubles with every attempt; in any case enough for nodes to replace the one before.
 * @returns undefined where the cap allows nothing that nodes would take
 */
export function feesFor(market: FeeMarket, before: readonly Fees[], { cap }: FeePolicy): Fees | undefined {
  const last = before[before.length - 1];
  const wanted = maximum(market.tip, 1n) << minimum(BigInt(before.length), 16n);
  const tip = last === undefined ? wanted : maximum(wanted, raised(last.tip));
  const maxFee = maximum(2n * market.baseFee + tip, last === undefined ? 0n : raised(last.maxFee));
  const capped = { maxFee: minimum(maxFee, cap), tip: minimum(tip, cap) };
  if (last !== undefined && (capped.maxFee < raised(last.maxFee) || capped.tip < raised(last.tip))) return undefined;
  return capped.maxFee < market.baseFee ? undefined : capped;
}

/** How long, in seconds, an attempt is given before the next: ever shorter towards the deadline. */
export function patienceFor({ patience }: FeePolicy, now: bigint, deadline: bigint | null): bigint {
  return deadline === null ? patience : maximum(SHORTEST, minimum(patience, (deadline - now) / LOOKS));
}

function raised(fee: bigint): bigint {
  return (fee * (100n + LEAST_RAISE) + 99n) / 100n;
}
