import type { Finality } from "../../chain/watch";
import type { SettlementPolicy } from "../settlement";
import type { CheckedSettings } from "./settings";

const GWEI = 10n ** 9n;

/** How the service keeps up with its chain. */
export interface FollowSettings {
  /** Null: as the chain says; on the local one, at once. */
  readonly finality: Finality | null;
  /** Milliseconds between two looks at it. */
  readonly interval: number;
  /** Wei per gas. */
  readonly gasCap: bigint;
  /** Seconds until a transaction that was not mined is sent with more. */
  readonly gasPatience: bigint;
  /** Wei that each of these keys should have at least. */
  readonly leastBalance: bigint;
  /** Wei that each of them spends in 24 hours at most; null for no cap. */
  readonly dailyCap: bigint | null;
  readonly settlement: Omit<SettlementPolicy, "margin">;
  /** Seconds until a payer that vanished is closed on; null for never. */
  readonly closeAfter: bigint | null;
  /** Seconds from one publication of what is owed to the next; 0 for none by itself. */
  readonly proofInterval: bigint;
}

export function followSettings(settings: CheckedSettings): FollowSettings {
  const { STARLEDGER_FINALITY: finality } = settings;
  return {
    finality: typeof finality === "number" ? { confirmations: finality } : (finality ?? null),
    interval: 1_000 * settings.STARLEDGER_CHAIN_SECONDS,
    gasCap: GWEI * settings.STARLEDGER_GAS_CAP_GWEI,
    gasPatience: settings.STARLEDGER_GAS_SECONDS,
    leastBalance: GWEI * settings.STARLEDGER_GAS_LEAST_GWEI,
    dailyCap: settings.STARLEDGER_GAS_DAY_GWEI === undefined ? null : GWEI * settings.STARLEDGER_GAS_DAY_GWEI,
    closeAfter: settings.STARLEDGER_CLOSE_SECONDS || null,
    settlement: {
      most: settings.STARLEDGER_SETTLE_BATCH,
      patience: settings.STARLEDGER_SETTLE_SECONDS,
      ceiling: settings.STARLEDGER_SETTLE_GWEI === undefined ? null : GWEI * settings.STARLEDGER_SETTLE_GWEI,
      longest: settings.STARLEDGER_SETTLE_LONGEST_SECONDS,
    },
    proofInterval: settings.STARLEDGER_PROOF_SECONDS,
  };
}
