import { bundledProgram } from "./program";

/** The file of `starledger` as one program. */
export function bundledCommandLine(): string {
  return bundledProgram("src/cli/main.ts");
}
