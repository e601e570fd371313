import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";

import { expect } from "chai";

import { receive } from "../../examples/webhookReceiver";
import { afterTest } from "../helpers/afterTest";
import { listen } from "../helpers/http";
import { freshService, issue, openHosted } from "../helpers/service";

describe("examples/webhookReceiver.ts", () => {
  it("takes each event once, and nothing that the service did not sign", async function () {
    const { service } = await freshService(this);
    const api = await listen(this, service, { settings: { isAnyWebhookTarget: true } });
    const alice = await openHosted(service, "alice");
    const taken: string[] = [];
    let arrived = (): void => undefined;
    const start = async (secret: string) => {
      const receiver = receive(secret, (type, content) => {
        taken.push(`${type} ${(content as { number?: string }).number}`);
        arrived();
      });
      await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
      afterTest(this, () => {
        receiver.close();
        receiver.closeAllConnections();
      });
      return `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
    };
    const made = await api.post("/v1/webhooks", { body: { url: await start("whsec_AAAA") } });
    const { id, secret } = made.body as { id: string; secret: string };
    const refused = await api.post(`/v1/webhooks/${id}/pings`);
    expect(refused.body).to.include({ taken: false, status: 400 });
    await api.patch(`/v1/webhooks/${id}`, { body: { url: await start(secret) } });
    const first = new Promise<void>((resolve) => (arrived = resolve));
    await issue(service, alice, 1n);
    await first;
    const again = await api.post(`/v1/webhooks/${id}/deliveries`, { body: { event: "4" } });
    expect(again.body).to.include({ taken: true, status: 204, event: "4" });
    await api.post(`/v1/webhooks/${id}/pings`);
    expect(taken).to.deep.equal(["money.issued 4", "webhook.ping undefined"]);
  });

  it("is what docs/WEBHOOKS.md shows", () => {
    const [, shown] = /```ts\n([^]*?)```/.exec(readFileSync("docs/WEBHOOKS.md", "utf8"))!;
    const program = readFileSync("examples/webhookReceiver.ts", "utf8");
    expect(shown).to.equal(program.replace("../src/sdk", "starledger/sdk"));
  });
});
