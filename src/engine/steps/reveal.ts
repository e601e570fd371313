import { fail } from "../../errors";
import { hashOfPreimage } from "../../protocol";
import type { CommandOf, Context } from "../commands";
import { isOpen, type Changes, type LedgerView } from "../view";
import { Draft } from "./draft";
import { learn, settle } from "./htlc";

/**
 * Pays everyone who was promised something under the preimage's hash (section 7, step 4). Once more changes nothing.
 * @throws unknown_lock, lock_expired, channel_frozen: then it must be registered on chain, in time
 */
export function reveal(view: LedgerView, { preimage }: CommandOf<"reveal">, { now }: Context): Changes {
  const hash = hashOfPreimage(preimage);
  const promised = [...view.htlcsUnder(hash)].filter(({ status }) => status === "pending");
  const [first] = promised;
  if (first === undefined) return view.preimage(hash) === undefined ? fail("unknown_lock", { hash }) : {};
  const inTime = promised.filter(({ incoming }) => now < incoming.expiry);
  if (inTime.length === 0) return fail("lock_expired", { hash, expiry: first.incoming.expiry, now });
  const payable = inTime.filter(({ payee }) => isOpen(view.channel(payee)));
  if (payable.length === 0) return fail("channel_frozen", { channel: first.payee });

  const draft = new Draft(view);
  for (const htlc of payable) settle(draft, htlc, preimage);
  learn(draft, { hash, preimage });
  return draft.finish(false);
}
