import { expect } from "chai";

import type { ErrorCode } from "../../../src/errors";
import { addressOf, channelId, keccakText, ZERO_HASH } from "../../../src/protocol";
import { verifyReceipt, type StateReceipt } from "../../../src/sdk";
import { onEachDatabase } from "../../helpers/databases";
import { expectError } from "../../helpers/errors";
import { apiAs, listen, makeKey, refusal } from "../../helpers/http";
import {
  DOMAIN,
  freshService,
  issue,
  openHosted,
  openWallet,
  person,
  POINTS,
  SIGNER_KEY,
  SYSTEM,
} from "../../helpers/service";

const ORDER = keccakText("order");

onEachDatabase("HTTP: receipts", (database) => {
  /** Alice, who holds her own key, has paid bob twice. */
  async function world(context: Mocha.Context) {
    const { service } = await freshService(context, undefined, database);
    const api = await listen(context, service);
    const { wallet, address: alice, arrived } = await openWallet(context, service, "alice");
    const bob = await openHosted(service, "bob");
    await issue(service, alice, 100n);
    await arrived();
    await wallet.pay(bob, 10n, ORDER);
    await wallet.pay(bob, 20n, ZERO_HASH);
    const own = apiAs(api.url, "alice");
    const checks = { domain: DOMAIN, user: alice, system: SYSTEM, signers: new Set([addressOf(SIGNER_KEY)]) };
    const check = (receipt: StateReceipt, changes: Partial<typeof checks> = {}) =>
      verifyReceipt(receipt, { ...checks, ...changes });
    return { ...api, service, wallet, own, alice, bob, check };
  }

  it("show any state with its operations, and prove that both signed it", async function () {
    const { wallet, own, alice, bob, check, get } = await world(this);
    const receipt = await own.receipt(wallet.id, 1n);
    const operations = [
      { type: "fold", seq: 1n, credited: 100n },
      { type: "pay", to: bob, amount: 10n, reference: ORDER },
    ];
    expect(await check(receipt)).to.deep.equal(operations);
    expect(receipt.channel).to.deep.equal({ system: SYSTEM, user: alice, token: POINTS, epoch: 0n });
    expect([receipt.state.version, (await own.receipt(wallet.id, 2n)).state]).to.deep.equal([1n, wallet.state]);
    const { status, body } = await get(`/v1/channels/${wallet.id}/states/2`);
    expect([status, (body as { decimals: number }).decimals]).to.deep.equal([200, 18]);
  });

  it("in which anything is changed, or that others signed, prove nothing", async function () {
    const { wallet, own, bob, check } = await world(this);
    const receipt = await own.receipt(wallet.id, 1n);
    const other = await own.receipt(wallet.id, 2n);
    const stranger = person("stranger").address;
    const codes: readonly [ErrorCode, StateReceipt, Partial<Parameters<typeof check>[1]>?][] = [
      ["state_mismatch", { ...receipt, operations: other.operations }],
      ["state_mismatch", { ...receipt, operations: null }],
      ["state_mismatch", { ...receipt, channel: { ...receipt.channel, epoch: 1n } }],
      [
        "state_mismatch",
        { ...receipt, state: { ...receipt.state, channelId: channelId({ ...receipt.channel, user: bob }) } },
      ],
      ["wrong_signer", { ...receipt, state: { ...receipt.state, net: receipt.state.net + 1n } }],
      ["wrong_signer", { ...receipt, userSignature: other.userSignature }],
      ["wrong_signer", { ...receipt, systemSignature: other.systemSignature }],
      ["wrong_signer", receipt, { user: stranger }],
      ["wrong_signer", receipt, { system: stranger }],
      ["wrong_signer", receipt, { signers: new Set([stranger]) }],
      ["wrong_signer", receipt, { domain: { ...DOMAIN, chainId: 1n } }],
    ];
    for (const [code, changed, checks] of codes) {
      await expectError(() => check(changed, checks), code);
    }
  });

  it("case 33: are shown to the account and the operator, and to nobody else", async function () {
    const api = await world(this);
    const { wallet, bob, url, get } = api;
    const path = `/v1/channels/${wallet.id}/states/1`;
    expect(await get(path, { operator: null })).to.deep.equal(refusal("unauthorized"));
    const key = await makeKey(api, { scopes: ["channels:read"], restrictions: { accounts: [bob] } });
    expect(await get(path, { operator: key })).to.deep.equal(refusal("forbidden", { restriction: "accounts" }));
    await expectError(() => apiAs(url, "bob").receipt(wallet.id, 1n), "forbidden");
  });

  it("case 32: of states and channels that there are not are refused", async function () {
    const { wallet, get } = await world(this);
    for (const version of ["0", "3", `${2n ** 64n - 1n}`]) {
      const path = `/v1/channels/${wallet.id}/states/${version}`;
      expect(await get(path)).to.deep.equal(refusal("unknown_record", { version }));
    }
    const none = ZERO_HASH;
    expect(await get(`/v1/channels/${none}/states/1`)).to.deep.equal(refusal("unknown_channel", { channel: none }));
  });
});
