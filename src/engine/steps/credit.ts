import { fail } from "../../errors";
import { checkCredit, hashNote, nextNote, type Address, type NoteOperation } from "../../protocol";
import type { Asset, Channel, IssuedNote } from "../records";
import { systemView, type LedgerView } from "../view";

/** A channel with one more note, and that note. */
export interface Credited {
  readonly channel: Channel;
  readonly issued: IssuedNote;
}

/**
 * Gives U a note of `operations`, within its allotment and what the channel's collateral covers.
 * @throws allotment_exceeded, not_covered, invalid_amount
 */
export function credit(
  view: LedgerView,
  channel: Channel,
  asset: Asset,
  operations: readonly NoteOperation[],
): Credited {
  const note = nextNote(channel.note, operations);
  checkCredit(systemView(view, channel), note.credited - channel.note.credited, asset.settings, asset.allotment);
  return { channel: { ...channel, note }, issued: { note, hash: hashNote(note), user: channel.key.user } };
}

/**
 * What the system owes in all, `change` more than before; more only as far as the backing goes (case 31).
 * @throws not_covered
 */
export function withLiabilities(asset: Asset, change: bigint): Asset {
  const liabilities = asset.liabilities + change;
  if (change > 0n && asset.settings.backing !== "collateral" && liabilities > asset.limit) {
    fail("not_covered", { liabilities, limit: asset.limit });
  }
  return { ...asset, liabilities };
}

/** @throws self_payment */
export function requireOther(payer: Address, payee: Address): void {
  if (payer === payee) fail("self_payment", { account: payer });
}
