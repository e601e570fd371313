import { readFileSync } from "node:fs";

import { expect } from "chai";

import { GUIDES, rewritten } from "../../scripts/guides";
import { LocalService } from "../../scripts/guides/shell";

describe("the guides", () => {
  const service = new LocalService();
  after(() => service.stop());

  for (const file of GUIDES) {
    it(`${file}: every command puts out what is shown`, async () => {
      const text = readFileSync(file, "utf8");
      expect(await rewritten(text, service)).to.equal(text);
    });
  }

  it("installs as the tests of a clean clone do", () => {
    expect(readFileSync(".ci/run", "utf8")).to.match(/^npm ci\b/m);
  });
});
