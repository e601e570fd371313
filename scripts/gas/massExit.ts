import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import type { ContractTransactionReceipt, ContractTransactionResponse } from "ethers";
import { ethers } from "hardhat";

import {
  addressOf,
  batchLeaf,
  channelId,
  digest,
  domainSeparator,
  emptyNote,
  emptyState,
  encodeSystemSignature,
  hashBatch,
  hashClose,
  hashNote,
  hashState,
  keccakText,
  merkleTree,
  sign,
  toAddress,
  ZERO_HASH,
  type ChannelKey,
  type Hash,
  type Hex,
  type Note,
  type State,
  type SystemSignature,
} from "../../src/protocol";
import {
  deployHub,
  disputeOf,
  NO_APPOINTMENT,
  SETTINGS,
  soon,
  type Fixture,
  type ShownDispute,
} from "../../test/contracts/helpers/fixture";

/** One channel of the mass: closed with an old state and a note, to be answered with the newest. */
export interface ClosedChannel {
  readonly key: ChannelKey;
  readonly dispute: ShownDispute;
  readonly newest: { readonly state: State; readonly userSignature: string; readonly systemSignature: SystemSignature };
  readonly newestNote: { readonly note: Note; readonly systemSignature: SystemSignature };
}

const SIGNER_KEY = keccakText("mass exit signer") as Hex;

/** More than enough: estimating takes longer than the call. */
const GIVEN = { gasLimit: 300_000 };

/**
 * Deposits into `count` channels that were never used before, and closes each humbly with version 1 and note 1, as relayed
 * orders. The answers are signed in one batch whose tree is `depth` deep; they carry pending locks. All that makes an answer
 * dear is there: no slot was written before, the proof is long, the sender is not the system.
 */
export async function closeMany(f: Fixture, count: number, depth: number): Promise<ClosedChannel[]> {
  const { hub, other, system, ref } = f;
  await hub.connect(system).addSigner(addressOf(SIGNER_KEY));
  const { chainId } = await ethers.provider.getNetwork();
  const separator = domainSeparator({ chainId, hub: toAddress(await hub.getAddress()) });
  const signed = (hash: Hash, key: Hex) => sign(digest(separator, hash), key);
  const channels = Array.from({ length: count }, (_, i) => {
    const userKey = keccakText(`mass exit ${i}`) as Hex;
    const [systemAddress, token] = [toAddress(ref.system), toAddress(ref.token)];
    const key = { system: systemAddress, user: addressOf(userKey), token, epoch: 0n };
    const id = channelId(key);
    const old = { ...emptyState(id), version: 1n, net: -10n };
    const oldNote = { ...emptyNote(id), seq: 1n, credited: 5n };
    return { userKey, key, id, old, oldNote };
  });
  const locks = { locked: 7n, locksExpiry: (await soon()) + SETTINGS.lockLimit / 2n, locksRoot: keccakText("locks") };
  const states = channels.map(({ id }) => ({ ...emptyState(id), version: 2n, net: -20n, ...locks }));
  const notes = channels.map(({ id }) => ({ ...emptyNote(id), seq: 2n, credited: 9n }));
  const signatures = batchOf([...states.map(hashState), ...notes.map(hashNote)], depth, (root) =>
    signed(root, SIGNER_KEY),
  );

  const closed: ClosedChannel[] = [];
  for (const [i, { userKey, key, id, old, oldNote }] of channels.entries()) {
    await hub.connect(other).deposit(key, 100n, GIVEN);
    const deadline = await soon();
    const [stateHash, noteHash] = [hashState(old), hashNote(oldNote)];
    const order = hashClose({ channelId: id, party: key.user, stateHash, noteHash, humble: true, deadline });
    const sent = await hub
      .connect(other)
      .close(
        key,
        old,
        oldNote,
        signed(stateHash, SIGNER_KEY),
        signed(noteHash, SIGNER_KEY),
        { party: key.user, humble: true, deadline, signature: signed(order, userKey) },
        { value: SETTINGS.staleFee, ...GIVEN },
      );
    closed.push({
      key,
      dispute: disputeOf(f, await sent.wait()),
      newest: {
        state: states[i]!,
        userSignature: signed(hashState(states[i]!), userKey),
        systemSignature: signatures[i]!,
      },
      newestNote: { note: notes[i]!, systemSignature: signatures[count + i]! },
    });
  }
  return closed;
}

