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

/** The system, the signer that it has now, and those of earlier ones that the hub has still: what they signed counts (S7). */
export class Signers {
  private readonly earlier = new Set<Address>();

  /** @param isOnHub what the hub says of a key */
  constructor(
    private readonly own: readonly Address[],
    private readonly isOnHub: (signer: Address) => Promise<boolean>,
  ) {}

  has(signer: Address): boolean {
    return this.own.includes(signer) || this.earlier.has(signer);
  }

  /**
   * Asks the hub about whoever signed what is shown.
   * @throws invalid_signature, chain_unreachable
   */
  async ask({ state, note }: Shown, separator: Hash): Promise<void> {
    const signed = [
      ...(state === null ? [] : [recoverSystem(separator, hashState(state.state), state.systemSignature)]),
      ...(note === null ? [] : [recoverSystem(separator, hashNote(note.note), note.signed)]),
    ];
    for (const signer of signed.filter((one) => !this.own.includes(one))) {
      if (await this.isOnHub(signer)) this.earlier.add(signer);
      else this.earlier.delete(signer);
    }
  }
}

/** What it takes to resynchronise besides the ledger. */
export interface Resynchronising extends Pick<Signing, "separator" | "keyOf"> {
  /** Whose signatures are the system's. */
  readonly signers: Signers;
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
  { type, proposal, signature, shown, time }: ResynchronisationRequest,
  signer: Address,
  parts: Resynchronising,
): Command {
  const { user } = channelIn(view, proposal.channelId).key;
  const finalTime = parts.finalTime();
  return { type, proposal, signature, signer, shown: checkShown(shown, user, parts), time, finalTime };
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
  const { best, paid } = outsetOf(view, channel, NOTHING, finalTime);
  const proposal = resynchronise(best, paid, finalTime).state;
  const signature = sign(digest(parts.separator, hashState(proposal)), key);
  return { type: "resynchronise", proposal, signature, signer: user, shown: NOTHING, time: finalTime, finalTime };
}

/** The hosted channels that only wait to be resynchronised, and can be. */
export function lostHosted(ledger: Ledger, finalTime: bigint): ChannelId[] {
  return [...ledger.waiting].filter((id) => {
    const { freeze, key } = channelIn(ledger, id);
    const isDue = isLossAlone(freeze) && freeze?.unread === false && (freeze.lost ?? 0n) < finalTime;
    return isDue && ledger.account(key.user)?.custody === "hosted";
  });
}

function requireSystem(hash: Hash, signed: SystemSignature, { separator, signers }: Resynchronising): void {
  const signer = recoverSystem(separator, hash, signed);
  if (!signers.has(signer)) fail("wrong_signer", { got: signer });
}
