import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { Command } from "commander";

import { measureStandalone } from "./gas/htlc";
import { measureHub } from "./gas/hub";

// Gas of every operation, from the receipts of Hardhat's network, measured warm: payees hold tokens, approvals are
// infinite, the channel was used before (a deposit and a withdrawal), the token is OpenZeppelin's.

const FILE = path.join(__dirname, "..", "gas.json");

/** The best of the peers per operation, measured on anvil, each with its own compiler and settings; see README. */
const PEERS: Record<string, string> = {
  "deposit.first": "64,100 (Perun)",
  "deposit.topUp": "46,900 (Perun)",
  closeCooperatively: "73,800 (Photon)",
  close: "50,400 (Machinomy, one-way), 64,300 (Photon)",
  "challenge.replace": "61,600 (Photon)",
  settle: "55,800 (Machinomy, one-way), 62,800 (Photon)",
  "challenge.penalty": "100,400 (Photon, in two)",
  "lock.claim": "105,100 (Raiden)",
  "htlc.lock": "67,100 (Boltz)",
  "htlc.claim": "41,900 (Boltz)",
  "htlc.refund": "41,100 (Boltz)",
  "htlc.claimTen": "105,300 (Boltz)",
};

type Figures = Record<string, number>;

function table(figures: Figures): string {
  const rows = Object.entries(figures).map(([name, gas]) => [name, gas.toLocaleString("en-US"), PEERS[name] ?? ""]);
  return [["operation", "gas", "best peers"], ...rows]
    .map(([name, gas, peer]) => `${name!.padEnd(28)}${gas!.padStart(9)}  ${peer}`.trimEnd())
    .join("\n");
}

/** Deadlines and signatures have a zero byte more or less from run to run. */
const JITTER = 60;

/** Names what differs from the committed figures; tells whether nothing does. */
function isUnchanged(figures: Figures): boolean {
  const committed = existsSync(FILE) ? (JSON.parse(readFileSync(FILE, "utf8")) as Figures) : {};
  const drifted = [...new Set([...Object.keys(figures), ...Object.keys(committed)])].filter(
    (name) => !(Math.abs((figures[name] ?? NaN) - (committed[name] ?? NaN)) <= JITTER),
  );
  for (const name of drifted)
    console.error(`${name}: ${figures[name] ?? "gone"}, committed ${committed[name] ?? "none"}`);
  return drifted.length === 0;
}

new Command("gas")
  .description("Measures the gas of every operation.")
  .option("--json", "print one JSON object", false)
  .option("--write", "write gas.json", false)
  .option("--check", "fail if the figures are not those of gas.json", false)
  .action(async (options: { json: boolean; write: boolean; check: boolean }) => {
    const figures = { ...(await measureHub()), ...(await measureStandalone()) };
    console.log(options.json ? JSON.stringify(figures, null, 2) : table(figures));
    if (options.write) writeFileSync(FILE, JSON.stringify(figures, null, 2) + "\n");
    if (options.check && !isUnchanged(figures)) process.exitCode = 1;
  })
  .parseAsync()
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
