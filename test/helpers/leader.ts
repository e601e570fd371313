import { StarledgerError } from "../../src/errors";
import { openStore } from "../../src/store";
import { issue, listAssets, openHosted, startService } from "./service";

// A process of its own that leads the system, issues to alice what its parent asks for, and tells what came of it.

async function main(url: string): Promise<void> {
  const service = await startService(await openStore(url), { lease: { ttl: 1_000 } });
  await listAssets(service);
  const alice = await openHosted(service, "alice");
  process.on("message", (amount: string) => {
    issue(service, alice, BigInt(amount)).then(
      () => process.send!({ amount, outcome: "done" }),
      (error: unknown) => process.send!({ amount, outcome: error instanceof StarledgerError ? error.code : error }),
    );
  });
  process.once("disconnect", () => process.exit());
  process.send!({ amount: "0", outcome: "leads" });
}

void main(process.argv[2]!);
