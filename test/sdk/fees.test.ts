import { expect } from "chai";

import { hashOfPreimage, keccakText, ZERO_HASH, type FeeRate, type FeeSchedule } from "../../src/protocol";
import { expectError } from "../helpers/errors";
import { freshService, issue, NOW, openHosted, openWallet, POINTS, pointsOf, SYSTEM } from "../helpers/service";

const TENTH: FeeRate = { flat: 0n, basisPoints: 1_000n, min: 0n, max: null };

describe("a wallet's fees", () => {
  async function world(context: Mocha.Context) {
    const { service } = await freshService(context);
    const { wallet, address, arrived } = await openWallet(context, service, "alice");
    const bob = await openHosted(service, "bob");
    await issue(service, address, 100n);
    await arrived();
    const charge = (fees: FeeSchedule) => service.submit({ type: "setFees", system: SYSTEM, token: POINTS, fees });
    return { service, wallet, address, bob, charge };
  }

  it("are paid as the schedule says, up to what the payer allows, and nothing is paid that was not", async function () {
    const { service, wallet, address, bob, charge } = await world(this);
    await charge({ transfer: TENTH });
    await expectError(() => wallet.pay(bob, 30n, ZERO_HASH), "fee_too_high", { fee: 3n, maxFee: 0n });
    await expectError(() => wallet.pay(bob, 30n, ZERO_HASH, 2n), "fee_too_high", { fee: 3n, maxFee: 2n });
    expect([pointsOf(service, address), wallet.state.version]).to.deep.equal([100n, 0n]);
    await wallet.pay(bob, 30n, ZERO_HASH, 3n);
    expect([wallet.balance, pointsOf(service, address), pointsOf(service, bob)]).to.deep.equal([67n, 67n, 30n]);
  });

  it("follow the schedule when it changes", async function () {
    const { service, wallet, bob, charge } = await world(this);
    await charge({ transfer: TENTH });
    await wallet.pay(bob, 10n, ZERO_HASH, 5n);
    await charge({ transfer: { ...TENTH, flat: 2n } });
    await wallet.pay(bob, 10n, ZERO_HASH, 5n);
    await charge({});
    await wallet.pay(bob, 10n, ZERO_HASH, 5n);
    expect([wallet.balance, await service.audit.isConserved(POINTS)]).to.deep.equal([100n - 11n - 13n - 10n, true]);
  });

  it("of one that pays too much harm nobody who shares its state", async function () {
    const { wallet, bob, charge } = await world(this);
    await charge({ transfer: TENTH });
    const results = await Promise.allSettled([
      wallet.pay(bob, 10n, ZERO_HASH, 1n),
      wallet.pay(bob, 20n, ZERO_HASH, 1n),
    ]);
    expect(results.map(({ status }) => status)).to.deep.equal(["fulfilled", "rejected"]);
    expect(wallet.balance).to.equal(89n);
  });

  it("of many payments in one state are limited together", async function () {
    const { service, wallet, bob, charge } = await world(this);
    await charge({ transfer: TENTH });
    const payments = [1, 2, 3].map((i) => ({ to: bob, amount: 10n, reference: keccakText(`${i}`) }));
    await expectError(() => wallet.payMany(payments, 2n), "fee_too_high", { fee: 3n, maxFee: 2n });
    await wallet.payMany(payments, 3n);
    expect([wallet.state.version, wallet.balance, pointsOf(service, bob)]).to.deep.equal([1n, 67n, 30n]);
  });

  it("of a conditional payment are what the payer offers, if that is more", async function () {
    const { service, wallet, bob, charge } = await world(this);
    await charge({ payment: TENTH });
    const invoice = (i: number) => {
      const hash = hashOfPreimage(keccakText(`secret ${i}`));
      const terms = { hash, amount: 20n, token: POINTS, expiry: NOW + 300n, account: bob, memo: ZERO_HASH };
      return service.signInvoice(terms);
    };
    await expectError(() => wallet.payInvoice(invoice(1), 1n), "fee_too_high", { fee: 2n, maxFee: 1n });
    await wallet.payInvoice(invoice(2), 0n, 2n);
    await wallet.payInvoice(invoice(3), 5n);
    expect(wallet.outgoing.map(({ amount }) => amount)).to.deep.equal([22n, 25n]);
  });
});
