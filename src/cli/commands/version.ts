import { readFileSync } from "node:fs";

import type { Command } from "commander";

import { define, runs } from "../define";
import { shown } from "../shown";

export function versionCommand(program: Command): void {
  const command = define(program, "version", {
    does: "Shows the version.",
    examples: ["starledger version", "starledger version --json"],
  });
  runs(command, () => {
    const { version } = JSON.parse(readFileSync(require.resolve("starledger/package.json"), "utf8")) as {
      version: string;
    };
    return Promise.resolve(shown({ version, node: process.versions.node }, (data) => data.version));
  });
}
