import { expect } from "chai";

import { Ledger, step, type Changes, type Command, type SeenClose } from "../../src/engine";
import { DEFAULT_LOCK_POLICY, defaultAllotment, keccakText, NO_FUNDS, type Hash } from "../../src/protocol";
import { expectError } from "../helpers/errors";
import { NOW, person, POINTS, SETTINGS, SYSTEM } from "../helpers/service";

const context = { now: NOW, locks: DEFAULT_LOCK_POLICY };
const alice = person("alice");
const { challengePeriod } = SETTINGS;
const [CLOSED, ELSEWHERE] = [keccakText("closed"), keccakText("closed in another block")];

describe("a channel that is being closed (S6)", () => {
  let ledger: Ledger;

  const channel = () => ledger.channelOf(SYSTEM, alice.address, POINTS)!;

  function apply(command: Command): Changes {
    const changes = step(ledger, command, context);
    ledger.apply(changes);
    return changes;
  }

  beforeEach(() => {
    ledger = new Ledger();
    const asset = { system: SYSTEM, token: POINTS, decimals: 18, allotment: defaultAllotment(18), limit: 10_000n };
    apply({ type: "addAsset", asset: { ...asset, settings: SETTINGS } });
    const account = {
      address: alice.address,
      system: SYSTEM,
      custody: "self",
      sealedKey: null,
      status: "open",
    } as const;
    apply({ type: "openAccount", account, tokens: [POINTS] });
  });

  /** A close in a block of time `minedAt`. */
  function close(transaction: Hash, { minedAt = NOW, humble = false } = {}): SeenClose {
    const challengeEnd = minedAt + (humble ? 2n : 1n) * challengePeriod;
    return { transaction, bySystem: false, humble, version: 0n, challengeEnd };
  }

  const freeze = (seen?: SeenClose) =>
    apply({ type: "freeze", channelId: channel().id, ...(seen !== undefined && { close: seen }) });
  const update = (finalTime: bigint) =>
    apply({ type: "updateFunds", channelId: channel().id, funds: NO_FUNDS, finalTime });
  const told = ({ events = [] }: Changes) => events.map(({ type, data }) => ({ type, data }));

  it("tells of the close once, and of the other transaction by which it is mined again", () => {
    const [{ id }, seen] = [channel(), close(CLOSED)];
    const { transaction, humble, version, challengeEnd } = seen;
    const data = { channelId: id, transaction, by: "user", humble, version, challengeEnd };
    expect(told(freeze(seen))).to.deep.equal([
      { type: "channel.frozen", data: { channelId: id } },
      { type: "channel.closing", data },
    ]);
    expect(freeze(seen)).to.deep.equal({});
    expect(freeze()).to.deep.equal({});
    const again = close(ELSEWHERE, { minedAt: NOW + 12n });
    expect(told(freeze(again))).to.deep.equal([
      { type: "channel.closing", data: { ...data, transaction: ELSEWHERE, challengeEnd: again.challengeEnd } },
    ]);
    expect(channel().freeze?.until).to.equal(NOW + 12n + challengePeriod);
  });

  for (const humble of [false, true]) {
    it(`case 16: signs again once an undone ${humble ? "humble " : ""}close can be mined no more, and not before`, () => {
      freeze(close(CLOSED, { humble }));
      update(NOW + challengePeriod);
      expect(channel().status).to.equal("frozen");
      expect(told(update(NOW + challengePeriod + 1n))).to.deep.equal([
        { type: "channel.unfrozen", data: { channelId: channel().id } },
      ]);
      expect([channel().status, channel().freeze]).to.deep.equal(["open", null]);
    });
  }

  it("stays frozen until its epoch ends where it is not known which close may still be mined", () => {
    freeze();
    freeze(close(CLOSED));
    update(NOW + 100n * challengePeriod);
    expect([channel().status, channel().freeze?.until]).to.deep.equal(["frozen", null]);
    apply({ type: "settleEpoch", channelId: channel().id, funds: NO_FUNDS });
    expect([channel().status, channel().key.epoch]).to.deep.equal(["open", 1n]);
  });

  it("tells of each answer once, as it comes", () => {
    const { id } = channel();
    freeze(close(CLOSED));
    const answer = (version: bigint): Command => ({
      ...{ type: "observeAnswer", channelId: id },
      answer: { shown: "state", version, transaction: ELSEWHERE },
    });
    const data = { channelId: id, transaction: ELSEWHERE };
    expect(told(apply(answer(2n)))).to.deep.equal([{ type: "channel.challenged", data: { ...data, version: 2n } }]);
    expect(apply(answer(2n))).to.deep.equal({});
    expect(told(apply(answer(3n)))).to.deep.equal([{ type: "channel.challenged", data: { ...data, version: 3n } }]);
  });

  it("tells of a proven cheat once", () => {
    freeze(close(CLOSED));
    const { id } = channel();
    const penalised: Command = {
      type: "observeAnswer",
      channelId: id,
      answer: { shown: "cheat", transaction: ELSEWHERE },
    };
    const event = { type: "channel.penalised", data: { channelId: id, transaction: ELSEWHERE } };
    expect([told(apply(penalised)), apply(penalised)]).to.deep.equal([[event], {}]);
  });

  it("is frozen from the commit on by which the system closes, until its order can be mined no more", async () => {
    const { id } = channel();
    const order = { type: "close", channelId: id, deadline: NOW + 60n } as const;
    for (const deadline of [NOW, NOW + challengePeriod + 1n]) {
      await expectError(() => step(ledger, { ...order, deadline }, context), "bad_deadline");
    }
    expect(told(apply(order))).to.deep.equal([{ type: "channel.frozen", data: { channelId: id } }]);
    expect(apply(order)).to.deep.equal({});
    expect(channel().freeze).to.deep.equal({
      isOwn: true,
      until: NOW + 60n,
      transaction: null,
      shown: null,
      forGood: false,
      unread: false,
      lost: null,
    });
    update(NOW + 61n);
    expect(channel().status).to.equal("open");
    freeze();
    await expectError(() => step(ledger, order, context), "channel_frozen");
  });
});
