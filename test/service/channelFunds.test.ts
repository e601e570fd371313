import { expect } from "chai";

import { digest, emptyState, hashClosing, sign, ZERO_HASH, type Address } from "../../src/protocol";
import type { Request } from "../../src/service";
import { onEachDatabase } from "../helpers/databases";
import { expectError } from "../helpers/errors";
import { COIN, freshService as freshServiceOn, NOW, openHosted, person, SEPARATOR } from "../helpers/service";
import { payment } from "../helpers/requests";

onEachDatabase("Channels and their chain", (database) => {
  const freshService = (context: Mocha.Context, limit?: bigint) => freshServiceOn(context, limit, database);

  describe("the chain's side", () => {
    const deadline = NOW + 500n;

    async function deposited(context: Mocha.Context) {
      const { service, ...rest } = await freshService(context);
      const alice = await openHosted(service, "alice");
      const { id } = service.channelOf(alice, COIN)!;
      const funds = { deposited: 100n, withdrawn: 0n, reclaimed: 0n, collateral: 100n };
      await service.submit({ type: "updateFunds", channelId: id, funds, finalTime: NOW });
      return { ...rest, service, alice, id, funds };
    }

    const withdraw = (from: Address, amount: bigint): Request => ({
      type: "withdrawHosted",
      from,
      token: COIN,
      amount,
      recipient: from,
      deadline,
    });

    it("a final deposit counts, a withdrawal is signed once and taken off what is available", async function () {
      const { service, alice, id, funds } = await deposited(this);
      const { consent } = await service.submit(withdraw(alice, 60n));
      expect(consent).to.match(/^0x[0-9a-f]{130}$/);
      await expectError(() => service.submit(withdraw(alice, 10n)), "withdrawal_pending");
      const bob = await openHosted(service, "bob");
      const pay: Request = { ...payment(alice, bob, 41n), token: COIN } as Request;
      await expectError(() => service.submit(pay), "insufficient_balance", { short: 1 });
      const after = { ...funds, withdrawn: 60n, collateral: 40n };
      await service.submit({ type: "updateFunds", channelId: id, funds: after, finalTime: NOW });
      expect(service.channel(id)?.pending).to.equal(null);
      expect(await service.audit.isConserved(COIN)).to.equal(true);
    });

    it("a withdrawal that expired on the final chain is released", async function () {
      const { service, alice, id, funds } = await deposited(this);
      await service.submit(withdraw(alice, 60n));
      await service.submit({ type: "updateFunds", channelId: id, funds, finalTime: deadline });
      expect(service.channel(id)?.pending?.withdrawn).to.equal(60n);
      await service.submit({ type: "updateFunds", channelId: id, funds, finalTime: deadline + 1n });
      expect(service.channel(id)?.pending).to.equal(null);
    });

    it("totals never fall", async function () {
      const { service, id, funds } = await deposited(this);
      const less = { ...funds, deposited: 99n };
      await expectError(
        () => service.submit({ type: "updateFunds", channelId: id, funds: less, finalTime: NOW }),
        "bad_withdrawal",
      );
    });

    it("S6: a frozen channel signs nothing until its epoch is settled; then the next is open", async function () {
      const { service, alice, id } = await deposited(this);
      const bob = await openHosted(service, "bob");
      await service.submit({ type: "freeze", channelId: id });
      await service.submit({ type: "freeze", channelId: id });
      const frozen: Request[] = [
        { ...payment(alice, bob, 1n), token: COIN } as Request,
        withdraw(alice, 1n),
        { type: "issue", account: alice, token: COIN, amount: 1n, reference: ZERO_HASH },
      ];
      for (const request of frozen) await expectError(() => service.submit(request), "channel_frozen");
      const funds = { deposited: 7n, withdrawn: 0n, reclaimed: 0n, collateral: 7n };
      await service.submit({ type: "settleEpoch", channelId: id, funds });
      const next = service.channelOf(alice, COIN)!;
      expect([next.key.epoch, next.status, next.funds, next.state]).to.deep.equal([
        1n,
        "open",
        funds,
        emptyState(next.id),
      ]);
      expect(await service.audit.isConserved(COIN)).to.equal(true);
      await expectError(() => service.submit({ type: "settleEpoch", channelId: id, funds }), "channel_frozen");
    });

    it("S8: after a cooperative closing nothing else is signed until it is mined or its deadline is final", async function () {
      const { service, id, funds } = await deposited(this);
      const closing = { channelId: id, net: 0n, deadline };
      const signature = sign(digest(SEPARATOR, hashClosing(closing)), person("alice").key);
      const request: Request = { type: "closeCooperatively", closing, signature };
      const first = await service.submit(request);
      expect((await service.submit(request)).consent).to.equal(first.consent);
      const alice = person("alice").address;
      await expectError(() => service.submit(withdraw(alice, 1n)), "closing_pending", { until: deadline });
      await service.submit({ type: "updateFunds", channelId: id, funds, finalTime: deadline + 1n });
      await service.submit(withdraw(alice, 1n));
    });
  });
});
