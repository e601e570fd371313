import type { Command } from "commander";

import type { Address } from "../../protocol";
import { address } from "../arguments";
import { define, runs } from "../define";
import { EXIT } from "../exitCodes";
import type { Session } from "../session";
import { shown, type Shown } from "../shown";
import { table } from "../tables";

interface LossOptions {
  readonly store: string;
  readonly system?: Address;
}

export function declareLossCommand(program: Command): void {
  const command = define(program, "declare-loss", {
    does: "Says that a database was restored from a backup, or made anew, and may lack what the service has signed since. The service, which is stopped, then signs nothing for a customer before both have begun anew: a challenge period from now at the soonest. To be said before it is started.",
    examples: [
      "starledger declare-loss --store sqlite:starledger.db",
      "starledger declare-loss --store postgres://starledger@db.example/starledger --system 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
    ],
  })
    .requiredOption("--store <url>", "`sqlite:FILE` or `postgres://USER@HOST/DATABASE`, its password as PGPASSWORD")
    .option(
      "--system <address>",
      "one system alone, even one that the database does not know; all unless said",
      address,
    );
  runs<LossOptions, []>(command, declareLoss);
}

async function declareLoss(_session: Session, { store, system: only }: LossOptions): Promise<Shown> {
  const { declareLosses } = await import("../doctor/store");
  const systems = await declareLosses(store, BigInt(Math.floor(Date.now() / 1_000)), only);
  const isDone = systems.length > 0 && systems.every(({ done }) => done);
  return shown(
    { systems },
    (data) =>
      table(
        ["System", "Loss of data"],
        data.systems.map(({ system, done }) => [system, done ? "declared; carried out at the next start" : LED]),
        "No system was ever led by what uses this database: name it with --system.",
      ),
    isDone ? EXIT.done : EXIT.failed,
  );
}

const LED = "not declared: a process leads the system; stop that first";
