import { FOLDABLE_NOTES, Ledger } from "../engine";
import type { Address } from "../protocol";
import type { Store } from "../store";

/**
 * A system's ledger as the store has it; of one moment only while nobody commits.
 * @throws store_failed, store_corrupt
 */
export async function loadLedger(store: Store, system: Address): Promise<Ledger> {
  const ledger = new Ledger();
  const { ledger: rows } = store;
  ledger.apply({ assets: await rows.assets(system) });
  for await (const accounts of rows.accounts(system)) ledger.apply({ accounts });
  for await (const channels of rows.channels(system)) ledger.load(channels);
  for (const note of await rows.unfoldedNotes(system, FOLDABLE_NOTES)) ledger.keepFoldable(note);
  ledger.apply({ htlcs: await rows.openHtlcs(system), preimages: await rows.preimages(system) });
  ledger.apply({ terms: await rows.terms(system), dayTotals: await rows.dayTotals(system) });
  ledger.apply({ invoices: await rows.openInvoices(system) });
  return ledger;
}
