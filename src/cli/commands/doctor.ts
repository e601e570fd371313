import type { Command } from "commander";

import type { Address } from "../../protocol";
import { address } from "../arguments";
import { define, runs } from "../define";
import { checking, type Check } from "../doctor/check";
import { EXIT } from "../exitCodes";
import type { Session } from "../session";
import { shown, type Shown } from "../shown";
import { rpcOption } from "../signing";
import { table } from "../tables";

interface DoctorOptions {
  readonly rpc?: string;
  readonly store?: string;
  readonly hub?: Address;
  readonly config?: string;
}

export function doctorCommand(program: Command): void {
  const command = define(program, "doctor", {
    does: "Looks for what is wrong: the service, its clock, its systems' leases and gas money, the books against each other and the chain, and what the chain says. With --store it looks at the database of a service that is stopped instead: the records against each other and the chain, and the hash chain of every log. Names every difference (docs/RECONCILIATION.md), and fails if there is one.",
    examples: [
      "starledger doctor --rpc https://node.example",
      "starledger doctor --rpc https://node.example --config /etc/starledger.yaml --json",
      "starledger doctor --store sqlite:starledger.db --rpc https://node.example --hub 0x5FbDB2315678afecb367f032d93F642f64180aa3",
    ],
  });
  command
    .addOption(rpcOption())
    .option("--store <url>", "`sqlite:FILE` or `postgres://USER@HOST/DATABASE`, its password as PGPASSWORD")
    .option("--hub <address>", "the hub's contract, to compare a database with the chain", address)
    .option("--config <file>", "look at this configuration too, with what the environment says");
  runs<DoctorOptions, []>(command, examine);
}

async function examine(session: Session, { rpc, config, store, hub }: DoctorOptions): Promise<Shown> {
  const checks: Check[] = config === undefined ? [] : [await checkConfiguration(config)];
  if (store === undefined) checks.push(...(await examineService(session, rpc)));
  else {
    const { checkStore } = await import("../doctor/store");
    if (rpc === undefined || hub === undefined) session.say("Without --rpc and --hub the chain is not looked at");
    checks.push(...(await checkStore(store, rpc !== undefined && hub !== undefined ? { rpc, hub } : undefined)));
  }
  const isWell = checks.every(({ ok }) => ok);
  const rows = (data: readonly Check[]) => data.map(({ check, ok, detail }) => [check, ok ? "ok" : "WRONG", detail]);
  return shown(
    { ok: isWell, checks },
    (data) => table(["Check", "Result", "What was found"], rows(data.checks), "Nothing was checked."),
    isWell ? EXIT.done : EXIT.failed,
  );
}

async function examineService(session: Session, rpc: string | undefined): Promise<Check[]> {
  const [{ checkProcess, checkSystems }, { checkChain }] = await Promise.all([
    import("../doctor/service"),
    import("../doctor/chain"),
  ]);
  const [operator, anyone] = [await session.operator({ tries: 1 }), session.anyone({ tries: 1 })];
  const checks = await checkProcess(session.options.url, anyone);
  const isThere = checks.every(({ check, ok }) => check !== "service" || ok);
  if (isThere) checks.push(...(await checkSystems(operator)));
  if (isThere && rpc !== undefined) checks.push(...(await checkChain(rpc, anyone)));
  if (rpc === undefined) session.say("Without --rpc the chain is not looked at");
  return checks;
}

function checkConfiguration(file: string): Promise<Check> {
  return checking("configuration", async () => {
    const { readConfig } = await import("../../service/config");
    readConfig({ ...process.env, STARLEDGER_CONFIG: file });
    return `${file} is valid`;
  });
}
