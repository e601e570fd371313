import type { Asset } from "../../engine";
import type { AccountService } from "../accountService";

/** A value, and what it is of. */
export type Labelled = [labels: Record<string, string>, value: bigint | number];

/** What can be read of a service at any time. */
interface ServiceGauge {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly read: (service: AccountService) => Labelled[];
}

/** Of each system; amounts are base units of the asset, as near as a floating-point number comes. */
export const GAUGES: readonly ServiceGauge[] = [
  ofService("starledger_lease_held", "1 while this process leads the system and takes requests.", ({ status }) =>
    status.leads ? 1 : 0,
  ),
  ofService("starledger_lease_term", "Term of the lease; it rises with every leader.", ({ status }) => status.term),
  ofService("starledger_last_commit", "Number of the last commit.", ({ status }) => status.lastCommit),
  ofService("starledger_accounts", "Accounts of the system.", ({ status }) => status.accounts),
  ofService("starledger_queue_requests", "Requests that wait for the next commit.", ({ status }) => status.waiting),
  ofService("starledger_queue_limit_requests", "Requests that may wait; more are refused.", ({ status }) => {
    return status.queueLimit;
  }),
  ofService(
    "starledger_resynchronising_channels",
    "Channels that wait to begin anew after a loss of data.",
    ({ resynchronising }) => resynchronising,
  ),
  ofService(
    "starledger_signatures_made",
    "Signatures made since the start.",
    ({ counters }) => counters.signaturesMade,
  ),
  ofService("starledger_signatures_verified", "Users' signatures checked since the start.", ({ counters }) => {
    return counters.signaturesVerified;
  }),
  ofAsset("starledger_liabilities_base_units", "What the system owes its customers.", ({ liabilities }) => liabilities),
  ofAsset("starledger_liabilities_limit_base_units", "The most that it may owe.", ({ limit }) => limit),
  ofAsset("starledger_crediting_paused", "1 while nobody is credited in it.", ({ paused }) =>
    paused === null ? 0 : 1,
  ),
];

function ofService(name: string, help: string, value: (service: AccountService) => bigint | number): ServiceGauge {
  return { name, help, labels: [], read: (service) => [[{}, value(service)]] };
}

function ofAsset(name: string, help: string, value: (asset: Asset) => bigint | number): ServiceGauge {
  const read = (service: AccountService) =>
    [...service.assets()].map((asset): Labelled => [{ token: asset.token }, value(asset)]);
  return { name, help, labels: ["token"], read };
}
