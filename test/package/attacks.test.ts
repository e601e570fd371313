import { readFileSync } from "node:fs";

import { expect } from "chai";

/** The tests that `docs/ATTACKS.md` names: a file and a title per row. */
function namedTests(): { file: string; title: string }[] {
  const rows = readFileSync("docs/ATTACKS.md", "utf8")
    .split("\n")
    .filter((line) => /^\| +\d/.test(line));
  return rows.map((row) => {
    const [, file, title] = /\| `([^`]+)` "(.+)" +\|$/.exec(row) ?? [];
    if (!file || !title) throw new Error(`no test in the row: ${row}`);
    return { file, title };
  });
}

describe("docs/ATTACKS.md", () => {
  it("names tests that exist, each once in its file", () => {
    const tests = namedTests();
    expect(tests).to.have.length.of.at.least(13);
    for (const { file, title } of tests) {
      const found = readFileSync(file, "utf8").split(`it("${title}"`).length - 1;
      expect(found, `${file}: "${title}"`).to.equal(1);
    }
  });
});
