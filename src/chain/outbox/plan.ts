import type { Hash } from "../../protocol";
import { patienceFor, type FeePolicy } from "./fees";
import type { Attempt, Item } from "./item";

/** An attempt in a block. */
export interface MinedAttempt {
  readonly hash: Hash;
  readonly block: number;
  readonly succeeded: boolean;
  /** Wei. */
  readonly cost: bigint;
}

/** What the chain shows of an item. */
export interface ItemOnChain {
  /** How many transactions of the sender are mined, as of the latest and of the final block. */
  readonly latestNonce: number;
  readonly finalNonce: number;
  /** The last final block. */
  readonly finalBlock: number;
  /** The attempt that is mined on the branch of the latest block, if one is. */
  readonly mined: MinedAttempt | undefined;
}

/** What is to be done about an item now. */
export type Step =
  | { readonly do: "assign" }
  /** A nonce that another transaction has used for good is of no use. */
  | { readonly do: "unassign" }
  /** Sign the first attempt, or one that offers more; `cancels`: the call itself is too late. */
  | { readonly do: "sign"; readonly cancels: boolean }
  /** Send the newest attempt again: nodes forget. */
  | { readonly do: "send"; readonly attempt: Attempt }
  | { readonly do: "finish"; readonly status: "done" | "failed" | "cancelled"; readonly mined: Hash | null }
  | { readonly do: "wait" };

/**
 * What an item needs: it is carried out once or never, whatever the chain does meanwhile.
 * @param now Unix seconds
 */
export function plan(item: Item, chain: ItemOnChain, now: bigint, policy: FeePolicy): Step {
  const { deadline } = item.call;
  const isLate = deadline !== null && now > deadline;
  if (item.nonce === null) return isLate ? { do: "finish", status: "cancelled", mined: null } : { do: "assign" };
  if (chain.mined !== undefined) return afterMining(item, chain.mined, chain.finalBlock);
  if (chain.finalNonce > item.nonce) return { do: "unassign" };
  if (chain.latestNonce > item.nonce) return { do: "wait" };
  const last = item.attempts[item.attempts.length - 1];
  if (last === undefined) return { do: "sign", cancels: isLate };
  if (isLate && !last.cancels) return { do: "sign", cancels: true };
  const patience = patienceFor(policy, now, isLate ? null : deadline);
  return now - last.signedAt >= patience ? { do: "sign", cancels: last.cancels } : { do: "send", attempt: last };
}

function afterMining(item: Item, { hash, block, succeeded }: MinedAttempt, finalBlock: number): Step {
  if (block > finalBlock) return { do: "wait" };
  const cancels = item.attempts.some((attempt) => attempt.hash === hash && attempt.cancels);
  return { do: "finish", status: cancels ? "cancelled" : succeeded ? "done" : "failed", mined: hash };
}
