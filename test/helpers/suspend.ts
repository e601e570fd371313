import { execFileSync, type ChildProcess } from "node:child_process";

import type { TestDatabase } from "./databases";

/** Lets a process stand still, while it holds no lock of a whole database, which would stop everybody. */
export function suspend(child: ChildProcess, database: TestDatabase, url: string): void {
  database.whileQuiet(url, () => {
    child.kill("SIGSTOP");
    while (!stateOf(child).startsWith("T")) continue;
  });
}

function stateOf({ pid }: ChildProcess): string {
  return execFileSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
}
