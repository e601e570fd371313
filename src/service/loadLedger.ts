import { FOLDABLE_NOTES, Ledger } from "../engine";
import type { Address } from "../protocol";
import type { Store } from "../store";

/**
 * A system's ledger as the store has it; of one moment only while nobody commits.
 * @throws store_failed, store_corrupt
 */
export async function loadLedger(store: Store, system: Address): Promise<Ledger> {
  const ledger = new Ledger();
  ledger.apply({ accounts: await store.accounts(system), assets: await store.assets(system) });
  ledger.apply({ channels: await store.channels(system) });
  for (const note of await store.unfoldedNotes(system, FOLDABLE_NOTES)) ledger.keepFoldable(note);
  ledger.apply({ htlcs: await store.openHtlcs(system), preimages: await store.preimages(system) });
  ledger.apply({ terms: await store.terms(system), dayTotals: await store.dayTotals(system) });
  ledger.apply({ invoices: await store.openInvoices(system) });
  return ledger;
}
