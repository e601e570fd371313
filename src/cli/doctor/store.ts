import type { Address } from "../../protocol";
import type { Examination, HubAt } from "../../service/examination";
import { toJsonLine } from "../shown";
import { booksChecks } from "./books";
import { checking, failed, type Check } from "./check";

/** Whether the records of each system in a database agree with each other and, where it is given, with the chain. */
export async function checkStore(url: string, at?: HubAt): Promise<Check[]> {
  const service = await import("../../service/examination");
  let examination: Examination | undefined;
  const opened = await checking("database", async () => {
    examination = await service.Examination.open(url, at);
    return "can be read, without the service";
  });
  if (examination === undefined) return [opened];
  try {
    const systems = await examination.systems();
    const checks = [opened];
    if (systems.length === 0) checks.push(failed("systems", "none was ever led by what uses this database"));
    for (const { system, freeFor } of systems) {
      checks.push(...(freeFor > 0 ? await checkSystem(examination, system) : [led(system)]));
    }
    return checks;
  } finally {
    await examination.close();
  }
}

/** A system that something was asked for, and whether it was done: what a process leads is left as it is. */
export interface Asked {
  readonly system: Address;
  readonly done: boolean;
}

/** Has the systems in a database, or one alone, take in the chain anew when they are started again. */
export function rereadChains(url: string, only?: Address): Promise<Asked[]> {
  return askEach(url, async (examination) => {
    const known = (await examination.systems()).map(({ system }) => system);
    return [
      known.filter((system) => only === undefined || system === only),
      (system) => examination.rereadChain(system),
    ];
  });
}

/** Says of the systems in a database, or of one alone, even of one that it does not know, that they have lost data (S7). */
export function declareLosses(url: string, now: bigint, only?: Address): Promise<Asked[]> {
  return askEach(url, async (examination) => {
    const systems = only === undefined ? (await examination.systems()).map(({ system }) => system) : [only];
    return [systems, (system) => examination.declareLoss(system, now)];
  });
}

async function askEach(
  url: string,
  what: (examination: Examination) => Promise<[readonly Address[], (system: Address) => Promise<boolean>]>,
): Promise<Asked[]> {
  const { Examination } = await import("../../service/examination");
  const examination = await Examination.open(url);
  try {
    const [systems, act] = await what(examination);
    const asked: Asked[] = [];
    for (const system of systems) asked.push({ system, done: await act(system) });
    return asked;
  } finally {
    await examination.close();
  }
}

function led(system: Address): Check {
  return failed(`lease of ${system}`, "a process leads it: stop that first, or ask it without --store");
}

async function checkSystem(examination: Examination, system: Address): Promise<Check[]> {
  const checks: Check[] = [];
  const read = await checking(`records of ${system}`, async () => {
    const { differences, ...reconciliation } = await examination.reconcile(system);
    checks.push(...booksChecks({ ...reconciliation, total: differences.length, differences }));
    const { findings, commits, events } = await examination.verifyJournal(system);
    for (const { kind, ...about } of findings) checks.push(failed(`journal of ${system}: ${kind}`, toJsonLine(about)));
    return `${commits} commits and ${events} events were read`;
  });
  return [read, ...checks];
}
