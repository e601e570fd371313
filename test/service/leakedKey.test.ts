import path from "node:path";

import { expect } from "chai";
import { parseEther, Wallet } from "ethers";

import { openCrowd } from "../../scripts/torture/crash/crowd";
import { onLocalChain } from "../../scripts/torture/localService";
import { addSigner } from "../../src/chain/assets";
import { freePort } from "../../src/chain/localNode";
import { mined } from "../../src/chain/transaction";
import { addressOf, domainSeparator, hashState, keccakText, recoverSystem } from "../../src/protocol";
import { FileStore, newKey } from "../../src/sdk";
import { DEVELOPMENT } from "../../src/service/config";
import { afterTest } from "../helpers/afterTest";
import { temporaryFolder } from "../helpers/temporaryFolder";

describe("case 33: when the key that signs for the system has leaked", () => {
  it("another signs from a restart on, and what the first has signed is worth on chain what it was, with the service gone too", async function () {
    const folder = temporaryFolder(this);
    const settings = { STARLEDGER_PORT: String(await freePort()) };
    const local = await onLocalChain(folder, `sqlite:${path.join(folder, "service.db")}`, settings);
    const { chain, service, configured, token } = local;
    const { domain, runner } = chain;
    const [leaked, fresh] = [addressOf(DEVELOPMENT.signerKey), newKey()];
    const rotated = configured({ STARLEDGER_SIGNER_KEY: fresh });
    afterTest(this, async () => {
      await Promise.all([service.end("SIGKILL"), rotated.end("SIGKILL")]);
      chain.stop();
    });
    await service.start();
    const { payers, clients } = await openCrowd(local, { hosted: 1, own: 2 }, folder);
    afterTest(this, () => Promise.all(clients.map((client) => client.stop())));
    const shop = payers[0]!.account;
    const pay = (i: number, amount: bigint, name: string) =>
      clients[i]!.pay({ to: shop, token, amount, reference: keccakText(name) });
    await pay(0, 10n, "before");
    await pay(1, 20n, "before");

    const operator = new Wallet(chain.gasKeys[0]!, runner);
    await addSigner(operator, domain.hub, addressOf(fresh));
    await service.end("SIGTERM");
    await rotated.start();
    await pay(0, 30n, "after");

    /** Who signed the last state of a customer for the system. */
    const signerOf = async (i: number) => {
      const records = await FileStore.read(path.join(folder, `wallet-${i}`));
      const states = records.flatMap((record) => (record.type === "completed" ? [record.completed] : []));
      const { state, systemSignature } = states.at(-1)!;
      return recoverSystem(domainSeparator(domain), hashState(state), systemSignature);
    };
    expect([await signerOf(0), await signerOf(1)]).to.deep.equal([addressOf(fresh), leaked]);

    await rotated.end("SIGKILL");
    for (const client of clients) {
      await mined(operator.sendTransaction({ to: client.account, value: parseEther("1") }));
      const steps: string[] = [];
      for await (const event of client.exit(token)) {
        steps.push(event.type === "sent" ? `sent ${event.sent.step}` : event.step.do);
        if (steps.at(-1) === "wait") break;
      }
      expect(steps).to.deep.equal(["close", "sent close", "wait"]);
    }
  });
});
