import { writeFileSync } from "node:fs";
import path from "node:path";

import { expect } from "chai";

import { readPapers } from "../../../src/cli/exit/papers";
import { addressOf, digest, hashNote, hashState, keccakText, recover, recoverSystem } from "../../../src/protocol";
import { answer, listen } from "../../helpers/http";
import {
  COIN,
  DOMAIN,
  freshService,
  issue,
  NOW,
  openHosted,
  openWallet,
  person,
  POINTS,
  SEPARATOR,
  SIGNER_KEY,
  SYSTEM,
  temporaryFolder,
} from "../../helpers/service";

interface Exported {
  readonly time: string;
  readonly channels: readonly { readonly id: string; readonly evidence: object }[];
  readonly events: readonly { readonly type: string; readonly number: string }[];
}

describe("HTTP: the export of an account", () => {
  it("case 22: is the evidence that its owner can leave with, signatures and pending locks included", async function () {
    const { service } = await freshService(this);
    const { get } = await listen(this, service);
    const bob = await openHosted(service, "bob", 50n);
    const { address: alice, wallet, arrived } = await openWallet(this, service, "alice");
    await issue(service, alice, 10n);
    await arrived();
    await wallet.pay(bob, 3n, keccakText("order"));
    const signed = await wallet.invoice({ amount: 7n, expiry: NOW + 500n });
    await service.submit({ type: "payInvoice", from: bob, signed, fee: 0n });
    const exported = (await get(`/v1/accounts/${alice}/export`)).body as Exported;
    const [channel] = exported.channels;
    const file = path.join(temporaryFolder(this), "evidence.json");
    writeFileSync(file, JSON.stringify(channel!.evidence));
    const { evidence } = await readPapers(file, {}, () => Promise.resolve(0n), false);
    const { state, note } = service.channelOf(alice, POINTS)!;
    expect(evidence.channel).to.deep.equal({ system: SYSTEM, user: alice, token: POINTS, epoch: 0n });
    expect([evidence.completed?.state, evidence.held?.note]).to.deep.equal([state, note]);
    expect(evidence.held?.locks.map(({ hash, amount }) => [hash, amount])).to.deep.equal([[signed.invoice.hash, 7n]]);
    const { completed, held } = evidence;
    const signer = addressOf(SIGNER_KEY);
    expect(recover(digest(SEPARATOR, hashState(state)), completed!.userSignature)).to.equal(alice);
    expect(recoverSystem(SEPARATOR, hashState(state), completed!.systemSignature)).to.equal(signer);
    expect(recoverSystem(SEPARATOR, hashNote(note), held!.signed)).to.equal(signer);
  });

  it("holds everything else that is kept: name, metadata, balances, and all that happened", async function () {
    const { service } = await freshService(this);
    const { get, put, post } = await listen(this, service);
    const alice = await openHosted(service, "alice", 10n);
    const bob = await openHosted(service, "bob");
    await put(`/v1/accounts/${alice}/alias`, { body: { name: "ally" } });
    await put(`/v1/accounts/${alice}/metadata`, { body: { customer: "4711" } });
    await post("/v1/transfers", { body: { from: alice, to: bob, token: POINTS, amount: "3" } });
    const got = await get(`/v1/accounts/${alice}/export`);
    const { time, channels, events, ...rest } = got.body as Exported;
    expect(got).to.deep.equal(answer(200, got.body));
    expect(Math.abs(Date.parse(time) - Date.now())).to.be.below(60_000);
    expect(rest).to.deep.equal({
      ...{ hub: DOMAIN.hub, chainId: "31337", alias: "ally@star.example", metadata: { customer: "4711" } },
      account: { address: alice, system: SYSTEM, custody: "hosted", status: "open" },
    });
    expect(channels.map(({ id }) => id)).to.deep.equal(
      [POINTS, COIN].map((token) => service.channelOf(alice, token)!.id),
    );
    expect(channels[0]).to.deep.include({
      balance: "7",
      available: "7",
      status: "open",
      outgoing: [],
      withdrawal: null,
    });
    expect(events.map(({ type }) => type)).to.deep.equal(["account.opened", "money.issued", "money.transferred"]);
    expect(JSON.stringify(got.body)).not.to.include(person("alice").key.slice(2));
  });
});
