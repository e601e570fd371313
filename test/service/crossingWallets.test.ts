import { expect } from "chai";

import { StarledgerError } from "../../src/errors";
import {
  decodeInvoice,
  hashInvoice,
  hashOfPreimage,
  keccakText,
  ZERO_HASH,
  type Invoice,
  type Route,
} from "../../src/protocol";
import type { RoutesApi, Wallet } from "../../src/sdk";
import { Payments } from "../../src/sdk/client/payments";
import { TwoSystems } from "../helpers/crossing";
import { onEachDatabase } from "../helpers/databases";
import { expectError } from "../helpers/errors";
import { apiAs, listen } from "../helpers/http";
import { MARGIN, NOW, person, POINTS, pointsOf } from "../helpers/service";

const ORDER = keccakText("order");

onEachDatabase("Payments to other systems by who keeps the key", () => {
  /** Carol keeps her key, at alice's system; bob is at the other. */
  async function open(context: Mocha.Context, change: (routes: RoutesApi) => Partial<RoutesApi> = () => ({})) {
    const both = await TwoSystems.open(context);
    const { url, post } = await listen(context, both.services);
    const routes = apiAs(url, "carol").routes!;
    const carol = await both.openWallet(context, url, "carol", { routes: { ...routes, ...change(routes) } });
    const order = { to: both.bob, token: POINTS, amount: 30n, reference: ORDER };
    const invoice = async (hold = false) => {
      const body = { account: both.bob, token: POINTS, amount: "30", expiry: (NOW + 300n).toString(), hold };
      return (await post("/v1/invoices", { body })).body as { hash: typeof ORDER; text: string };
    };
    return { both, url, routes, ...carol, post, order, invoice };
  }

  /** What carol has, then the routers of both systems, then bob; both systems' books hold. */
  async function heldIn({ source, target, held }: TwoSystems, wallet: Wallet): Promise<bigint[]> {
    for (const service of [source, target]) {
      expect(await service.audit.isConserved(POINTS)).to.equal(true);
      expect((await service.audit.reconcile()).differences).to.deep.equal([]);
    }
    expect(pointsOf(source, person("carol").address)).to.equal(wallet.balance);
    return [wallet.balance, ...held.slice(1)];
  }

  it("case 25: a transfer arrives, once for one reference, and the system's signed word says whom it was for", async function () {
    const { both, wallet, order, restored } = await open(this);
    const payments = new Payments();
    const receipt = await payments.pay(wallet, order);
    expect(receipt).to.deep.equal({ channelId: wallet.id, version: 1n, ...order });
    expect(await payments.pay(wallet, order)).to.deep.equal(receipt);
    expect(await new Payments().pay(await restored(), order)).to.deep.equal(receipt);
    await both.settled();
    expect(await heldIn(both, wallet)).to.deep.equal([70n, 30n, 70n, 30n]);
    const { hash } = wallet.paymentOf(ORDER)!;
    const { invoice } = wallet.routedUnder(hash!)!.route;
    const onward: Invoice = {
      hash: hash!,
      amount: 30n,
      token: POINTS,
      expiry: invoice.expiry,
      account: both.bob,
      memo: ORDER,
    };
    expect(invoice).to.deep.equal({ ...onward, account: both.routerOf(both.source), memo: hashInvoice(onward) });
    const outcome = wallet.outcomeOf(hash!);
    expect(outcome?.status === "settled" && hashOfPreimage(outcome.preimage)).to.equal(hash);
  });

  it("an invoice is paid by the same call, and its preimage is the receipt", async function () {
    const { both, wallet, invoice } = await open(this);
    const { text, hash } = await invoice();
    await wallet.payInvoice(decodeInvoice(text));
    while (wallet.outcomeOf(hash) === undefined) await wallet.sync();
    expect(await heldIn(both, wallet)).to.deep.equal([70n, 30n, 70n, 30n]);
    expect(wallet.outcomeOf(hash)).to.deep.equal({ status: "settled", preimage: both.source.preimage(hash) });
  });

  it("case 25: a refund goes back to who paid, by the system's signed word, once for one reference", async function () {
    const { both, url, post } = await open(this);
    const { wallet } = await both.openWallet(this, url, "dave", {}, "target");
    const { alice } = both;
    const [to, token] = [person("dave").address, POINTS];
    await post("/v1/transfers", { body: { from: alice, to, token, amount: "30" } });
    await both.settled();
    await wallet.sync();
    const [event] = await both.target.events({ types: ["payment.settled"], limit: 1 });
    const order = { to: alice, token, amount: 20n, payment: event!.reference, reference: ORDER };
    const payments = new Payments();
    const receipt = await payments.refund(wallet, order);
    expect(await payments.refund(wallet, order)).to.deep.equal(receipt);
    await both.refunded();
    expect([both.held.slice(0, 3), wallet.balance]).to.deep.equal([[90n, 10n, 90n], 110n]);
    const eve = { ...order, to: person("eve").address, reference: ZERO_HASH };
    await expectError(() => payments.refund(wallet, eve), "wrong_refund", { got: eve.to, want: alice });
    await expectError(
      () => payments.refund(wallet, { ...order, amount: 11n, reference: ZERO_HASH }),
      "refund_exceeded",
    );
  });

  it("what the payee's system refuses comes back, and the same reference can be paid later", async function () {
    const { both, wallet, order } = await open(this);
    const payments = new Payments();
    await both.target.submit({ type: "setAccountStatus", account: both.bob, status: "frozen" });
    await both.target.submit({ type: "setAccountStatus", account: both.bob, status: "closed" });
    await expectError(() => payments.pay(wallet, order), "returned");
    expect(await heldIn(both, wallet)).to.deep.equal([100n, 0n, 100n, 0n]);
    const nobody = person("nobody").address;
    await expectError(() => payments.pay(wallet, { ...order, to: nobody, reference: ZERO_HASH }), "unknown_account", {
      account: nobody,
    });
  });

  it("a route that is for something else, or that the system did not sign, is refused before anything is signed", async function () {
    let forge: (route: Route) => Route = (route) => route;
    const { wallet, order, both, invoice } = await open(this, (honest) => ({
      find: async (...asked) => forge(await honest.find(...asked)),
    }));
    const payments = new Payments();
    const other = keccakText("other");
    const changes: Partial<Invoice>[] = [{ amount: 31n }, { hash: other }, { token: both.bob }, { memo: other }];
    for (const change of changes) {
      forge = (route) => ({ ...route, invoice: { ...route.invoice, ...change } });
      await expectError(() => payments.pay(wallet, order), "wrong_route");
    }
    // The memo fits, and nobody of the system has signed it.
    forge = ({ invoice: one, signature }) => ({ invoice: { ...one, expiry: one.expiry + 1n }, signature });
    const { text } = await invoice();
    await expectError(() => wallet.payInvoice(decodeInvoice(text)), "wrong_signer");
    expect([wallet.state.version, wallet.outgoing]).to.deep.equal([0n, []]);
  });

  it("case 23: whoever dies before it can name its lock names it later, and a lock of less is not sent on", async function () {
    let isLost = true;
    const { wallet, order, both, restored, routes } = await open(this, (honest) => ({
      send: (...sent) => (isLost ? Promise.reject(new StarledgerError("unreachable")) : honest.send(...sent)),
    }));
    await expectError(() => new Payments().pay(wallet, order), "unreachable");
    isLost = false;
    const again = await restored();
    await new Payments().pay(again, order);
    await both.settled();
    expect(await heldIn(both, again)).to.deep.equal([70n, 30n, 70n, 30n]);

    const asked = {
      type: "transfer",
      to: both.bob,
      amount: 30n,
      reference: ORDER,
      nonce: keccakText("nonce"),
    } as const;
    const route = await routes.find(again.id, asked);
    const { hash, expiry, account: to } = route.invoice;
    const lock = { type: "lock", to, amount: 29n, fee: 0n, hash, expiry: expiry + MARGIN, reference: ORDER } as const;
    await again.transact([lock]);
    await expectError(() => routes.send(again.id, asked, route), "unknown_lock", { hash });
    const elsewhere = { ...asked, nonce: keccakText("another") };
    await expectError(() => routes.send(again.id, elsewhere, route), "wrong_route");
    expect(pointsOf(both.target, both.bob)).to.equal(30n);
  });
});
