import type { Command } from "commander";

import { define, runs } from "../define";
import type { Session } from "../session";
import { shown, type Shown } from "../shown";
import { facts } from "../tables";

export function serveCommand(program: Command): void {
  const command = define(program, "serve", {
    does: "Runs the account service until it is told to stop. It is configured by the environment and a file: see docs/CONFIGURATION.md.",
    examples: [
      "starledger serve",
      "starledger serve --config starledger.yaml",
      "STARLEDGER_PORT=9000 STARLEDGER_STORE=sqlite:/var/lib/starledger.db starledger serve",
    ],
  });
  command.option("--config <file>", "settings, as YAML or JSON; the environment wins");
  runs<Options, []>(command, serve);
}

interface Options {
  readonly config?: string;
}

async function* serve(session: Session, { config: file }: Options): AsyncGenerator<Shown> {
  const [{ readConfig, shownSettings }, { start }, { boundGarbage }] = await Promise.all([
    import("../../service/config"),
    import("../../service/start"),
    import("../../service/heap"),
  ]);
  boundGarbage();
  const environment = { ...process.env, ...(file && { STARLEDGER_CONFIG: file }) };
  const config = readConfig(environment);
  if (!("rpcUrls" in config.chain)) session.say("No STARLEDGER_RPC_URL: starting a local chain, for development");
  const running = await start(config, shownSettings(environment));
  const { url, chain } = running;
  const { domain } = chain;
  const systems = chain.systems.map(({ address, tokens }) => ({ address, tokens }));
  const { deployment } = chain;
  const data = {
    url,
    openapi: `${url}/openapi.json`,
    docs: `${url}/docs`,
    console: running.console ?? null,
    rpc: chain.url,
    ...domain,
    systems,
    deployment,
  };
  yield shown(data, () =>
    facts({
      Chain: `${chain.url} (id ${domain.chainId}), hub ${domain.hub}`,
      System: systems.map(({ address }) => address).join(", "),
      Tokens: [...new Set(systems.flatMap(({ tokens }) => tokens))].join(", "),
      ...(running.console !== undefined && { Console: running.console }),
      API: url,
      Docs: data.docs,
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
