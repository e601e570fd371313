import type { AccountService, Request } from "../../src/service";
import { asManyAsItTakes, atRate, type Latencies } from "../measure/load";

/** How requests reach the service. */
export interface Transport {
  /** What makes the requests of each wave: whatever can be done before is done. */
  prepared(waves: readonly (readonly Request[])[]): Promise<readonly Wave[]>;
  close(): Promise<void>;
}

/** Makes the requests of one wave, which arrive at a rate. */
export type Wave = (rate: Rate) => Promise<Latencies>;

/** Requests that arrive per second, or as many as are answered. */
export type Rate = number | "max";

/** The service in this process. */
export function inProcess(service: AccountService): Transport {
  return {
    prepared: (waves) =>
      Promise.resolve(
        waves.map((wave) => {
          const left = wave.toReversed();
          return (rate) => (rate === "max" ? asManyAsItTakes(service, left) : atRate(service, left, rate));
        }),
      ),
    close: () => Promise.resolve(),
  };
}
