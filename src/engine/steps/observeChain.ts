import { hashOfPreimage, type Hash } from "../../protocol";
import type { CommandOf } from "../commands";
import type { Htlc } from "../records";
import type { Changes, LedgerView } from "../view";
import { Draft } from "./draft";
import { isFree, lapse, learn, settle } from "./htlc";

/**
 * Takes over what the final chain says of locks: those whose preimage was registered in time are paid, whatever S was
 * given; those whose expiry is final without that have lapsed (S3, section 7 steps 4 and 6).
 */
export function observeChain(view: LedgerView, command: CommandOf<"observeChain">): Changes {
  const { finalTime, registered } = command;
  const draft = new Draft(view);
  const settled = new Set<Htlc>();
  for (const { preimage, time } of registered) {
    const hash = hashOfPreimage(preimage);
    if (isRegistered(view, hash)) continue;
    learn(draft, { hash, preimage, registeredAt: time });
    for (const htlc of view.htlcsUnder(hash)) {
      if (time >= htlc.incoming.expiry || !isClaimable(view, htlc)) continue;
      settle(draft, htlc, preimage);
      settled.add(htlc);
    }
  }
  for (const htlc of view.openHtlcs()) {
    if (finalTime > htlc.incoming.expiry && !settled.has(htlc)) lapse(draft, htlc);
  }
  return draft.finish(false);
}

/** The earliest registration counts. */
function isRegistered(view: LedgerView, hash: Hash): boolean {
  return (view.preimage(hash)?.registeredAt ?? null) !== null;
}

/** The payee was not paid, and can still show a note that pays it. */
function isClaimable(view: LedgerView, htlc: Htlc): boolean {
  return htlc.status === "pending" || (htlc.status === "failed" && !isFree(view, htlc));
}
