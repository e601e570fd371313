import { writeFileSync } from "node:fs";
import path from "node:path";

import type { World } from "../../../scripts/demo/world";
import { toAddress } from "../../../src/protocol";
import { commandLine, type Outcome } from "../../helpers/commandLine";

/** What it printed with `--json`. */
export interface Report {
  readonly sent: readonly { step: string; transaction: string }[];
  readonly next: { readonly do: string; readonly until?: string; readonly because?: string };
  readonly status: Readonly<Record<string, unknown>>;
  readonly error?: string;
  readonly details?: Readonly<Record<string, string>>;
}

/** Runs `exit` as the node's account `index` on the coin's channel. */
export async function exit(
  world: World,
  index: number,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const [command, ...rest] = words;
  const common = [
    ...["--hub", world.hub.address, "--rpc", world.node.url],
    ...["--system", world.system, "--token", toAddress(await world.coin.getAddress())],
    ...["--evidence", path.join(world.folder, "wallets.jsonl")],
  ];
  const own = { XDG_CONFIG_HOME: world.folder, STARLEDGER_USER_KEY: world.node.privateKey(index) };
  return commandLine(["exit", command!, ...common, ...rest], { ...own, ...environment });
}

/** The same with `--json --yes`, and its report. */
export async function exitJson(
  world: World,
  index: number,
  words: readonly string[],
): Promise<Report & { code: number }> {
  const { code, stdout, stderr } = await exit(world, index, [...words, "--json", "--yes"]);
  try {
    return { code, ...(JSON.parse(stdout) as Report) };
  } catch {
    throw new Error(`no report, code ${code}: ${stdout}${stderr}`);
  }
}

/** Writes an evidence file. */
export function writeEvidence(world: World, name: string, evidence: object): string {
  const file = path.join(world.folder, `${name}.json`);
  writeFileSync(
    file,
    JSON.stringify(evidence, (_, v: unknown) => (typeof v === "bigint" ? `${v}` : v)),
  );
  return file;
}