/** Shows the newest state of a closed channel, as anybody. */
export function challengeOf(f: Fixture, { key, dispute, newest }: ClosedChannel, gasLimit?: number) {
  const { state, userSignature, systemSignature } = newest;
  return f.hub
    .connect(f.other)
    .challenge(key, dispute, state, userSignature, encodeSystemSignature(systemSignature), NO_APPOINTMENT, {
      ...(gasLimit !== undefined && { gasLimit }),
    });
}

/** Shows the newest note of a closed and challenged channel, as anybody. */
export function proofOf(f: Fixture, { key, dispute, newest, newestNote }: ClosedChannel) {
  const { note, systemSignature } = newestNote;
  const shown = encodeSystemSignature(systemSignature);
  return f.hub.connect(f.other).prove(key, dispute, newest.state, note, shown, [], NO_APPOINTMENT);
}

/** What the answers to a mass exit take. */
export interface MassExitFigures {
  /** Gas of one answer, by the depth of the batch that it was signed in. */
  readonly challenge: Readonly<Record<number, number>>;
  readonly prove: Readonly<Record<number, number>>;
  /** How many answers one block took, by its gas limit: mined, not computed. */
  readonly perBlock: Readonly<Record<number, number>>;
}

/** The depths of batches of a thousand and of a hundred thousand messages. */
export const DEPTHS = [10, 17] as const;
export const BLOCKS = [30_000_000, 60_000_000] as const;

export async function measureMassExit(): Promise<MassExitFigures> {
  const [challenge, prove]: Record<number, number>[] = [{}, {}];
  for (const depth of DEPTHS) {
    const f = await loadFixture(deployHub);
    const [channel] = await closeMany(f, 1, depth);
    challenge![depth] = await gasOf(challengeOf(f, channel!));
    prove![depth] = await gasOf(proofOf(f, channel!));
  }
  const dearest = Math.max(...Object.values(challenge!));
  const f = await loadFixture(deployHub);
  const closed = await closeMany(f, Math.ceil(Math.max(...BLOCKS) / dearest) + 10, Math.max(...DEPTHS));
  const perBlock: Record<number, number> = {};
  for (const limit of BLOCKS) perBlock[limit] = await fillBlock(f, closed, limit, dearest);
  return { challenge: challenge!, prove: prove!, perBlock };
}

/** Sends all answers at once, mines one block of that limit, and counts what it took; then undoes it. */
async function fillBlock(
  f: Fixture,
  closed: readonly ClosedChannel[],
  limit: number,
  dearest: number,
): Promise<number> {
  const { provider } = ethers;
  const snapshot = (await provider.send("evm_snapshot", [])) as string;
  await provider.send("evm_setBlockGasLimit", [`0x${limit.toString(16)}`]);
  await provider.send("evm_setAutomine", [false]);
  // Calldata differs by a few zero bytes from answer to answer.
  for (const channel of closed) await challengeOf(f, channel, dearest + 500);
  await provider.send("evm_mine", []);
  const block = (await provider.getBlock("latest"))!;
  const receipts = await Promise.all(block.transactions.map((hash) => provider.getTransactionReceipt(hash)));
  await provider.send("evm_revert", [snapshot]);
  await provider.send("evm_setAutomine", [true]);
  const failed = receipts.filter((receipt) => receipt?.status !== 1).length;
  if (failed > 0) throw new Error(`${failed} of ${receipts.length} answers failed`);
  return receipts.length;
}

async function gasOf(sending: Promise<ContractTransactionResponse>): Promise<number> {
  const receipt: ContractTransactionReceipt | null = await (await sending).wait();
  return Number(receipt!.gasUsed);
}

/** One signature on a tree of 2^depth leaves, of which the first are `hashes`. */
function batchOf(hashes: readonly Hash[], depth: number, signRoot: (hash: Hash) => string): SystemSignature[] {
  const filler = batchLeaf(ZERO_HASH);
  const leaves = Array.from({ length: 2 ** depth }, (_, i) => (i < hashes.length ? batchLeaf(hashes[i]!) : filler));
  const tree = merkleTree(leaves);
  const signature = signRoot(hashBatch(tree.root)) as SystemSignature["signature"];
  return hashes.map((_, i) => ({ signature, proof: tree.proof(i) }));
}
