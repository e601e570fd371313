import { StarledgerError } from "../errors";
import { readConfig } from "./config";
import { start } from "./start";

// `npm start`: the account service with its HTTP API, configured by the environment (docs/CONFIGURATION.md).

async function main(): Promise<void> {
  const config = readConfig(process.env);
  if (config.chain === null) console.log("No STARLEDGER_RPC_URL: starting a local chain, for development");
  const running = await start(config);
  const { url, chain } = running;
  const { system, domain, tokens } = chain;
  console.log(`Chain     ${chain.url} (id ${domain.chainId}), hub ${domain.hub}`);
  console.log(`System    ${system}`);
  console.log(`Tokens    ${tokens.join(", ")}`);
  console.log(`API       ${url}`);
  console.log(`OpenAPI   ${url}/openapi.json`);
  await new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, resolve);
  });
  console.log("Stopping: what was accepted is carried out and answered first");
  await running.stop();
  console.log("Stopped");
}

main().catch((error: unknown) => {
  console.error(error instanceof StarledgerError ? `${error.message} ${error.hint}` : error);
  // A failed start may leave a connection behind.
  process.exit(1);
});
