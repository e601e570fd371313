import { constants, PerformanceObserver, type NodeGCPerformanceDetail } from "node:perf_hooks";
import { getHeapStatistics, setFlagsFromString } from "node:v8";

/** Of what lives. */
const PERCENT = 100;
/** Bytes, where little lives: to collect often then would cost more than this memory. */
const LEAST = 128 * 2 ** 20;

/**
 * Lets as much garbage gather as lives before it is collected, or 128 MiB if that is more. The ledger lives as long as the
 * process; V8 would let several times as much gather beside it.
 */
export function boundGarbage(): void {
  bound();
  new PerformanceObserver((list) => {
    if (list.getEntries().some(isWhole)) bound();
  }).observe({ entryTypes: ["gc"] });
}

function bound(): void {
  const percent = Math.max(PERCENT, Math.ceil((100 * LEAST) / getHeapStatistics().used_heap_size));
  setFlagsFromString(`--heap-growing-percent=${percent}`);
}

/** Whether a collection was of the whole heap, so that what is left lives; the types of Node know of no details. */
function isWhole(collection: object): boolean {
  const { kind } = (collection as { readonly detail: NodeGCPerformanceDetail }).detail;
  return kind === constants.NODE_PERFORMANCE_GC_MAJOR;
}
