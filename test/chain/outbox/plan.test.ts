import { expect } from "chai";

import { plan, type Attempt, type Item, type ItemOnChain } from "../../../src/chain/outbox";
import { keccakText, toAddress } from "../../../src/protocol";

const SENDER = toAddress(`0x${"11".repeat(20)}`);
const policy = { cap: 1n, patience: 60n };
const NOW = 1_000n;

const attempt = (changes: Partial<Attempt> = {}): Attempt => ({
  hash: keccakText("attempt"),
  raw: "0x02",
  maxFee: 2n,
  tip: 1n,
  signedAt: NOW - 10n,
  cancels: false,
  ...changes,
});

const item = (changes: Partial<Item> = {}, deadline: bigint | null = null): Item => ({
  id: 1n,
  sender: SENDER,
  key: "key",
  call: { to: SENDER, data: "0x", value: 0n, deadline },
  status: "sent",
  nonce: 7,
  gasLimit: 21_000n,
  attempts: [],
  mined: null,
  ...changes,
});

const chain = (changes: Partial<ItemOnChain> = {}): ItemOnChain => ({
  latestNonce: 7,
  finalNonce: 7,
  finalBlock: 100,
  mined: undefined,
  ...changes,
});

describe("plan", () => {
  const next = (one: Item, onChain = chain()) => plan(one, onChain, NOW, policy);

  it("gives a nonce to a call that has none, unless it is too late", () => {
    const waiting = { status: "waiting", nonce: null } as const;
    expect(next(item(waiting))).to.deep.equal({ do: "assign" });
    expect(next(item(waiting, NOW - 1n))).to.deep.equal({ do: "finish", status: "cancelled", mined: null });
  });

  it("signs, sends again, and after a while signs with more: sooner where there is a deadline", () => {
    expect(next(item())).to.deep.equal({ do: "sign", cancels: false });
    const last = attempt();
    expect(next(item({ attempts: [last] }))).to.deep.equal({ do: "send", attempt: last });
    const old = item({ attempts: [attempt({ signedAt: NOW - 60n })] });
    expect(next(old)).to.deep.equal({ do: "sign", cancels: false });
    expect(next(item({ attempts: [last] }, NOW + 40n))).to.deep.equal({ do: "sign", cancels: false });
  });

  it("uses up the nonce of what has become too late", () => {
    expect(next(item({ attempts: [attempt()] }, NOW - 1n))).to.deep.equal({ do: "sign", cancels: true });
    expect(next(item({}, NOW - 1n))).to.deep.equal({ do: "sign", cancels: true });
    const cancelling = attempt({ cancels: true });
    expect(next(item({ attempts: [attempt(), cancelling] }, NOW - 1n))).to.deep.equal({
      do: "send",
      attempt: cancelling,
    });
  });

  it("believes what is mined only when it is final", () => {
    const last = attempt();
    const mined = { hash: last.hash, block: 101, succeeded: true, cost: 1n };
    const seen = chain({ latestNonce: 8, mined });
    expect(next(item({ attempts: [last] }), seen)).to.deep.equal({ do: "wait" });
    const final = { ...seen, mined: { ...mined, block: 100 } };
    expect(next(item({ attempts: [last] }), final)).to.deep.equal({ do: "finish", status: "done", mined: last.hash });
    const refused = { ...final, mined: { ...final.mined, succeeded: false } };
    expect(next(item({ attempts: [last] }), refused)).to.include({ status: "failed" });
    expect(next(item({ attempts: [attempt({ cancels: true })] }), final)).to.include({ status: "cancelled" });
  });

  it("takes another nonce only when its own is used by another transaction for good", () => {
    const sent = item({ attempts: [attempt({ signedAt: 0n })] });
    expect(next(sent, chain({ latestNonce: 8 }))).to.deep.equal({ do: "wait" });
    expect(next(sent, chain({ latestNonce: 8, finalNonce: 8 }))).to.deep.equal({ do: "unassign" });
  });
});
