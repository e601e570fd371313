import { fail } from "../../errors";
import {
  checkLockLimit,
  payeeExpiry,
  type Hash,
  type Lock,
  type LockPolicy,
  type StateOperationOf,
} from "../../protocol";
import type { Context } from "../commands";
import type { Asset, Channel } from "../records";
import type { Draft } from "./draft";
import { payableInvoice } from "./invoices";
import { payeeOf } from "./pay";

/**
 * Promises the payee what `payer` locked in `outgoing`, a margin less long, in the same commit (section 7, step 3).
 * @throws bad_expiry, hash_used, invoice_closed, underpaid, and what {@link payeeOf} throws
 */
export function lock(
  draft: Draft,
  payer: Channel,
  outgoing: Lock,
  operation: StateOperationOf<"lock">,
  { locks, now }: Context,
): void {
  const { to, amount, fee, hash, reference } = operation;
  const asset = draft.asset(payer);
  const expiry = payeeExpiry(outgoing.expiry, asset.settings, locks, now);
  const payee = payeeOf(draft.view, payer, asset, to);
  if (isUsed(draft, payee, hash)) fail("hash_used", { hash });
  const invoice = payableInvoice(draft.view, to, operation, now);
  if (invoice !== undefined) draft.keep({ ...invoice, status: "held" });
  draft.note(payee, { type: "receiveLock", from: payer.key.user, amount, hash, expiry, reference });
  const { version } = payer.state;
  draft.move(
    "payment.locked",
    asset,
    { from: payer.key.user, to: "locked", amount: outgoing.amount, reference: hash, party: to },
    { channelId: payer.id, version, fee, expiry: outgoing.expiry, payeeExpiry: expiry, mark: reference },
  );
  draft.open({ payer: payer.id, version, outgoing, payee: payee.id, status: "pending", returnedIn: 0n, over: false });
}

/**
 * Takes the lock that `operation` led to out of those that its state added.
 * @throws unknown_lock if the same state ended it
 */
export function takeLock(added: Lock[], { hash, amount, fee, expiry }: StateOperationOf<"lock">): Lock {
  const place = added.findIndex((one) => one.hash === hash && one.amount === amount + fee && one.expiry === expiry);
  const [taken] = place < 0 ? [] : added.splice(place, 1);
  return taken ?? fail("unknown_lock", { hash });
}

/**
 * Limits what one channel holds in locks, each way (case 30).
 * @throws too_many_locks
 */
export function requireLockLimits(asset: Asset, channel: Channel, { maxCount, maxValue }: LockPolicy): void {
  const most = maxValue[asset.token] ?? asset.allotment;
  checkLockLimit(channel.state, channel.outgoing, maxCount, most);
  checkLockLimit(channel.note, channel.incoming, maxCount, most);
}

/** S8: the payee was promised something under this hash already, or its preimage is known. */
function isUsed(draft: Draft, payee: Channel, hash: Hash): boolean {
  const { view } = draft;
  if (view.preimage(hash) !== undefined || draft.isOpening(payee.id, hash)) return true;
  return [...view.htlcsUnder(hash)].some((htlc) => htlc.payee === payee.id);
}
