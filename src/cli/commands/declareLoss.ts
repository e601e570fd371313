import type { Command } from "commander";

import { define, runs } from "../define";
import { shownOfStopped, takesStopped, type StoppedOptions } from "../doctor/stopped";
import type { Session } from "../session";
import type { Shown } from "../shown";

export function declareLossCommand(program: Command): void {
  const command = define(program, "declare-loss", {
    does: "Says that a database was restored from a backup, or made anew, and may lack what the service has signed since. The service, which is stopped, then signs nothing for a customer before both have begun anew: a challenge period from now at the soonest. To be said before it is started.",
    examples: [
      "starledger declare-loss --store sqlite:starledger.db",
      "starledger declare-loss --store postgres://starledger@db.example/starledger --system 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
    ],
  });
  takesStopped(command, "one system alone, even one that the database does not know; all unless said");
  runs<StoppedOptions, []>(command, declareLoss);
}

async function declareLoss(_session: Session, { store, system: only }: StoppedOptions): Promise<Shown> {
  const { declareLosses } = await import("../doctor/store");
  const systems = await declareLosses(store, BigInt(Math.floor(Date.now() / 1_000)), only);
  return shownOfStopped(systems, {
    column: "Loss of data",
    done: "declared; carried out at the next start",
    led: "not declared",
    none: "No system was ever led by what uses this database: name it with --system.",
  });
}
