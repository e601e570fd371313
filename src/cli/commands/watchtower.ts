import type { Command } from "commander";

import { define, runs } from "../define";
import type { Session } from "../session";
import { shown, type Shown } from "../shown";
import { facts } from "../tables";
import { handoverCommands } from "./watchtowerHandover";

export function watchtowerCommand(program: Command): void {
  const command = define(program, "watchtower", {
    does: "Watches the channels that users hand over to it, and answers whoever closes them with less, until it is told to stop. It is configured by the environment: see docs/guides/watchtower.md.",
    examples: [
      'STARLEDGER_TOWER_CHAINS=\'[{"rpc": "https://…", "hubs": ["0x…"], "gasKeys": ["0x…"]}]\' starledger watchtower',
    ],
  });
  runs<object, []>(command, watch);
  handoverCommands(command);
}

async function* watch(session: Session): AsyncGenerator<Shown> {
  const { readTowerConfig, startTower } = await import("../../watchtower");
  const running = await startTower(readTowerConfig(process.env));
  const { url, tower } = running;
  const chains = tower.chains.map(({ chainId, address, hubs }) => ({
    chainId,
    tower: address,
    hubs: hubs.map(({ domain }) => domain.hub),
  }));
  yield shown({ url, openapi: `${url}/openapi.json`, chains }, () =>
    facts({
      Watchtower: url,
      OpenAPI: `${url}/openapi.json`,
      ...Object.fromEntries(
        chains.map(({ chainId, tower: address, hubs }) => [`Chain ${chainId}`, `${address} on ${hubs.join(", ")}`]),
      ),
    }),
  );
  await new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, resolve);
  });
  session.say("Stopping");
  await running.stop();
  session.say("Stopped");
}
