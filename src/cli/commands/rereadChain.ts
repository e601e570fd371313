import type { Command } from "commander";

import { define, runs } from "../define";
import { shownOfStopped, takesStopped, type StoppedOptions } from "../doctor/stopped";
import type { Session } from "../session";
import type { Shown } from "../shown";

export function rereadChainCommand(program: Command): void {
  const command = define(program, "reread-chain", {
    does: "Has a service that is stopped take in its chain from the hub's deployment on when it is started again: after a block that counted as final was gone (chain_rewritten). What it knows already is not counted twice; channels that had more than the chain has of them now stay frozen.",
    examples: [
      "starledger reread-chain --store sqlite:starledger.db",
      "starledger reread-chain --store postgres://starledger@db.example/starledger --system 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
    ],
  });
  takesStopped(command, "one system alone; all that use the database unless said");
  runs<StoppedOptions, []>(command, rereadChain);
}

async function rereadChain(_session: Session, { store, system: only }: StoppedOptions): Promise<Shown> {
  const { rereadChains } = await import("../doctor/store");
  const systems = await rereadChains(store, only);
  return shownOfStopped(systems, {
    column: "Chain",
    done: "read anew at the next start",
    led: "as it was",
    none: "No such system was ever led by what uses this database.",
  });
}
