import {
  channelIn,
  isLossAlone,
  outsetOf,
  type Command,
  type Ledger,
  type LedgerView,
  type ShownPosition,
} from "../engine";
import { fail } from "../errors";
import {
  digest,
  hashNote,
  hashState,
  recover,
  recoverSystem,
  resynchronise,
  sign,
  type Address,
  type ChannelId,
  type Hash,
  type SystemSignature,
} from "../protocol";
import type { Signing } from "./hosted";
import type { ResynchronisationRequest, Shown } from "./requests";

/** What it takes to resynchronise besides the ledger. */
export interface Resynchronising extends Pick<Signing, "separator" | "keyOf"> {
  /** Whose signatures are the system's. */
  readonly signers: ReadonlySet<Address>;
  /** Unix seconds of the last final block that was taken in; 0 before the first. */
  finalTime(): bigint;
}

const NOTHING: ShownPosition = { state: null, note: null };

/**
 * What U shows, every signature checked.
 * @throws invalid_signature, wrong_signer
 */
export function checkShown(shown: Shown, user: Address, parts: Resynchronising): ShownPosition {
  const { state, note } = shown;
  if (state !== null) {
    const hash = hashState(state.state);
    const signer = recover(digest(parts.separator, hash), state.userSignature);
    if (signer !== user) fail("wrong_signer", { got: signer, want: user });
    requireSystem(hash, state.systemSignature, parts);
  }
  if (note !== null) requireSystem(hashNote(note.note), note.signed, parts);
  return {
    state: state && { state: state.state, outgoing: state.outgoing },
    note: note && { note: note.note, incoming: note.locks },
  };
}

/** The command of a request that a user has signed. */
export function resynchronisation(
  view: LedgerView,
  { type, proposal, signature, shown }: ResynchronisationRequest,
  signer: Address,
  parts: Resynchronising,
): Command {
  const { user } = channelIn(view, proposal.channelId).key;
  const finalTime = parts.finalTime();
  return { type, proposal, signature, signer, shown: checkShown(shown, user, parts), finalTime };
}

/**
 * The same of a hosted channel.
 * @throws unknown_channel, not_hosted, and what the outset throws
 */
export function hostedResynchronisation(view: LedgerView, id: ChannelId, parts: Resynchronising): Command {
  const channel = channelIn(view, id);
  const { user } = channel.key;
  const finalTime = parts.finalTime();
  const key = parts.keyOf(user, view.account(user)?.sealedKey ?? fail("not_hosted", { account: user }));
  const { best, preimages } = outsetOf(view, channel, NOTHING, finalTime);
  const proposal = resynchronise(best, preimages).state;
  const signature = sign(digest(parts.separator, hashState(proposal)), key);
  return { type: "resynchronise", proposal, signature, signer: user, shown: NOTHING, finalTime };
}

/** The hosted channels that only wait to be resynchronised, and can be. */
export function lostHosted(ledger: Ledger, finalTime: bigint): ChannelId[] {
  return [...ledger.waiting].filter((id) => {
    const { freeze, key } = channelIn(ledger, id);
    const isDue = isLossAlone(freeze) && (freeze?.lost ?? 0n) < finalTime;
    return isDue && ledger.account(key.user)?.custody === "hosted";
  });
}

function requireSystem(hash: Hash, signed: SystemSignature, { separator, signers }: Resynchronising): void {
  const signer = recoverSystem(separator, hash, signed);
  if (!signers.has(signer)) fail("wrong_signer", { got: signer, want: [...signers].join(" ") });
}
