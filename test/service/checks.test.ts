import { expect } from "chai";

import { StarledgerError } from "../../src/errors";
import {
  digest,
  hashState,
  keccakText,
  nextState,
  sign,
  ZERO_HASH,
  type Hash,
  type Signature,
} from "../../src/protocol";
import type { AccountService, Request } from "../../src/service";
import { SignatureChecks } from "../../src/service/checks";
import { Jobs } from "../../src/service/checks/jobs";
import { expectError } from "../helpers/errors";
import { openTestStore, databaseOf } from "../helpers/databases";
import { issue, listAssets, person, POINTS, SEPARATOR, startService } from "../helpers/service";

const people = Array.from({ length: 8 }, (_, i) => person(`signer ${i}`));
const COUNT = 200;
const message = (i: number): Hash => keccakText(`message ${i}`);
const highS = `0x${"11".repeat(32)}${"ff".repeat(32)}1b` as Signature;
const wrongV = `0x${"11".repeat(64)}1d` as Signature;
const tooShort = "0x1234" as Signature;

/** Every tenth is nobody's. */
const signed = Array.from({ length: COUNT }, (_, i) => {
  const { key, address } = people[i % people.length]!;
  if (i % 10 === 9)
    return { digest: message(i), signature: i % 20 === 9 ? highS : wrongV, signer: "invalid_signature" };
  return { digest: message(i), signature: sign(message(i), key), signer: address };
});

function told(signer: () => string): string {
  try {
    return signer();
  } catch (error) {
    return error instanceof StarledgerError ? error.code : String(error);
  }
}

describe("Signature checks", () => {
  for (const threads of [0, 2]) {
    it(`find who signed, in whatever order that is asked, with ${threads} threads`, async () => {
      const jobs = new Jobs();
      const checks = new SignatureChecks(threads, jobs);
      for (let round = 0; round < 3; round++) {
        const begun = signed.map((one) => checks.begin(one.digest, one.signature));
        while (threads > 0 && jobs.backlog > 0) await new Promise((resolve) => setImmediate(resolve));
        const order = [...begun.keys()].sort((a, b) => ((a * 7) % COUNT) - ((b * 7) % COUNT));
        const found = new Map(order.map((i) => [i, told(begun[i]!)]));
        expect(signed.map((_, i) => found.get(i))).to.deep.equal(signed.map(({ signer }) => signer));
      }
    });
  }

  it("refuse what is no signature at once, and have room for the next", async () => {
    const checks = new SignatureChecks(0);
    await expectError(() => checks.begin(message(0), tooShort), "invalid_signature", { got: tooShort });
    const [first] = signed;
    expect(checks.begin(first!.digest, first!.signature)()).to.equal(first!.signer);
  });

  it("remember what was found of a signature whose place another has taken, and wait for no place", () => {
    const [jobs, [one, other]] = [new Jobs(), signed];
    const checks = new SignatureChecks(0, jobs);
    const first = checks.begin(one!.digest, one!.signature);
    while (jobs.free !== undefined) checks.begin(other!.digest, other!.signature);
    // Every place is taken, and nobody has begun.
    expect(checks.begin(other!.digest, other!.signature)()).to.equal(other!.signer);
    jobs.work();
    checks.begin(other!.digest, other!.signature);
    expect(first()).to.equal(one!.signer);
  });

  it("go on alone where a thread has begun and does not answer", () => {
    const jobs = new Jobs();
    const checks = new SignatureChecks(0, jobs);
    const [lost, next, later] = [signed[0]!, signed[1]!, signed[2]!];
    const begun = [lost, next].map((one) => checks.begin(one.digest, one.signature));
    expect(jobs.claim()).to.equal(0);
    expect(begun.map((signer) => signer())).to.deep.equal([lost.signer, next.signer]);
    expect(checks.begin(later.digest, later.signature)()).to.equal(later.signer);
    expect(jobs.backlog).to.equal(0);
  });

  it("lead a group to the same answers, in the same order, with threads and without", async function () {
    const outcomes = [];
    for (const threads of [0, 2]) {
      const store = await openTestStore(this, await databaseOf(this).fresh(this));
      outcomes.push(await outcomeOf(await startService(store, { checks: new SignatureChecks(threads) })));
    }
    const [alone, shared] = outcomes;
    expect(alone!.filter(({ told }) => told === "wrong_signer")).to.have.length(people.length);
    expect(alone!.filter(({ told }) => told === "invalid_signature")).to.have.length(people.length);
    expect(shared).to.deep.equal(alone);
  });
});

/** What becomes of a group in which everybody pays well, then with another's signature, then with nobody's. */
async function outcomeOf(service: AccountService) {
  await listAssets(service);
  for (const { address } of people) {
    await service.submit({ type: "openAccount", address, tokens: [POINTS] });
    await issue(service, address, 100n);
  }
  const requests = people.flatMap(({ address, key }, i): Request[] => {
    const next = people[(i + 1) % people.length]!;
    const { state } = service.channelOf(address, POINTS)!;
    const operations = [{ type: "pay", to: next.address, amount: 1n, reference: ZERO_HASH } as const];
    const proposal = nextState(state, operations);
    const request = (signature: Signature): Request => ({ type: "submitState", proposal, operations, signature });
    const hash = digest(SEPARATOR, hashState(proposal));
    return [request(sign(hash, next.key)), request(wrongV), request(sign(hash, key)), request(sign(hash, key))];
  });
  const order: { place: number; told: string }[] = [];
  const told = (place: number) => (error: unknown) => {
    order.push({ place, told: error instanceof StarledgerError ? error.code : "carried out" });
  };
  await Promise.all(requests.map((request, i) => service.submit(request).then(told(i), told(i))));
  return order;
}
