import { expect } from "chai";

import {
  encodeInvoice,
  hashOfPreimage,
  keccakText,
  paymentReference,
  toAddress,
  ZERO_ADDRESS,
  ZERO_HASH,
  type Address,
  type FeeSchedule,
  type Hash,
} from "../../../src/protocol";
import { ChainNode, formatRequest, httpProvider, Hub, parseRequest, type Balance, type Client } from "../../../src/sdk";
import { afterTest } from "../../helpers/afterTest";
import { clientOf, clientOptions, startTown, type Town } from "../../helpers/clients";
import { expectError } from "../../helpers/errors";
import { person } from "../../helpers/service";
import { IChannelHub__factory } from "../../../typechain-types";

describe("Client, on a real node", () => {
  let town: Town;
  let index = 3;

  before(async () => (town = await startTown()));
  after(() => town.stop());

  const pointsFor = (account: Address, amount: bigint) =>
    town.world.service.submit({ type: "issue", account, token: town.points, amount, reference: ZERO_HASH });

  /** A client with an open channel and `amount` points. */
  const customer = async (context: Mocha.Context, amount = 0n, poll = 0): Promise<Client> => {
    const client = await clientOf(context, town, (index += 1), { poll });
    await client.open(town.points);
    if (amount > 0n) await pointsFor(client.account, amount);
    await client.sync(town.points);
    return client;
  };

  /** What the chain says of the user's channel, told to the service, as its watcher would. */
  const tellService = async ({ account }: Client): Promise<void> => {
    const { service, hub, system } = town.world;
    const { funds } = await hub.channel({ system, user: account, token: town.coin });
    const { id } = service.channelOf(account, town.coin)!;
    const finalTime = BigInt((await town.world.node.provider.getBlock("latest"))!.timestamp);
    await service.submit({ type: "updateFunds", channelId: id, funds, finalTime });
  };

  const sums = ({ balance, available, withdrawing }: Balance) => ({ balance, available, withdrawing });

  it("takes hub, signers, settings and funds from the chain, opens an account once, receives and pays", async function () {
    const alice = await customer(this, 100n);
    const bob = await customer(this);
    await alice.open(town.points);
    expect(alice.domain.hub).to.equal(town.world.hub.address);
    const receipt = await alice.pay({ to: bob.account, token: town.points, amount: 30n });
    await bob.sync(town.points);
    const { channelId, ...balance } = await alice.balance(town.points);
    expect(receipt).to.deep.equal({
      ...{ channelId, version: 1n, to: bob.account, token: town.points, amount: 30n, reference: ZERO_HASH },
    });
    expect(balance).to.deep.equal({
      ...{ token: town.points, decimals: 18, balance: 70n, available: 70n },
      ...{ locked: 0n, promised: 0n, withdrawing: 0n, status: "open" },
    });
    expect((await bob.balance(town.points)).balance).to.equal(30n);
    const told = (await alice.history(town.points)).map(({ time, ...entry }) => ({
      ...entry,
      isDated: time !== undefined,
    }));
    expect(told).to.deep.equal([
      { type: "received", amount: 100n, noteSeq: 1n, isDated: true },
      { type: "paid", version: 1n, to: bob.account, amount: 30n, reference: ZERO_HASH, isDated: true },
    ]);
  });

  it("case 25: pays a reference once, however often it is asked, and refuses another payment under it", async function () {
    const alice = await customer(this, 100n);
    const { account: to } = await customer(this);
    const order = { to, token: town.points, amount: 30n, reference: keccakText("order 7") };
    const receipts = await Promise.all([alice.pay(order), alice.pay(order)]);
    const [later] = [await alice.pay(order)];
    expect(new Set([...receipts, later].map(({ version }) => version)).size).to.equal(1);
    expect((await alice.balance(town.points)).balance).to.equal(70n);
    await expectError(() => alice.pay({ ...order, amount: 31n }), "idempotency_conflict", { amount: 30n });
  });

  it("gives back what it was paid, once per reference, and no more than that", async function () {
    const [alice, bob] = [await customer(this, 100n), await customer(this, 50n)];
    await alice.pay({ to: bob.account, token: town.points, amount: 30n });
    await bob.sync(town.points);
    const { service } = town.world;
    const [paid] = await service.events({ types: ["money.transferred"], order: "descending", limit: 1 });
    const payment = town.world.system.slice(2) + paid!.number.toString(16);
    const order = { to: alice.account, token: town.points, amount: 20n, payment, reference: keccakText("return") };
    const receipts = [await bob.refund(order), await bob.refund(order)];
    expect(receipts[1]).to.deep.equal(receipts[0]);
    await expectError(() => bob.pay({ ...order, to: alice.account }), "idempotency_conflict", {
      ...{ reference: order.reference, to: alice.account, amount: 20n },
    });
    const name = paymentReference(town.world.system, paid!.number);
    const more = { payment: name, paid: 30n, refunded: 20n, left: 10n, got: 11n };
    await expectError(
      () => bob.refund({ to: alice.account, token: town.points, amount: 11n, payment }),
      "refund_exceeded",
      more,
    );
    await expectError(() => bob.refund({ ...order, payment: "none" }), "unknown_payment", { payment: "none" });
    await alice.sync(town.points);
    const have = [(await alice.balance(town.points)).balance, (await bob.balance(town.points)).balance];
    expect(have).to.deep.equal([90n, 60n]);
    const { time, ...told } = (await bob.history(town.points)).at(-1)!;
    expect([typeof time, told]).to.deep.equal([
      "bigint",
      { type: "refunded", version: 1n, to: alice.account, amount: 20n, payment: name, reference: order.reference },
    ]);
  });

  it("pays what the system charges, up to what it was told, and no more", async function () {
    const { service, system } = town.world;
    const setFees = (fees: FeeSchedule) => service.submit({ type: "setFees", system, token: town.points, fees });
    const rate = { flat: 2n, basisPoints: 0n, min: 0n, max: null };
    afterTest(this, () => setFees({}));
    const alice = await customer(this, 100n);
    const shop = await customer(this);
    await setFees({ transfer: rate, payment: rate });
    const order = { to: shop.account, token: town.points, amount: 10n };
    await expectError(() => alice.pay(order), "fee_too_high", { fee: 2n, maxFee: 0n });
    await alice.pay({ ...order, maxFee: 2n });
    const invoice = encodeInvoice(await shop.invoice({ token: town.points, amount: 10n }));
    await expectError(() => alice.payInvoice(invoice, 1n), "fee_too_high", { fee: 2n });
    await alice.payInvoice(invoice, 5n);
    expect(await alice.balance(town.points)).to.include({ balance: 88n, locked: 12n });
    await expectError(() => alice.payInvoice("sl1nothing"), "invalid_invoice");
  });

  it("asks for money by a link, and by an invoice that tells when it is paid", async function () {
    const alice = await customer(this, 100n, 50);
    const shop = await customer(this, 0n, 50);
    const request = parseRequest(shop.request({ token: town.points, amount: 5n, reference: keccakText("table 4") }));
    const { domain, system, account: to } = shop;
    expect(request).to.deep.equal({
      domain,
      system,
      to,
      token: town.points,
      amount: 5n,
      reference: keccakText("table 4"),
    });
    await alice.pay({ ...request, amount: 5n });

    const invoice = await shop.invoice({ token: town.points, amount: 30n });
    await expectError(() => alice.outcome(invoice), "unknown_invoice", { hash: invoice.invoice.hash });
    expect(await shop.invoiceStatus(invoice.text)).to.deep.equal({ role: "payee", status: "open" });
    await alice.payInvoice(invoice);
    await shop.paid(invoice);
    const outcome = (await alice.outcome(invoice.text)) as { status: "settled"; preimage: Hash };
    expect([outcome.status, hashOfPreimage(outcome.preimage)]).to.deep.equal(["settled", invoice.invoice.hash]);
    expect(await alice.invoiceStatus(invoice)).to.deep.equal({ role: "payer", ...outcome });
    expect(await shop.invoiceStatus(invoice)).to.deep.equal({ role: "payee", status: "settled" });
    expect(await shop.balance(town.points)).to.include({ balance: 35n, promised: 0n });
    await until(alice, town.points, ({ balance, locked }) => balance === 65n && locked === 0n);
    await expectError(() => alice.payInvoice(invoice), "hash_used");
    const unpaid = await shop.invoice({ token: town.points, amount: 1n });
    await expectError(() => shop.paid(unpaid, AbortSignal.timeout(20)), "stopped");
  });

  it("holds an invoice until it is told to claim or to give back", async function () {
    const alice = await customer(this, 100n);
    const shop = await customer(this);
    const [kept, given] = [await hold(shop), await hold(shop)];
    for (const invoice of [kept, given]) await alice.payInvoice(invoice);
    await shop.sync(town.points);
    expect(await shop.balance(town.points)).to.include({ balance: 0n, promised: 20n });
    expect(await shop.invoiceStatus(kept)).to.deep.equal({ role: "payee", status: "promised" });
    expect(await alice.invoiceStatus(kept)).to.deep.equal({ role: "payer", status: "locked" });
    await expectError(() => shop.outcome(kept), "unknown_invoice", { hash: kept.invoice.hash });
    await expectError(() => alice.outcome(kept, AbortSignal.timeout(20)), "stopped", { hash: kept.invoice.hash });
    await shop.reveal(kept);
    await shop.cancel(given);
    await shop.sync(town.points);
    await alice.sync(town.points);
    expect([(await alice.outcome(kept)).status, await alice.outcome(given)]).to.deep.equal([
      "settled",
      { status: "returned" },
    ]);
    expect([(await alice.balance(town.points)).available, (await shop.balance(town.points)).balance]).to.deep.equal([
      90n,
      10n,
    ]);
    const told = (await alice.history(town.points)).flatMap((entry) =>
      entry.type === "settled"
        ? [entry.hash, hashOfPreimage(entry.preimage)]
        : entry.type === "returned"
          ? entry.hash
          : [],
    );
    expect(told).to.deep.equal([kept.invoice.hash, kept.invoice.hash, given.invoice.hash]);
  });

  it("shows a payment's receipt, checked once more, and none that it does not have", async function () {
    const alice = await customer(this, 100n);
    const { account: to } = await customer(this);
    const paid = await alice.pay({ to, token: town.points, amount: 30n });
    const { state, operations, channel } = await alice.receipt(town.points, paid.version);
    expect([state.channelId, state.version, channel.user]).to.deep.equal([paid.channelId, 1n, alice.account]);
    expect(operations?.at(-1)).to.deep.equal({ type: "pay", to, amount: 30n, reference: ZERO_HASH });
    await expectError(() => alice.receipt(town.points, 2n), "unknown_state", { version: 2n });
  });

  it("knows what a token calls itself and what an account has outside of channels", async () => {
    const { hub, node, points } = town.world;
    const [chain, owner] = [new ChainNode(httpProvider(node.url)), toAddress(node.account(3).address)];
    const reader = new Hub(hub.address, chain);
    const names = [await reader.symbol(town.points), await reader.symbol(ZERO_ADDRESS)];
    expect(names).to.deep.equal(["POINT", "ETH"]);
    expect(await reader.held(town.points, owner)).to.equal(await points.balanceOf(owner));
    expect(await reader.held(ZERO_ADDRESS, owner)).to.equal(await node.provider.getBalance(owner));
  });

  const hold = (shop: Client) => shop.invoice({ token: town.points, amount: 10n, hold: true });

  it("deposits, withdraws to the chain and closes cooperatively; the next epoch is open at once", async function () {
    const client = await clientOf(this, town, (index += 1));
    const { coin, world } = town;
    const held = () => world.coin.balanceOf(client.account);
    await client.open(coin);
    await world.coin.connect(world.node.account(0)).mint(client.account, 1_000n);
    await expectError(() => client.deposit({ token: coin, amount: 1_001n }), "transaction_failed");
    const { gas } = await client.deposit({ token: coin, amount: 1_000n });
    expect(gas > 21_000n).to.equal(true);
    expect(sums(await client.balance(coin))).to.deep.equal({ balance: 1_000n, available: 1_000n, withdrawing: 0n });

    await tellService(client);
    const signed = await client.withdraw({ token: coin, amount: 300n });
    expect(await client.withdraw({ token: coin, amount: 300n })).to.deep.equal(signed);
    await expectError(() => client.withdraw({ token: coin, amount: 1n }), "withdrawal_pending");
    expect(sums(await client.balance(coin))).to.deep.equal({ balance: 1_000n, available: 700n, withdrawing: 300n });
    await client.submit(coin, signed);
    expect([await held(), sums(await client.balance(coin))]).to.deep.equal([
      300n,
      { balance: 700n, available: 700n, withdrawing: 0n },
    ]);

    await tellService(client);
    await client.close(coin);
    expect(await held()).to.equal(1_000n);
    const after = await client.balance(coin);
    expect([sums(after), after.status]).to.deep.equal([{ balance: 0n, available: 0n, withdrawing: 0n }, "open"]);
  });

  it("freezes when it sees the system's close, before it is final (S6)", async function () {
    const client = await clientOf(this, town, (index += 1));
    await client.open(town.coin);
    const { world } = town;
    const key = { system: world.system, user: client.account, token: town.coin };
    await world.coin.connect(world.node.account(0)).mint(client.account, 10n);
    await client.deposit({ token: town.coin, amount: 10n });
    await tellService(client);
    expect((await client.balance(town.coin)).status).to.equal("open");
    await closeAsSystem(key);
    expect((await client.balance(town.coin)).status).to.equal("closing");
    const order = { to: person("bob").address, token: town.coin, amount: 1n };
    await expectError(() => client.pay(order), "channel_frozen");
  });

  const closeAsSystem = async (key: { system: Address; user: Address; token: Address }): Promise<void> => {
    const hub = IChannelHub__factory.connect(town.world.hub.address, town.world.node.account(0));
    const { timestamp } = (await town.world.node.provider.getBlock("latest"))!;
    const empty = { version: 0n, net: 0n, noteSeq: 0n, noteCredited: 0n, seq: 0n, credited: 0n };
    const locks = { locked: 0n, locksExpiry: 0n, locksRoot: ZERO_HASH, memo: ZERO_HASH };
    const message = { ...empty, ...locks };
    const order = { party: key.system, humble: false, deadline: BigInt(timestamp) + 600n, signature: "0x" };
    await (await hub.close(key, message, message, "0x", "0x", order)).wait();
  };

  it("refuses another chain, hub or system than its store was used with, and a store that is in use", async function () {
    const options = await clientOptions(this, town, (index += 1));
    const client = await clientOf(this, town, index, options);
    await client.open(town.points);
    await expectError(() => clientOf(this, town, index, options), "store_locked");
    await client.stop();
    const hub = toAddress(`0x${"77".repeat(20)}`);
    await expectError(() => clientOf(this, town, index, { ...options, hub }), "wrong_chain");
    const stranger = { request: () => Promise.resolve("0x1") };
    await expectError(() => clientOf(this, town, index, { ...options, rpc: stranger }), "wrong_chain", { got: 1n });
    await expectError(
      () => clientOf(this, town, index, { ...options, rpc: "http://127.0.0.1:1" }),
      "chain_unreachable",
    );
    expect((await (await clientOf(this, town, index, options)).balance(town.points)).balance).to.equal(0n);
  });

  it("names what is wrong in a payment link", async () => {
    const { world, points } = town;
    const to = person("bob").address;
    const link = formatRequest({
      domain: { chainId: 1n, hub: world.hub.address },
      system: world.system,
      to,
      token: points,
    });
    expect(parseRequest(link)).to.not.have.property("amount");
    for (const [bad, field] of [
      ["https://x", "payee"],
      [link.replace("chain=1", "chain=one"), "chain"],
      [`${link}&amount=0`, "amount"],
      [`${link}&amount=1e3`, "amount"],
      [`${link}&reference=0x00`, "reference"],
    ] as const) {
      await expectError(() => parseRequest(bad), "invalid_input", { field });
    }
  });
});

/** Resolves when the balance is as wanted. */
async function until(client: Client, token: Address, isWanted: (balance: Balance) => boolean): Promise<void> {
  for await (const balance of client.watch(token)) if (isWanted(balance)) return;
}
