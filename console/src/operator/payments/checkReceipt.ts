import { fail } from "../../../../src/errors";
import {
  batchLeaf,
  domainSeparator,
  hashState,
  processProof,
  recoverSystem,
  type Address,
  type ChannelId,
  type Hash,
  type StateOperation,
} from "../../../../src/protocol";
import type { AdministrationApi } from "../../../../src/sdk/administration";
import { Hub, type ChainNode } from "../../../../src/sdk/chain";
import { verifyReceipt } from "../../../../src/sdk/verifyReceipt";
import type { System } from "../../data/service";

/** What was found of a state's receipt; all of it was computed here. */
export interface Proven {
  readonly version: bigint;
  readonly signer: Address;
  /** The root that the system signed, and the hashes that lead to it; without them it signed the state itself. */
  readonly batch: { readonly root: Hash; readonly proof: readonly Hash[] } | undefined;
  readonly operations: readonly StateOperation[];
  /** Whether a node of the chain was asked for the system's signers. */
  readonly byChain: boolean;
}

interface Claim {
  readonly channel: ChannelId;
  readonly version: bigint;
  /** What the state is to have done. */
  readonly includes: (operation: StateOperation) => boolean;
}

/**
 * Fetches the state that a payment was made by, and checks both signatures, the way to the signed root, the signer, and
 * that the payment is among its operations.
 * @throws state_mismatch, wrong_signer, invalid_signature, and what the calls throw
 */
export async function checkReceipt(
  admin: AdministrationApi,
  { address, chainId, hub, signer: named }: System,
  node: ChainNode | undefined,
  { channel, version, includes }: Claim,
): Promise<Proven> {
  const receipt = await admin.receipt(channel, version);
  const domain = { chainId, hub };
  const chain = node && new Hub(hub, node);
  const has = async (signer: Address) =>
    chain === undefined ? signer === named : await chain.isSigner(address, signer);
  const checks = { domain, user: receipt.channel.user, system: address, signers: { has } };
  const operations = await verifyReceipt(receipt, checks);
  if (!operations.some(includes)) fail("state_mismatch", { reason: "this payment is not in it" });
  const { state, systemSignature } = receipt;
  const [hash, { proof }] = [hashState(state), systemSignature];
  return {
    ...{ version: state.version, operations, byChain: chain !== undefined },
    signer: recoverSystem(domainSeparator(domain), hash, systemSignature),
    batch: proof.length === 0 ? undefined : { root: processProof(batchLeaf(hash), proof), proof },
  };
}
