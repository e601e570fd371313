import type * as z from "zod";

import { fail, StarledgerError } from "../../errors";
import { channelId, checkInclusion, type ChannelId, type LiabilityStatement } from "../../protocol";
import type { liabilityProof } from "../../wire";
import type { Anchor } from "../chain/anchor";
import { backingOf, type Backing } from "../chain/backing";
import { fundsAt } from "../chain/fundsAt";
import type { Hub, Parties } from "../chain";
import type { WalletRecord } from "../store";
import { OwnRecords } from "./ownRecords";

/** What a service says that it published of a channel; nothing of it is believed before it is checked. */
export type LiabilityProof = z.output<typeof liabilityProof>;

/** Against what a proof is checked; none of it from the service. */
export interface LiabilityChecks {
  /** By the user's own node. */
  readonly hub: Hub;
  readonly anchor: Anchor;
  /** Whose channel it is to be. */
  readonly channel: Parties;
  /** All that the account's owner has of its channels; without them the balance is not compared. */
  readonly records?: readonly WalletRecord[];
  /** Whether a newer one was published: what backs the token now says nothing of this one then. */
  readonly isSuperseded?: boolean;
}

/** A channel that is in what the chain has of what was published. */
export interface VerifiedLiability {
  readonly statement: LiabilityStatement;
  readonly channelId: ChannelId;
  /** Base units. */
  readonly balance: bigint;
  /** What stands behind the token by the user's own node, as of the statement's block, or now where the node has no older state. */
  readonly backing: Backing & { readonly asOf: "publication" | "now" };
}

/**
 * Checks that what a system published of a channel is there for all to see, and is true as far as its owner can know (section
 * 9): the path leads from the salted leaf to root and total, both are anchored on the final chain together with the statement,
 * the balance is what the owner's own records and node say and not an older one, and what stands behind the token is as stated
 * and covers the total.
 * @throws invalid_proof, not_published, publication_pending, balance_mismatch, balance_outdated, backing_mismatch,
 * not_backed; epoch_over, closing_pending, balance_unknown if its balance cannot be compared; unknown_asset, chain_unreachable
 */
export async function verifyLiability(proof: LiabilityProof, checks: LiabilityChecks): Promise<VerifiedLiability> {
  const { hub, channel, records, isSuperseded = false } = checks;
  const { statement } = proof.publication;
  const { leaf } = proof;
  requirePlace(proof, channel);
  await requirePublished(statement, checks);
  if (records !== undefined) await requireOwn(proof, hub, channel, records);
  const backing = await requireBacked(statement, hub, isSuperseded);
  return { statement, channelId: leaf.channelId, balance: leaf.balance, backing };
}

/** An account's channels differ by their epochs alone; nobody gets to thousands of them. */
const EPOCHS = 1_000n;

function requirePlace({ publication: { statement }, leaf, path }: LiabilityProof, channel: Parties): void {
  const { system, token, root, total } = statement;
  if (system !== channel.system || token !== channel.token) {
    fail("invalid_proof", { got: `${system} ${token}`, want: `${channel.system} ${channel.token}` });
  }
  let epoch = 0n;
  while (epoch < EPOCHS && channelId({ ...channel, epoch }) !== leaf.channelId) epoch++;
  if (epoch === EPOCHS) fail("invalid_proof", { channel: leaf.channelId, of: channel.user });
  checkInclusion(leaf, path, { hash: root, sum: total });
}

async function requirePublished(statement: LiabilityStatement, { anchor }: LiabilityChecks): Promise<void> {
  if (await anchor.has(statement, "finalized")) return;
  const { period, root, total } = statement;
  const isOnItsWay = await anchor.has(statement, "latest");
  fail(isOnItsWay ? "publication_pending" : "not_published", { anchor: anchor.address, period, root, total });
}

async function requireOwn(
  { publication: { statement }, leaf, version, seq }: LiabilityProof,
  hub: Hub,
  channel: Parties,
  records: readonly WalletRecord[],
): Promise<void> {
  const { channelId: id, balance: got } = leaf;
  const own = new OwnRecords(id, records);
  const { time } = await hub.node.block(statement.block);
  const held = own.heldBefore(time);
  if (version < held.version || seq < held.seq) {
    fail("balance_outdated", { channel: id, version, seq, heldVersion: held.version, heldSeq: held.seq });
  }
  const { least, most } = own.balanceRange(await fundsAt(hub, channel, id, statement.block), { version, seq });
  if (got < least || got > most) fail("balance_mismatch", { channel: id, got, least, most });
}

async function requireBacked(
  statement: LiabilityStatement,
  hub: Hub,
  isSuperseded: boolean,
): Promise<VerifiedLiability["backing"]> {
  const { system, token, block, total } = statement;
  const then = await backingOf(hub, system, token, block).catch(unlessForgotten);
  const backing = then ?? (await backingOf(hub, system, token, "finalized"));
  if (then !== undefined) {
    for (const name of ["reserve", "bond", "issueLimit"] as const) {
      if (statement[name] !== then[name]) fail("backing_mismatch", { [name]: statement[name], onChain: then[name] });
    }
  }
  const { reserve, issueLimit } = then === undefined && isSuperseded ? statement : backing;
  const covered = reserve + issueLimit;
  if (backing.kind !== "collateral" && total > covered) fail("not_backed", { total, covered });
  return { ...backing, asOf: then === undefined ? "now" : "publication" };
}

/** Nodes that are no archives forget the states of older blocks. */
function unlessForgotten(error: unknown): undefined {
  if (!(error instanceof StarledgerError) || error.code !== "chain_unreachable") throw error;
}
