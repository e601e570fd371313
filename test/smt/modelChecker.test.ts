import { expect } from "chai";

import { checkModel } from "../../scripts/prove/modelChecker";

/** A contract beside the real proof, so that its imports are found. */
const check = (body: string) =>
  checkModel(
    "test/smt/Attempt.sol",
    "Attempt",
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Settlement} from "../../contracts/libraries/Settlement.sol";

contract Attempt {
    function attempt(int112 funded, int128 net, uint128 value, uint128 outgoing) external pure {
        ${body}
    }
}`,
  );

describe("the model checker", () => {
  it("proves what holds for every value", () => {
    const verdicts = check(
      "assert(Settlement.due(funded, net, 0, value, outgoing) <= Settlement.due(funded, net, 0, value, 0));",
    );
    expect(verdicts.map(({ outcome }) => outcome))
      .to.include("proved")
      .and.not.include.members(["failed", "unknown"]);
    expect(verdicts.filter(({ code }) => code.startsWith("assert("))).to.have.length(1);
  });

  it("refutes a wrong assertion, and shows where it fails", () => {
    const wrong = "assert(Settlement.due(funded, net, 0, value, outgoing) < Settlement.due(funded, net, 0, value, 0));";
    const [refuted] = check(wrong).filter(({ outcome }) => outcome !== "proved");
    expect([refuted?.outcome, refuted?.file, refuted?.code]).to.deep.equal([
      "failed",
      "test/smt/Attempt.sol",
      wrong.slice(0, -1),
    ]);
    expect(refuted?.message).to.include("Counterexample");
  });

  it("finds where arithmetic could overflow", () => {
    const overflows = check("int256(funded) + net + type(int256).max;").filter(({ outcome }) => outcome === "failed");
    expect(overflows.map(({ code }) => code)).to.deep.equal(["int256(funded) + net + type(int256).max"]);
  });

  it("knows that what is unchecked wraps", () => {
    const wraps = "assert(Settlement.due(type(int256).max, net, 0, value, 0) >= value);";
    expect(check(wraps).map(({ outcome }) => outcome)).to.include("failed");
  });

  it("throws when the contract does not compile", () => {
    expect(() => check("assert(nothing);")).to.throw("Undeclared identifier");
  });
});
