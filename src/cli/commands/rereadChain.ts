import type { Command } from "commander";

import type { Address } from "../../protocol";
import { address } from "../arguments";
import { define, runs } from "../define";
import { EXIT } from "../exitCodes";
import type { Session } from "../session";
import { shown, type Shown } from "../shown";
import { table } from "../tables";

interface RereadOptions {
  readonly store: string;
  readonly system?: Address;
}

export function rereadChainCommand(program: Command): void {
  const command = define(program, "reread-chain", {
    does: "Has a service that is stopped take in its chain from the hub's deployment on when it is started again: after a block that counted as final was gone (chain_rewritten). What it knows already is not counted twice; channels that had more than the chain has of them now stay frozen.",
    examples: [
      "starledger reread-chain --store sqlite:starledger.db",
      "starledger reread-chain --store postgres://starledger@db.example/starledger --system 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
    ],
  })
    .requiredOption("--store <url>", "`sqlite:FILE` or `postgres://USER@HOST/DATABASE`, its password as PGPASSWORD")
    .option("--system <address>", "one system alone; all that use the database unless said", address);
  runs<RereadOptions, []>(command, rereadChain);
}

async function rereadChain(_session: Session, { store, system: only }: RereadOptions): Promise<Shown> {
  const { rereadChains } = await import("../doctor/store");
  const systems = await rereadChains(store, only);
  const isDone = systems.length > 0 && systems.every(({ done }) => done);
  return shown(
    { systems },
    (data) =>
      table(
        ["System", "Chain"],
        data.systems.map(({ system, done }) => [system, done ? "read anew at the next start" : LED]),
        "No such system was ever led by what uses this database.",
      ),
    isDone ? EXIT.done : EXIT.failed,
  );
}

const LED = "as it was: a process leads the system; stop that first";
