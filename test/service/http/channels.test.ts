import { createServer as createPlainServer } from "node:http";
import type { AddressInfo } from "node:net";

import { expect } from "chai";
import { z } from "zod";

import type { ServiceApi } from "../../../src/sdk";
import {
  addressOf,
  digest,
  emptyState,
  hashState,
  hashWithdrawal,
  keccakText,
  nextState,
  recover,
  sign,
  ZERO_HASH,
  type ChannelId,
} from "../../../src/protocol";
import type { AccountService } from "../../../src/service";
import * as wire from "../../../src/wire";
import { afterTest } from "../../helpers/afterTest";
import { onEachDatabase } from "../../helpers/databases";
import { expectError } from "../../helpers/errors";
import { answer, apiAs, listen, refusal } from "../../helpers/http";
import {
  freshService,
  issue,
  NOW,
  openHosted,
  openWallet,
  person,
  POINTS,
  pointsOf,
  SEPARATOR,
  SIGNER_KEY,
  SYSTEM,
} from "../../helpers/service";

/** A wallet that hears of nothing but what it asks for over HTTP. */
async function openRemote(context: Mocha.Context, service: AccountService, name: string, api: ServiceApi) {
  const opened = await openWallet(context, service, name, { api });
  opened.unsubscribe();
  return opened;
}

