/** What stands behind the balances of an asset (section 2). */
export type Backing = "issued" | "reserve" | "collateral";

/** By the values of the contracts' enum `Backing`; 0 is a token that a system does not list. */
export const BACKINGS: readonly (Backing | undefined)[] = [undefined, "issued", "reserve", "collateral"];

/** What a system fixed on chain for a token; times in seconds. */
export interface AssetSettings {
  readonly backing: Backing;
  readonly challengePeriod: bigint;
  readonly claimWindow: bigint;
  readonly lockLimit: bigint;
  /** Paid to a cheated user from the system's bond. */
  readonly award: bigint;
  /** Native coin that a humble close carries. */
  readonly staleFee: bigint;
}

/** 10,000,000,000 whole tokens: the allotment of an account unless the asset's settings say otherwise (section 1). */
export function defaultAllotment(decimals: number): bigint {
  return 10n ** (10n + BigInt(decimals));
}
