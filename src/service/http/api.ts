import type { App } from "../../http";
import type { Store } from "../../store";
import type { Crossing, Routes } from "../crossing";
import type { Keystore } from "../keystore";
import type { Listings } from "../listings";
import type { Publishers } from "../liabilities/publishers";
import type { Reconciler } from "../reconciler";
import type { Sides } from "../sides";
import type { Services } from "../services";
import type { Metrics } from "../telemetry/metrics";
import type { Records } from "./records";
import type { Webhooks } from "../webhooks/webhooks";
import type { HttpSettings } from "./settings";
import type { ShownSetting } from "./shownSetting";
import type { Surroundings } from "./surroundings";

/** What the routes are made of. */
export interface Api {
  readonly app: App;
  readonly services: Services;
  readonly sides: Sides;
  readonly store: Store;
  readonly keystore: Keystore;
  readonly records: Records;
  /** The way to accounts of other systems. */
  readonly crossing: Crossing;
  /** The same for those who keep their own keys. */
  readonly routes: Routes;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly settings: HttpSettings;
  readonly metrics: Metrics;
  readonly reconciler: Reconciler;
  readonly listings: Listings;
  readonly webhooks: Webhooks;
  readonly publishers: Publishers;
  /** The host that names of accounts end with. */
  readonly host: string;
  /** What wallets are told of. */
  readonly surroundings: Surroundings;
  readonly shown: readonly ShownSetting[];
}
