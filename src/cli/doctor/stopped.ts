import type { Command } from "commander";

import type { Address } from "../../protocol";
import { address } from "../arguments";
import { EXIT } from "../exitCodes";
import { shown, type Shown } from "../shown";
import { table } from "../tables";

/** What is done to the database of systems that are stopped. */
export interface StoppedOptions {
  readonly store: string;
  readonly system?: Address;
}

/** @param which systems it is done to */
export function takesStopped(command: Command, which: string): Command {
  return command
    .requiredOption("--store <url>", "`sqlite:FILE` or `postgres://USER@HOST/DATABASE`, its password as PGPASSWORD")
    .option("--system <address>", which, address);
}

/** What became of each system; a failure unless it was done to all of them, and to one at least. */
export function shownOfStopped(
  systems: readonly { readonly system: Address; readonly done: boolean }[],
  words: { readonly column: string; readonly done: string; readonly led: string; readonly none: string },
): Shown {
  const isDone = systems.length > 0 && systems.every(({ done }) => done);
  return shown(
    { systems },
    (data) =>
      table(
        ["System", words.column],
        data.systems.map(({ system, done }) => [
          system,
          done ? words.done : `${words.led}: a process leads the system; stop that first`,
        ]),
        words.none,
      ),
    isDone ? EXIT.done : EXIT.failed,
  );
}
