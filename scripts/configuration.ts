import { existsSync, readFileSync, writeFileSync } from "node:fs";

import { z } from "zod";

import { DEVELOPMENT, SETTINGS } from "../src/service/config";
import { TOWER_SETTINGS } from "../src/watchtower";

// Writes docs/CONFIGURATION.md from the settings' schema; with --check it fails if the file is not what it would write.

const FILE = "docs/CONFIGURATION.md";

const LOCAL: Readonly<Record<string, string>> = {
  STARLEDGER_SYSTEM: "the node's first account",
  STARLEDGER_TOKENS: "one token, `POINT`",
  STARLEDGER_SIGNER_KEY: "a well-known one",
  STARLEDGER_KEYSTORE_SECRET: "a well-known one",
  STARLEDGER_KEYSTORE_SALT: "a well-known one",
  STARLEDGER_OPERATOR_KEY: `\`${DEVELOPMENT.operatorKey}\``,
};

function rowsOf(settings: z.ZodObject): string[] {
  const { properties = {}, required = [] } = z.toJSONSchema(settings, { io: "input", unrepresentable: "any" });
  return Object.entries(properties).map(([name, schema]) => {
    const { default: value, description = "" } = schema as { default?: string | number; description?: string };
    const local = LOCAL[name];
    const none = required.includes(name) ? "required" : "none";
    const byDefault = value !== undefined ? `\`${value}\`` : local === undefined ? none : `required; locally ${local}`;
    return `| \`${name}\` | ${byDefault} | ${description} |`;
  });
}

const text = [
  "# Configuration",
  "",
  "`npm start` reads these environment variables, an empty one counting as none, and what they leave open from a file, if one is",
  "named. A setting that is missing, malformed or unknown is named at the start, and nothing runs. Secrets are never printed or",
  "logged. Written by `npx tsx scripts/configuration.ts` from `src/service/config/settings`.",
  "",
  "The file is YAML or JSON; `operatorKey` in it is `STARLEDGER_OPERATOR_KEY`, and so on:",
  "",
  "```yaml",
  "rpcUrl: https://node.example",
  "store: postgres://starledger@db.example/starledger",
  "systems:",
  "  - address: 0x…",
  "    signerKey: 0x…",
  "    tokens: [0x…, 0x…]",
  "```",
  "",
  "Where a setting takes a key, it takes the key itself (`0x…`), or where it is: `file:PATH`, plain or as `starledger key new`",
  "encrypts it; or a program that holds it, in front of a KMS or HSM, say: `unix:SOCKET`, `unix:SOCKET:/PATH`, or a URL, of http only",
  "to this machine ([SIGNER.md](SIGNER.md)). The keystore's secret can be there too.",
  "",
  "Without `STARLEDGER_RPC_URL` a local chain is started, new each time, with the contracts, a system and a token; the API then",
  "listens on this machine alone, for its keys are known to everybody.",
  "",
  "| variable | default | meaning |",
  "|---|---|---|",
  ...rowsOf(SETTINGS),
  "",
  "## The watchtower",
  "",
  "`starledger watchtower` ([guide](guides/watchtower.md)) reads these, from the environment alone.",
  "",
  "| variable | default | meaning |",
  "|---|---|---|",
  ...rowsOf(TOWER_SETTINGS),
  "",
].join("\n");

if (!process.argv.includes("--check")) writeFileSync(FILE, text);
else if (!existsSync(FILE) || readFileSync(FILE, "utf8") !== text) {
  console.error(`${FILE} is not what src/service/config/settings says: run npx tsx scripts/configuration.ts`);
  process.exitCode = 1;
}
