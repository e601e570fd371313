import type { HubClient } from "../chain";
import { fail } from "../errors";
import {
  channelId,
  digest,
  domainSeparator,
  hashAppointment,
  hashNote,
  hashOfPreimage,
  hashState,
  lockSummary,
  recover,
  recoverSystem,
  type Address,
  type Domain,
  type Hash,
  type Signature,
  type SystemSignature,
} from "../protocol";
import type { Handover } from "./appointed";

/** What a tower wants for its work. */
export interface Terms {
  /** Where its rewards go. */
  readonly address: Address;
  /** The least share of a forfeit, in hundredths of a per cent; 0: an appointment is not needed. */
  readonly leastShare: number;
}

/**
 * Checks everything that is handed over of a channel against the keys that the hub knows.
 * @param caller who hands over: the channel's user, or the key that it added
 * @param now Unix seconds
 * @throws forbidden, unknown_channel, wrong_signer, invalid_signature, invalid_proof, wrong_preimage, bad_appointment,
 * out_of_range, chain_unreachable
 */
export async function verify(
  hub: HubClient,
  domain: Domain,
  handover: Handover,
  caller: Address,
  terms: Terms,
  now: bigint,
): Promise<void> {
  const { key, completed, held } = handover;
  const id = channelId(key);
  const separator = domainSeparator(domain);
  const added = await hub.userSigner(id);
  const requireUser = (structHash: Hash, signature: Signature): void => {
    const signer = recover(digest(separator, structHash), signature);
    if (signer !== key.user && signer !== added) fail("wrong_signer", { got: signer, want: key.user });
  };
  const requireSystem = async (structHash: Hash, signed: SystemSignature): Promise<void> => {
    const signer = recoverSystem(separator, structHash, signed);
    if (!(await hub.isSigner(key.system, signer))) fail("wrong_signer", { got: signer, want: key.system });
  };

  if (caller !== key.user && caller !== added) fail("forbidden", { caller, want: key.user });
  for (const paper of [completed?.state, held?.note]) {
    if (paper !== undefined && paper.channelId !== id) fail("unknown_channel", { got: paper.channelId, want: id });
  }
  checkAppointment(handover, terms, now, (structHash, signature) => requireUser(structHash, signature));
  if (completed !== undefined) {
    if (completed.state.version === 0n) fail("out_of_range", { version: 0n });
    const structHash = hashState(completed.state);
    requireUser(structHash, completed.userSignature);
    await requireSystem(structHash, completed.systemSignature);
  }
  if (held !== undefined) {
    if (held.note.seq === 0n) fail("out_of_range", { seq: 0n });
    await requireSystem(hashNote(held.note), held.signed);
  }
  checkLocks(handover);
}

function checkLocks({ held, preimages }: Handover): void {
  const locks = held?.locks ?? [];
  const { locked, locksExpiry, locksRoot } = lockSummary(locks);
  const { note } = held ?? { note: lockSummary([]) };
  if (locked !== note.locked || locksExpiry !== note.locksExpiry || locksRoot !== note.locksRoot) {
    fail("invalid_proof", { locksRoot, want: note.locksRoot, locked });
  }
  const hashes = new Set(locks.map(({ hash }) => hash));
  for (const preimage of preimages) {
    const hash = hashOfPreimage(preimage);
    if (!hashes.has(hash)) fail("wrong_preimage", { hash, reason: "it is of none of the note's locks" });
  }
}

/** @throws bad_appointment, wrong_signer */
function checkAppointment(
  { key, appointment: signed }: Handover,
  { address, leastShare }: Terms,
  now: bigint,
  requireUser: (structHash: Hash, signature: Signature) => void,
): void {
  if (signed === undefined) {
    if (leastShare > 0) fail("bad_appointment", { tower: address, leastShare });
    return;
  }
  const { appointment, signature } = signed;
  const { channelId: id, party, tower, shareBps, until } = appointment;
  const fits = id === channelId(key) && party === key.user && tower === address && until > now;
  if (!fits || shareBps < leastShare || shareBps > 10_000) {
    fail("bad_appointment", { tower: address, leastShare, until, now });
  }
  requireUser(hashAppointment(appointment), signature);
}
