import { fail } from "../errors";
import {
  channelId,
  digest,
  domainSeparator,
  hashState,
  memoOf,
  recover,
  recoverSystem,
  type Address,
  type ChannelKey,
  type Domain,
  type Signature,
  type State,
  type StateOperation,
  type SystemSignature,
} from "../protocol";
import type { SystemSigners } from "./wallet";

/** A complete state as the service shows it, with the operations that led to it. */
export interface StateReceipt {
  readonly channel: ChannelKey;
  readonly state: State;
  /** Null where a very old program did not keep them. */
  readonly operations: readonly StateOperation[] | null;
  readonly userSignature: Signature;
  readonly systemSignature: SystemSignature;
}

/** Against what a receipt is checked; none of it from the service. */
export interface ReceiptChecks {
  readonly domain: Domain;
  /** The account that is to have signed it, and the system. */
  readonly user: Address;
  readonly system: Address;
  /** The system's signers on the hub. */
  readonly signers: SystemSigners;
}

/**
 * Checks that account and system both signed a state, and that it came about by these operations and no others (section 3,
 * `memo`).
 * @returns the operations
 * @throws state_mismatch if channel or operations are not those of the state; wrong_signer, invalid_signature
 */
export async function verifyReceipt(
  { channel, state, operations, userSignature, systemSignature }: StateReceipt,
  { domain, user, system, signers }: ReceiptChecks,
): Promise<readonly StateOperation[]> {
  const id = channelId(channel);
  if (state.channelId !== id) fail("state_mismatch", { got: state.channelId, want: id });
  if (channel.system !== system) fail("wrong_signer", { got: channel.system, want: system });
  const memo = operations === null ? "none" : memoOf(operations);
  if (operations === null || memo !== state.memo) return fail("state_mismatch", { got: memo, want: state.memo });
  const separator = domainSeparator(domain);
  const hash = hashState(state);
  const signer = recover(digest(separator, hash), userSignature);
  if (channel.user !== user || signer !== user) fail("wrong_signer", { got: signer, want: user });
  const countersigner = recoverSystem(separator, hash, systemSignature);
  if (!(await signers.has(countersigner))) fail("wrong_signer", { got: countersigner, want: system });
  return operations;
}
