import type { AddressInfo } from "node:net";

import { Services } from "../../src/service";
import { createServer } from "../../src/service/http";
import { openStore } from "../../src/store";
import { OPERATOR_KEY } from "./http";
import { KEYSTORE, listAssets, openHosted, person, startService } from "./service";

// A process of its own that serves the API over a store, with money for alice; it stops in order when it is told to end.

async function main(store: string): Promise<void> {
  const opened = await openStore(store);
  const service = await startService(opened);
  if (!service.hasAccount(person("alice").address)) {
    await listAssets(service);
    await openHosted(service, "alice", 1_000n);
    await openHosted(service, "bob");
  }
  const services = new Services([service]);
  // However late everything is, what was sent is to be answered.
  const settings = { maxDelay: 0 };
  const app = await createServer({ services, store: opened, keystore: KEYSTORE, operatorKey: OPERATOR_KEY, settings });
  process.once("SIGTERM", () => {
    void app
      .close()
      .then(() => service.stop())
      .then(() => opened.close())
      .then(() => process.exit(0));
  });
  process.once("disconnect", () => process.exit());
  await app.listen({ host: "127.0.0.1", port: 0 });
  process.send!(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}`);
}

void main(process.argv[2]!);
