import type { Request } from "../../src/service";
import type { World } from "./world";

/** What is asked of the service, wave by wave: a wave begins when the one before is answered. */
export interface Plan {
  readonly payments: number;
  readonly waves: readonly (readonly Request[])[];
}

export interface Scenario {
  readonly custody: "self" | "hosted";
  /** Everything that owners sign is signed here, before the measurement. */
  readonly plan: (world: World, payments: number) => Plan;
}

/** A plan of independent requests, one for each payment. */
export function eachAlone(payments: number, request: (i: number) => Request): Plan {
  return { payments, waves: [Array.from({ length: payments }, (_, i) => request(i))] };
}
