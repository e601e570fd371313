import { expect } from "chai";
import fc from "fast-check";

import { toHex, UINT64_MAX } from "../../../src/protocol";
import {
  decodeSubmissionResult,
  decodeSubmission,
  encodeSubmissionResult,
  encodeSubmission,
} from "../../../src/wire/binary";
import { expectError } from "../../helpers/errors";
import { answer, submission } from "../arbitrary";

describe("The stream's messages in bytes", () => {
  it("are read as they were written, whatever they say", () => {
    fc.assert(
      fc.property(submission, (one) => void expect(decodeSubmission(encodeSubmission(one))).to.deep.equal(one)),
    );
    fc.assert(
      fc.property(answer, (one) => void expect(decodeSubmissionResult(encodeSubmissionResult(one))).to.deep.equal(one)),
    );
  });

  it("say one thing in one way: what is read is written again byte by byte", () => {
    fc.assert(
      fc.property(submission, fc.nat(), fc.nat(255), (one, place, value) => {
        const changed = encodeSubmission(one);
        changed[place % changed.length] = value;
        try {
          expect(encodeSubmission(decodeSubmission(changed)).equals(changed)).to.equal(true);
        } catch (error) {
          expect((error as { code?: string }).code).to.equal("invalid_request");
        }
      }),
    );
  });

  it("are refused when they are cut, or go on (invalid_request)", async () => {
    const [example] = fc.sample(submission, { seed: 1, numRuns: 1 });
    const whole = encodeSubmission(example!);
    for (let end = 0; end < whole.length; end++) {
      await expectError(() => decodeSubmission(whole.subarray(0, end)), "invalid_request");
    }
    const more = { field: "message", reason: "too long" };
    await expectError(() => decodeSubmission(Buffer.concat([whole, Buffer.alloc(1)])), "invalid_request", more);
  });

  it("take less than half of what JSON takes", () => {
    const zero = toHex(Buffer.alloc(32)) as never;
    const body = {
      proposal: {
        channelId: zero,
        version: 1n,
        net: -5n,
        noteSeq: 0n,
        noteCredited: 0n,
        locked: 0n,
        locksExpiry: 0n,
        locksRoot: zero,
        memo: zero,
      },
      operations: [{ type: "pay", to: toHex(Buffer.alloc(20)) as never, amount: 5n, reference: zero }] as const,
      signature: toHex(Buffer.alloc(65)) as never,
    };
    const inBytes = encodeSubmission({ id: "1", idempotencyKey: "key", body });
    const inJson = JSON.stringify({ type: "submitState", id: "1", idempotencyKey: "key", body }, (_, value: unknown) =>
      typeof value === "bigint" ? String(value) : value,
    );
    expect(inBytes.length).to.equal(311);
    expect(inBytes.length * 2).to.be.lessThan(inJson.length);
  });

  it("have texts of printable characters only, and numbers in their ranges", async () => {
    const [example] = fc.sample(submission, { seed: 2, numRuns: 1 });
    const { body } = example!;
    await expectError(() => encodeSubmission({ ...example!, id: "é" }), "invalid_request", {
      field: "message",
      reason: "id",
    });
    await expectError(() => encodeSubmission({ ...example!, idempotencyKey: "" }), "invalid_request", {
      field: "message",
      reason: "idempotencyKey",
    });
    const high = { ...body.proposal, version: UINT64_MAX + 1n };
    await expectError(() => encodeSubmission({ ...example!, body: { ...body, proposal: high } }), "out_of_range");
    const short = { ...body, signature: "0x00" as never };
    await expectError(() => encodeSubmission({ ...example!, body: short }), "invalid_hex");
  });
});
