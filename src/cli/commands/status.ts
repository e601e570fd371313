import type { Command } from "commander";

import { StarledgerError } from "../../errors";
import { operatorApi } from "../../sdk";
import { define, runs } from "../define";
import { EXIT } from "../exitCodes";
import { shown } from "../shown";
import { facts } from "../tables";

export function statusCommand(program: Command): void {
  const command = define(program, "status", {
    does: "Shows whether the service lives, whether it takes requests, and which systems it serves.",
    examples: ["starledger status", "starledger status --url https://ledger.example --json"],
  });
  runs(command, async ({ options: { url } }) => {
    const service = operatorApi(url, undefined, { tries: 1 });
    await service.alive();
    const problem = await service.ready().then(
      () => undefined,
      (error: unknown) => (error instanceof StarledgerError ? error.code : "unreachable"),
    );
    const systems = await service.systems();
    return shown(
      { url, ready: problem === undefined, ...(problem !== undefined && { problem }), systems },
      () =>
        facts({
          Service: url,
          Status: problem === undefined ? "takes requests" : `takes no requests: ${problem}`,
          Systems: systems.map(({ address, chainId, hub }) => `${address} on chain ${chainId}, hub ${hub}`).join("\n"),
        }),
      problem === undefined ? EXIT.done : EXIT.unreachable,
    );
  });
}
