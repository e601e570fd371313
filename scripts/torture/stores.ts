import { Option } from "commander";

export const STORES = ["sqlite", "postgres"] as const;
/** The database that the service is tortured on. */
export type StoreKind = (typeof STORES)[number];

/** Which of them; both unless said otherwise. */
export function storeOption(byDefault: StoreKind | "both"): Option {
  return new Option("--store <kind>", "the database").choices([...STORES, "both"]).default(byDefault);
}
