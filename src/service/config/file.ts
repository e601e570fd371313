import { readFileSync } from "node:fs";

import { parse } from "yaml";

import { fail } from "../../errors";
import type { Settings } from "../../settings";

/**
 * Reads settings from a file of YAML or JSON: `operatorKey` there is `STARLEDGER_OPERATOR_KEY` of the environment. Every
 * scalar is text, so that no address is taken for a number; what has parts of its own is handed on as JSON.
 * @throws invalid_configuration, which names the file and never shows what is in it
 */
export function readConfigFile(file: string): Settings {
  const content = contentOf(file);
  if (content === null) return {};
  if (typeof content !== "object" || Array.isArray(content))
    return fail("invalid_configuration", { file, want: "a map" });
  const settings = Object.entries(content).map(([name, value]) => [
    variableOf(name),
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return Object.fromEntries(settings) as Settings;
}

function contentOf(file: string): object | null {
  try {
    return parse(readFileSync(file, "utf8"), { schema: "failsafe", logLevel: "error" }) as object | null;
  } catch (error) {
    // The parser's own words would quote the file, and there are keys in it.
    const { code = "unreadable" } = error as { code?: string };
    return fail("invalid_configuration", { file, reason: code });
  }
}

/** `keystoreSecret` is `STARLEDGER_KEYSTORE_SECRET`. */
function variableOf(name: string): string {
  return `STARLEDGER_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}
