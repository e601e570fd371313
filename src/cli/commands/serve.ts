import type { Command } from "commander";

import { define, runs } from "../define";
import type { Session } from "../session";
import { shown, type Shown } from "../shown";
import { facts } from "../tables";

export function serveCommand(program: Command): void {
  const command = define(program, "serve", {
    does: "Runs the account service until it is told to stop. It is configured by the environment: see docs/CONFIGURATION.md.",
    examples: [
      "starledger serve",
      "STARLEDGER_PORT=9000 STARLEDGER_STORE=sqlite:/var/lib/starledger.db starledger serve",
    ],
  });
  runs(command, serve);
}

async function* serve(session: Session): AsyncGenerator<Shown> {
  const [{ readConfig }, { start }] = await Promise.all([
    import("../../service/config"),
    import("../../service/start"),
  ]);
  const config = readConfig(process.env);
  if (config.chain === null) session.say("No STARLEDGER_RPC_URL: starting a local chain, for development");
  const running = await start(config);
  const { url, chain } = running;
  const { domain, system, tokens } = chain;
  const data = { url, openapi: `${url}/openapi.json`, rpc: chain.url, ...domain, system, tokens };
  yield shown(data, () =>
    facts({
      Chain: `${chain.url} (id ${domain.chainId}), hub ${domain.hub}`,
      System: system,
      Tokens: tokens.join(", "),
      API: url,
      OpenAPI: data.openapi,
    }),
  );
  await new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, resolve);
  });
  session.say("Stopping: what was accepted is carried out and answered first");
  await running.stop();
  session.say("Stopped");
}
