import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

import { Keystore, Services, type AccountService } from "../../src/service";
import { createServer } from "../../src/service/http";
import { Listings } from "../../src/service/listings";
import type { Latencies } from "../measure/load";
import { LOADER } from "../program";
import { callOf } from "./calls";
import type { Order, Protocol } from "./generator";
import type { Transport, Wave } from "./transport";

/** Its calls are not counted. */
const OPERATOR_KEY = "bench";

/** The service behind its API, with a process of its own that makes the requests. */
export async function overNetwork(service: AccountService, protocol: Protocol): Promise<Transport> {
  const services = new Services([service]);
  const app = await createServer({
    services,
    store: service.store,
    keystore: new Keystore("bench", `0x${"11".repeat(16)}`),
    listings: Listings.none(services),
    publicUrl: "https://bench.example",
    operatorKey: OPERATOR_KEY,
    settings: { maxDelay: 0 },
  });
  await app.listen({ host: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const folder = mkdtempSync(path.join(tmpdir(), "starledger-bench-"));
  const generator = fork(path.join(__dirname, "generator"), { execArgv: [...LOADER] });
  const failed = once(generator, "exit").then(() => {
    throw new Error("The load generator gave up");
  });
  failed.catch(() => undefined);
  const ask = async (order: Order): Promise<Latencies> => {
    generator.send(order);
    const [latencies] = (await Promise.race([once(generator, "message"), failed])) as [Latencies];
    return latencies;
  };
  return {
    prepared: async (waves) => {
      const made: Wave[] = [];
      for (const [wave, requests] of waves.entries()) {
        const file = path.join(folder, `${wave}.jsonl`);
        writeFileSync(file, requests.map((request) => JSON.stringify(callOf(request))).join("\n"));
        await ask({ step: "prepare", wave, file, protocol, url, operatorKey: OPERATOR_KEY });
        made.push((rate) => ask({ step: "make", wave, rate }));
      }
      return made;
    },
    close: async () => {
      generator.kill();
      await app.close();
      rmSync(folder, { recursive: true });
    },
  };
}
