import { createContext, Script } from "node:vm";

import { expect } from "chai";
import { Webhook as Signer } from "standardwebhooks";

import { bundle } from "../../scripts/browser/bundle";
import { ZERO_HASH } from "../../src/protocol";
import { verifyWebhook, type ReceivedWebhook } from "../../src/sdk";
import { expectError } from "../helpers/errors";
import { person, POINTS, SYSTEM } from "../helpers/service";

const NOW = 1_800_000_000_000;
const secretOf = (text: string) => `whsec_${Buffer.from(text.padEnd(32)).toString("base64")}`;
const [SECRET, FORMER, FOREIGN] = [secretOf("now"), secretOf("before"), secretOf("not ours")];
const EVENT = {
  ...{ system: SYSTEM, number: "7", commit: "3", time: "2027-01-15T08:00:00.000Z", type: "money.issued" },
  ...{ account: "issued", counterparty: person("alice").address, party: null, token: POINTS, amount: "5" },
  ...{ reference: ZERO_HASH, data: { seq: "1" } },
};

/** A delivery as it comes in, signed with these secrets. */
function delivery(content: unknown, secrets: readonly string[] = [SECRET], time = NOW): ReceivedWebhook {
  const [id, body] = ["evt_7", typeof content === "string" ? content : JSON.stringify(content)];
  const signatures = secrets.map((secret) => new Signer(secret).sign(id, new Date(time), body));
  const headers = {
    "webhook-id": id,
    "webhook-timestamp": `${time / 1_000}`,
    "webhook-signature": signatures.join(" "),
  };
  return { body, headers, secret: SECRET, now: NOW };
}

const changed = ({ headers, ...rest }: ReceivedWebhook, changes: Record<string, string | undefined>) => ({
  ...rest,
  headers: { ...(headers as Record<string, string>), ...changes },
});

describe("verifyWebhook", () => {
  it("takes what was signed with the secret, and reads the event in it", async () => {
    const received = delivery(EVENT);
    const message = await verifyWebhook(received);
    expect(message).to.deep.equal({
      id: "evt_7",
      type: "money.issued",
      event: { ...EVENT, number: 7n, commit: 3n, time: NOW, amount: 5n, data: { seq: 1n } },
      content: EVENT,
    });
    const asBytes = { ...received, body: Buffer.from(received.body as string) };
    expect(await verifyWebhook(asBytes)).to.deep.equal(message);
    expect(
      await verifyWebhook({ ...received, headers: new Headers(received.headers as Record<string, string>) }),
    ).to.deep.equal(message);
  });

  it("takes a test, and a type that is not known yet, without an event", async () => {
    const ping = { type: "webhook.ping", system: SYSTEM, webhook: `wh_${"00".repeat(16)}`, time: EVENT.time };
    for (const content of [ping, { ...EVENT, type: "money.invented" }]) {
      const { type } = content;
      expect(await verifyWebhook(delivery(content))).to.deep.equal({ id: "evt_7", type, event: undefined, content });
    }
  });

  it("takes either of two secrets on either side while they are rotated", async () => {
    const { type } = await verifyWebhook(delivery(EVENT, [FORMER, SECRET]));
    expect(type).to.equal("money.issued");
    await verifyWebhook({ ...delivery(EVENT, [FORMER]), secret: [SECRET, FORMER] });
    const received = delivery(EVENT);
    const signature = (received.headers as Record<string, string>)["webhook-signature"]!;
    await verifyWebhook(changed(received, { "webhook-signature": `v2,abc v1,!!! v1,AAAA ${signature}` }));
  });

  it("refuses what anybody changed, or signed with another secret", async () => {
    const received = delivery(EVENT);
    const forged: ReceivedWebhook[] = [
      { ...received, body: `${received.body as string} ` },
      changed(received, { "webhook-id": "evt_8" }),
      changed(received, { "webhook-timestamp": `${NOW / 1_000 + 1}` }),
      changed(received, { "webhook-signature": "" }),
      changed(received, { "webhook-signature": "v1," }),
      { ...received, secret: [] },
      delivery(EVENT, [FOREIGN]),
    ];
    for (const one of forged) {
      await expectError(() => verifyWebhook(one), "invalid_webhook", { reason: "no signature fits" });
    }
  });

  it("refuses what is no delivery, and says why", async () => {
    const received = delivery(EVENT);
    const refused: [ReceivedWebhook, string][] = [
      [changed(received, { "webhook-id": undefined }), "no webhook-id"],
      [changed(received, { "webhook-signature": undefined }), "no webhook-signature"],
      [changed(received, { "webhook-timestamp": "now" }), "webhook-timestamp is no time"],
      [{ ...received, secret: "whsec_*" }, "a secret is not base64"],
      [delivery("not JSON"), "the body is no JSON"],
      [delivery("null"), "the body has no type"],
    ];
    for (const [one, reason] of refused) await expectError(() => verifyWebhook(one), "invalid_webhook", { reason });
  });

  it("refuses what was signed long ago, or is yet to be", async () => {
    for (const late of [-300_000, 300_000]) await verifyWebhook(delivery(EVENT, [SECRET], NOW + late));
    for (const late of [-301_000, 301_000]) {
      const sent = (NOW + late) / 1_000;
      const stale = () => verifyWebhook(delivery(EVENT, [SECRET], NOW + late));
      await expectError(stale, "stale_webhook", { sent, now: NOW / 1_000 });
    }
    await verifyWebhook({ ...delivery(EVENT, [SECRET], NOW - 301_000), tolerance: 301 });
  });

  it("works where there is nothing but what a page has", async () => {
    const contents = `import { verifyWebhook } from "./src/sdk/verifyWebhook"; globalThis.verify = verifyWebhook;`;
    const text = await bundle({ stdin: { contents, resolveDir: ".", loader: "ts" }, format: "iife" });
    const page = createContext({ crypto, atob, Headers, TextEncoder, TextDecoder, Uint8Array, URL });
    new Script(text).runInContext(page);
    const verify = page["verify"] as typeof verifyWebhook;
    expect((await verify(delivery(EVENT))).event?.number).to.equal(7n);
    await verify(delivery(EVENT, [FOREIGN])).then(
      () => expect.fail("taken"),
      (error: unknown) => expect((error as { code: string }).code).to.equal("invalid_webhook"),
    );
  });
});
