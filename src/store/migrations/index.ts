import { fail } from "../../errors";
import { ledger } from "./0001_ledger";
import { locks } from "./0002_locks";
import { systems } from "./0003_systems";
import { events } from "./0004_events";
import { callers } from "./0005_callers";
import { webhooks } from "./0006_webhooks";
import { money } from "./0007_money";
import { names } from "./0008_names";
import { chain } from "./0009_chain";
import { journal } from "./0010_journal";
import { lookups } from "./0011_lookups";
import { deliveries } from "./0012_deliveries";
import { refunds } from "./0013_refunds";
import { payouts } from "./0014_payouts";
import { forwards } from "./0015_forwards";
import { publications } from "./0016_publications";
import { publicationRequests } from "./0017_publicationRequests";
import { freezes } from "./0018_freezes";
import { pauses } from "./0019_pauses";
import { returns } from "./0020_returns";
import { losses } from "./0021_losses";
import { appended } from "./0022_appended";
import { lossesSeen } from "./0023_lossesSeen";
import { closings } from "./0024_closings";
import { statistics } from "./0025_statistics";
import { lockPages } from "./0026_lockPages";
import { oneIndex } from "./0027_oneIndex";
import { slimChannels } from "./0028_slimChannels";
import { opened } from "./0029_opened";
import { origins } from "./0030_origins";
import { shortKeys } from "./0031_shortKeys";
import { places } from "./0032_places";
import { parts } from "./0033_parts";
import type { Migration } from "./migration";

/** In their order: the first leads to version 1. */
const MIGRATIONS: readonly Migration[] = [
  ledger,
  locks,
  systems,
  events,
  callers,
  webhooks,
  money,
  names,
  chain,
  journal,
  lookups,
  deliveries,
  refunds,
  payouts,
  forwards,
  publications,
  publicationRequests,
  freezes,
  pauses,
  returns,
  losses,
  appended,
  lossesSeen,
  closings,
  statistics,
  lockPages,
  oneIndex,
  slimChannels,
  opened,
  origins,
  shortKeys,
  places,
  parts,
];

/** The version that this program works with. */
export const NEWEST = MIGRATIONS.length;

/** The versions that were applied, and when (Unix milliseconds). */
export const VERSIONS = {
  create: "CREATE TABLE IF NOT EXISTS schema_versions (version BIGINT PRIMARY KEY, applied BIGINT NOT NULL)",
  latest: "SELECT max(version) AS version FROM schema_versions",
  /** A program that leads under an older schema must not commit into the newer one. */
  depose: "UPDATE leases SET holder = '', term = term + 1, until = 0",
  add: "INSERT INTO schema_versions (version, applied) VALUES ($1, $2)",
};

/**
 * What leads from `version` to the newest schema, in its order. All of it is to be applied in one transaction.
 * @throws newer_schema
 */
export function migrationsFrom(version: number): { version: number; migration: Migration }[] {
  if (version > NEWEST) fail("newer_schema", { got: version, newest: NEWEST });
  return MIGRATIONS.map((migration, i) => ({ version: i + 1, migration })).slice(version);
}
