import { setTimeout as delay } from "node:timers/promises";

import { OPERATOR_KEY, type MortalService } from "../mortalService";

/** Of the service's process, in MiB. */
export interface Memory {
  /** All that the machine has given it. */
  readonly resident: number;
  /** What lives on the heap or is held by it, garbage included. */
  readonly used: number;
}

const NAMES = {
  resident: ["process_resident_memory_bytes"],
  used: ["nodejs_heap_size_used_bytes", "nodejs_external_memory_bytes"],
} as const;

export async function memoryOf({ url }: MortalService): Promise<Memory> {
  const text = await metricsOf(url);
  const sum = (names: readonly string[]): number => {
    const bytes = names.map((name) => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]));
    return Math.round(bytes.reduce((all, one) => all + one, 0) / 2 ** 20);
  };
  return { resident: sum(NAMES.resident), used: sum(NAMES.used) };
}

/** Asks again while the service is busy. */
async function metricsOf(url: string): Promise<string> {
  for (;;) {
    const headers = { authorization: `Bearer ${OPERATOR_KEY}` };
    const response = await fetch(`${url}/metrics`, { headers }).catch(() => undefined);
    if (response?.ok) return await response.text();
    await delay(100);
  }
}
