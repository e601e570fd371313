import { Buffer } from "buffer";

import { fromHex, keccak, keccakText } from "./primitives";
import type { Address, ChannelId, Hash } from "./types";
import { Words } from "./words";

/** What a system publishes of one token: what it owes, what stands behind it, and how far its journal had come (section 9). */
export interface LiabilityStatement {
  readonly system: Address;
  readonly token: Address;
  /** From 0 on, without gaps, per token. */
  readonly period: bigint;
  /** Of the sum tree over all its channels. */
  readonly root: Hash;
  /** Base units, as all that follow. */
  readonly total: bigint;
  readonly reserve: bigint;
  readonly bond: bigint;
  /** What may still be issued; 0 for a token that the system does not issue. */
  readonly issueLimit: bigint;
  /** The final block that balances, reserve, bond and issue limit are as of. */
  readonly block: bigint;
  /** The last commit that balances are as of, and the head of the journal after it. */
  readonly commit: bigint;
  readonly head: Hash;
}

/** Under which the hash of a statement is recorded by the anchor contract. */
export const STATEMENT_TOPIC = keccakText("Starledger liability statement");

const words = new Words(11);

/**
 * What is recorded of a statement: keccak256 of its fields, ABI-encoded in their order.
 * @throws out_of_range, invalid_hex
 */
export function hashStatement(statement: LiabilityStatement): Hash {
  const { system, token, period, root, total, reserve, bond, issueLimit, block, commit, head } = statement;
  words.start().address(system).address(token).uint64(period).hash(root).uint128(total);
  words.uint128(reserve).uint128(bond).uint256(issueLimit).uint64(block).uint64(commit).hash(head);
  return keccak(words.done());
}

/** The salt of a channel's leaf under the secret of a publication: it tells nothing of other channels' salts. */
export function liabilitySalt(secret: Hash, channelId: ChannelId): Hash {
  return keccak(Buffer.concat([fromHex(secret), fromHex(channelId)]));
}