/** A server that answers everything with the same text. */
async function stranger(context: Mocha.Context, status: number, body: string): Promise<string> {
  const server = createPlainServer((_, response) => response.writeHead(status).end(body));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterTest(context, () => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const SIGNER = addressOf(SIGNER_KEY);
const NO_KEY = { operator: null };

/** Alice's state after she pays bob, as she signs it. */
async function payment(service: AccountService, amount = 30n, key = person("alice").key) {
  const alice = person("alice").address;
  await service.submit({ type: "openAccount", address: alice, tokens: [POINTS] });
  await issue(service, alice, 100n);
  const bob = await openHosted(service, "bob");
  const { id } = service.channelOf(alice, POINTS)!;
  const operations = [
    { type: "fold", seq: 1n, credited: 100n } as const,
    { type: "pay", to: bob, amount, reference: ZERO_HASH } as const,
  ];
  const proposal = nextState(emptyState(id), operations);
  const signature = sign(digest(SEPARATOR, hashState(proposal)), key);
  return {
    alice,
    bob,
    id,
    proposal,
    signature,
    body: z.encode(wire.stateSubmission, { proposal, operations, signature }),
  };
}

onEachDatabase("HTTP: channels", () => {
  it("completes a state that the user signed, without any key; the channel shows all that proves it to its user", async function () {
    const { service } = await freshService(this);
    const { get, post } = await listen(this, service);
    const { id, alice, bob, body, signature } = await payment(service);
    const done = await post(`/v1/channels/${id}/states`, { ...NO_KEY, key: "pay", body });
    const systemSignature = await service.signatures.state(id, 1n);
    expect(done).to.deep.equal(answer(201, { commit: "6", systemSignature }));
    const again = await post(`/v1/channels/${id}/states`, { ...NO_KEY, key: "pay", body });
    expect(again).to.deep.equal({ ...done, replayed: "true" });
    expect([pointsOf(service, alice), pointsOf(service, bob)]).to.deep.equal([70n, 30n]);

    const note = z.encode(wire.heldNote, (await service.latestNote(id))!);
    expect(await get(`/v1/channels/${id}`)).to.deep.equal(
      answer(200, {
        id,
        key: { system: SYSTEM, user: alice, token: POINTS, epoch: "0" },
        decimals: 18,
        status: "open",
        funds: { deposited: "0", withdrawn: "0", reclaimed: "0", collateral: "0" },
        balance: "70",
        available: "70",
        state: { state: body.proposal, userSignature: signature, systemSignature },
        note,
        outgoing: [],
        outcomes: [],
        lostUntil: null,
        fees: {},
        withdrawal: null,
      }),
    );
  });

  it("shows a channel without state and note", async function () {
    const { service } = await freshService(this);
    const { get } = await listen(this, service);
    const id = service.channelOf(await openHosted(service, "alice"), POINTS)!.id;
    const { body } = await get(`/v1/channels/${id}`);
    expect(body).to.include({ id, balance: "0", state: null, note: null, withdrawal: null });
  });

  it("refuses what another signed, another channel's state, fields too many, and channels unknown", async function () {
    const { service } = await freshService(this);
    const { get, post } = await listen(this, service);
    const mallory = person("mallory");
    const { id, alice, body } = await payment(service, 30n, mallory.key);
    const submit = (to: string, changed: object) =>
      post(`/v1/channels/${to}/states`, { ...NO_KEY, body: { ...body, ...changed } });
    expect(await submit(id, {})).to.deep.equal(refusal("wrong_signer", { got: mallory.address, want: alice }));
    const other = keccakText("no channel");
    const field = "body/proposal/channelId";
    expect(await submit(other, {})).to.deep.equal(refusal("invalid_request", { field, got: id, want: other }));
    const proposal = { ...body.proposal, bonus: "1" };
    const reason = 'Unrecognized key: "bonus"';
    expect(await submit(id, { proposal })).to.deep.equal(
      refusal("invalid_request", { field: "body/proposal", reason }),
    );
    expect(await submit(id, { signature: "0x00" })).to.deep.equal(
      refusal("invalid_signature", { field: "body/signature" }),
    );
    const tooMuch = { ...body.proposal, net: `${2n ** 127n}` };
    expect(await submit(id, { proposal: tooMuch })).to.deep.equal(
      refusal("out_of_range", { field: "body/proposal/net", most: `${2n ** 127n - 1n}` }),
    );
    expect(await get(`/v1/channels/${other}`)).to.deep.equal(refusal("unknown_channel", { channel: other }));
    expect(service.channel(id)?.state).to.deep.equal(emptyState(id));
  });

  it("signs withdrawals that the user signed, and shows them while they are pending", async function () {
    const { service } = await freshService(this);
    const { get, post } = await listen(this, service);
    const { id, alice } = await payment(service);
    const withdrawal = { channelId: id, withdrawn: 40n, reclaimed: 0n, recipient: alice, deadline: NOW + 500n };
    const signature = sign(digest(SEPARATOR, hashWithdrawal(withdrawal)), person("alice").key);
    const body = z.encode(wire.withdrawalRequest, { custody: "self", withdrawal, signature });
    const done = await post("/v1/withdrawals", { ...NO_KEY, key: "take", body });
    const { systemSignature } = done.body as { systemSignature: never };
    const signed = { withdrawal: z.encode(wire.withdrawal, withdrawal), userSignature: signature, systemSignature };
    expect(done).to.deep.equal(
      answer(201, { id: hashWithdrawal(withdrawal), commit: "6", ...signed, fee: "0", payment: null }),
    );
    expect(recover(digest(SEPARATOR, hashWithdrawal(withdrawal)), systemSignature)).to.equal(SIGNER);
    expect(await post("/v1/withdrawals", { ...NO_KEY, key: "take", body })).to.deep.equal({
      ...done,
      replayed: "true",
    });
    const shown = await get(`/v1/channels/${id}`);
    expect(shown.body).to.deep.include({ balance: "100", available: "60", withdrawal: signed });
  });

  it("signs withdrawals of hosted accounts for the operator alone", async function () {
    const { service } = await freshService(this);
    const { post } = await listen(this, service);
    const alice = await openHosted(service, "alice", 100n);
    const { id: channelId } = service.channelOf(alice, POINTS)!;
    const recipient = person("bank").address;
    const deadline = NOW + 500n;
    const body = { custody: "hosted", from: alice, token: POINTS, amount: "40", recipient, deadline: `${deadline}` };
    expect(await post("/v1/withdrawals", { ...NO_KEY, body })).to.deep.equal(refusal("unauthorized"));
    const done = await post("/v1/withdrawals", { body });
    const { userSignature, systemSignature } = done.body as Record<string, never>;
    const withdrawal = { channelId, withdrawn: 40n, reclaimed: 0n, recipient, deadline };
    expect(done).to.deep.equal(
      answer(201, {
        id: hashWithdrawal(withdrawal),
        commit: "5",
        ...{ withdrawal: z.encode(wire.withdrawal, withdrawal), userSignature, systemSignature },
        ...{ fee: "0", payment: null },
      }),
    );
    const signers = [userSignature!, systemSignature!].map((one) =>
      recover(digest(SEPARATOR, hashWithdrawal(withdrawal)), one),
    );
    expect(signers).to.deep.equal([alice, SIGNER]);
  });
});

onEachDatabase("HTTP: a wallet", () => {
  it("receives, pays and withdraws, checking every signature itself", async function () {
    const { service } = await freshService(this);
    const { url } = await listen(this, service);
    const { wallet, address } = await openRemote(this, service, "alice", apiAs(url, "alice"));
    const bob = await openHosted(service, "bob");
    await issue(service, address, 100n);
    await wallet.sync();
    await wallet.pay(bob, 30n, keccakText("order 1"));
    const { systemSignature } = await wallet.withdraw({ amount: 20n, recipient: bob, deadline: NOW + 500n, now: NOW });
    expect(systemSignature).to.match(/^0x[0-9a-f]{130}$/);
    expect([wallet.balance, wallet.available, pointsOf(service, bob)]).to.deep.equal([70n, 50n, 30n]);
    await expectError(() => wallet.pay(bob, 51n, ZERO_HASH), "insufficient_balance");
  });

  it("is paid and pays conditionally", async function () {
    const { service } = await freshService(this);
    const { url } = await listen(this, service);
    const [alice, bob] = await Promise.all(
      ["alice", "bob"].map((name) => openRemote(this, service, name, apiAs(url, name))),
    );
    await issue(service, alice!.address, 100n);
    await alice!.wallet.sync();
    const invoice = await bob!.wallet.invoice({ amount: 30n, expiry: NOW + 300n });
    await alice!.wallet.payInvoice(invoice);
    // The first finds the promise and claims it, the second finds the money.
    await bob!.wallet.sync();
    await bob!.wallet.sync();
    await alice!.wallet.sync();
    expect([alice!.wallet.balance, bob!.wallet.balance]).to.deep.equal([70n, 30n]);
    expect([alice!.wallet.outgoing, bob!.wallet.incoming]).to.deep.equal([[], []]);
  });

  it("keeps a state whose answer was lost, and completes it with the same bytes (case 25)", async function () {
    const { service } = await freshService(this);
    const { url } = await listen(this, service);
    const over = apiAs(url, "alice");
    let lose = true;
    const api = {
      ...over,
      submitState: async (request: Parameters<typeof over.submitState>[0]) => {
        const signed = await over.submitState(request);
        if (!lose) return signed;
        lose = false;
        return await apiAs("http://127.0.0.1:1", "alice").submitState(request);
      },
    };
    const { wallet, address } = await openRemote(this, service, "alice", api);
    const bob = await openHosted(service, "bob");
    await issue(service, address, 100n);
    await wallet.sync();
    await expectError(() => wallet.pay(bob, 30n, ZERO_HASH), "unreachable");
    await wallet.resume();
    expect([wallet.balance, pointsOf(service, bob)]).to.deep.equal([70n, 30n]);
  });

  it("learns why it was refused", async function () {
    const { service } = await freshService(this);
    const { url } = await listen(this, service);
    const { wallet, address } = await openRemote(this, service, "alice", apiAs(url, "alice"));
    await issue(service, address, 100n);
    await wallet.sync();
    await expectError(() => wallet.pay(person("nobody").address, 1n, ZERO_HASH), "unknown_account", {
      account: person("nobody").address,
    });
    const api = apiAs(url, "alice");
    await expectError(() => api.latestNote(ZERO_HASH as string as ChannelId), "forbidden", { restriction: "accounts" });
  });

  it("takes nothing for an answer that is none", async function () {
    const id = keccakText("a channel") as string as ChannelId;
    for (const body of ["<html>", "{}", '{"code":"brand_new","details":{}}']) {
      for (const status of [200, 403, 502]) {
        const url = await stranger(this, status, body);
        await expectError(() => apiAs(url, "alice").latestNote(id), "unreachable");
      }
    }
  });
});
