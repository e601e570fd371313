import { Interface } from "ethers";

import {
  encodeSystemSignature,
  ZERO_HASH,
  type Address,
  type ChannelKey,
  type CompleteState,
  type DisputeRecord,
  type Hash,
  type Hex,
  type LockEvidence,
  type Note,
  type Signature,
  type SignedAppointment,
  type SignedNote,
  type State,
} from "../../protocol";
import { IChannelHub__factory, PreimageRegistry__factory } from "../../../typechain-types";

const HUB = IChannelHub__factory.createInterface();
const REGISTRY = new Interface(PreimageRegistry__factory.abi);

/** As the hub takes it: `tower 20 | shareBps 2 | until 8 | signature`; empty for none. */
export function encodeAppointment(signed: SignedAppointment | undefined): Hex {
  if (signed === undefined) return "0x";
  const { tower, shareBps, until } = signed.appointment;
  const [share, end] = [shareBps.toString(16).padStart(4, "0"), until.toString(16).padStart(16, "0")];
  return `${tower}${share}${end}${signed.signature.slice(2)}` as Hex;
}

/** What a system closes with, and the order that lets anybody send it. */
export interface SystemClose {
  readonly key: ChannelKey;
  /** With the user's signature; the empty state has none. */
  readonly state: State;
  readonly userSignature: Signature | undefined;
  readonly note: Note;
  /** Unix seconds. */
  readonly deadline: bigint;
  readonly signature: Signature;
}

/** The call that starts to close as the system, with its latest state and note (section 6). */
export function encodeSystemClose({ key, state, userSignature, note, deadline, signature }: SystemClose): Hex {
  const order = { party: key.system, humble: false, deadline, signature };
  return HUB.encodeFunctionData("close", [key, state, note, userSignature ?? "0x", "0x", order]) as Hex;
}

/** The call that shows a newer complete state on a pending close. */
export function encodeChallenge(
  key: ChannelKey,
  record: DisputeRecord,
  { state, userSignature, systemSignature }: CompleteState,
  appointed?: SignedAppointment,
): Hex {
  const signatures = [userSignature, encodeSystemSignature(systemSignature)] as const;
  const words = [key, record, state, ...signatures, encodeAppointment(appointed)] as const;
  return HUB.encodeFunctionData("challenge", [...words]) as Hex;
}

/** The call that shows a note on a pending close, with locks of it. */
export function encodeProve(
  key: ChannelKey,
  record: DisputeRecord,
  standing: State,
  { note, signed }: SignedNote,
  locks: readonly LockEvidence[],
  appointed?: SignedAppointment,
): Hex {
  const shown = [encodeSystemSignature(signed), lockProofs(locks), encodeAppointment(appointed)] as const;
  return HUB.encodeFunctionData("prove", [key, record, standing, note, ...shown]) as Hex;
}

/** The call by which a system, or its watchtower, shows locks of a state, on a pending close or before any. */
export function encodeProveLocks(
  key: ChannelKey,
  record: DisputeRecord,
  state: State,
  locks: readonly LockEvidence[],
  appointed?: SignedAppointment,
): Hex {
  const shown = [lockProofs(locks), encodeAppointment(appointed)] as const;
  return HUB.encodeFunctionData("proveLocksOfState", [key, record, state, ...shown]) as Hex;
}

/** The call that pays everyone their due. */
export function encodeSettle(key: ChannelKey, record: DisputeRecord, standing: State): Hex {
  return HUB.encodeFunctionData("settle", [key, record, standing]) as Hex;
}

/** The call by which an account collects for itself what a token refused to pay to it. */
export function encodeCollectOwed(token: Address, recipient: Address): Hex {
  return HUB.encodeFunctionData("collectOwed", [token, recipient]) as Hex;
}

/** The call to the registry that makes preimages public. */
export function encodeReveal(preimages: readonly Hash[]): Hex {
  return REGISTRY.encodeFunctionData("revealMany", [[...preimages]]) as Hex;
}

/** Locks as the hub takes them; a zero preimage asks the registry. */
export function lockProofs(locks: readonly LockEvidence[]) {
  return locks.map(({ lock, proof, preimage }) => ({ ...lock, preimage: preimage ?? ZERO_HASH, proof: [...proof] }));
}
