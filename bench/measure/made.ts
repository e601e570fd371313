import type { Plan } from "../scenarios/scenario";
import type { Rate, Transport } from "../transports/transport";
import type { Latencies } from "./load";
import { timed } from "./timed";

/** What came of a plan. */
export interface Made {
  readonly payments: number;
  /** Payments a second, over all waves. */
  readonly tps: number;
  /** Of all cores, for all payments. */
  readonly micros: number;
  readonly latencies: Latencies;
  /** Requests a second, wave by wave. */
  readonly waves: readonly { readonly perSecond: number }[];
}

/** What carries out a plan, each wave at its rate; whatever can be done before is done. */
export async function prepared(way: Transport, { payments, waves }: Plan) {
  const all = await way.prepared(waves);
  return async (rateOf: (wave: number) => Rate): Promise<Made> => {
    const done: { readonly perSecond: number }[] = [];
    const latencies: Latencies[] = [];
    let [seconds, micros] = [0, 0];
    for (const [i, wave] of all.entries()) {
      const { result, took } = await timed(() => wave(rateOf(i)));
      latencies.push(result);
      done.push({ perSecond: result.length / took.seconds });
      seconds += took.seconds;
      micros += took.micros;
    }
    return { payments, tps: payments / seconds, micros, latencies: latencies.flat(), waves: done };
  };
}
