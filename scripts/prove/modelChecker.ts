import { readFileSync } from "node:fs";
import path from "node:path";

import solc from "solc";

/** What the model checker found out about one assertion or operation. */
export interface Verdict {
  readonly outcome: "proved" | "failed" | "unknown";
  readonly file: string;
  readonly line: number;
  /** The source that the verdict is about. */
  readonly code: string;
  /** The checker's own words; with a counterexample if it failed. */
  readonly message: string;
}

interface Diagnostic {
  readonly severity: string;
  readonly message: string;
  readonly sourceLocation?: { readonly file: string; readonly start: number; readonly end: number };
  /** A counterexample comes in parts. */
  readonly secondarySourceLocations?: readonly { readonly message: string }[];
}

const compile = solc.compile as (input: string, callbacks: object) => string;

/** The warnings of a checker that could not look at all. */
const NOT_CHECKED = /not possible|could not be proved|unsupported|not supported|not yet implemented/i;

/**
 * Runs solc's model checker, with the Z3 that the compiler in node_modules contains, on `contract` of `file`, for
 * assertions, overflow and underflow. Its bounded engine takes calls apart; where nothing loops or recurses, and nothing
 * does here, no bound is left and what it finds safe is proved.
 * @throws Error if it does not compile, or the checker could not look at everything.
 */
export function checkModel(file: string, contract: string, source = readFileSync(file, "utf8")): Verdict[] {
  const sources = new Map([[file, source]]);
  const input = {
    language: "Solidity",
    sources: { [file]: { content: source } },
    settings: {
      modelChecker: {
        engine: "bmc",
        solvers: ["z3"],
        contracts: { [file]: [contract] },
        targets: ["assert", "overflow", "underflow"],
        showProvedSafe: true,
        showUnproved: true,
        showUnsupported: true,
      },
      outputSelection: { "*": { "*": [] } },
    },
  };
  const read = (name: string): { contents: string } => {
    const contents = readFileSync(path.resolve(name), "utf8");
    sources.set(name, contents);
    return { contents };
  };
  const output = JSON.parse(compile(JSON.stringify(input), { import: read })) as { errors?: Diagnostic[] };
  return (output.errors ?? []).flatMap((found) => verdictOf(found, sources));
}

function verdictOf(found: Diagnostic, sources: ReadonlyMap<string, string>): Verdict[] {
  const { severity, sourceLocation } = found;
  const message = [found.message, ...(found.secondarySourceLocations ?? []).map((part) => part.message)].join("\n");
  const checked = message.startsWith("BMC: ") && sourceLocation;
  if (severity === "error" || (!checked && NOT_CHECKED.test(message))) throw new Error(message);
  if (!checked) return [];
  const { file, start, end } = sourceLocation;
  const text = Buffer.from(sources.get(file) ?? "");
  const line = text.subarray(0, start).toString().split("\n").length;
  const code = text.subarray(start, end).toString();
  if (message.includes("check is safe!")) return [{ outcome: "proved", file, line, code, message }];
  const outcome = message.includes("happens here") ? "failed" : "unknown";
  return [{ outcome, file, line, code, message }];
}
