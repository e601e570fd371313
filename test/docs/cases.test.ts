import { readFileSync } from "node:fs";

import { expect } from "chai";

const CASES = 33;

interface Row {
  readonly number: number;
  readonly shown: readonly { readonly file: string; readonly title: string }[];
  readonly isUnfinished: boolean;
}

function rowsOf(text: string): Row[] {
  return text
    .split("\n")
    .filter((line) => /^\| *\d+ *\|/.test(line))
    .map((line) => ({
      number: Number(line.split("|")[1]),
      shown: [...line.matchAll(/`([\w./]+)` "([^"]+)"/g)].map(([, file, title]) => ({ file: file!, title: title! })),
      isUnfinished: /_not yet: [^_]+_/.test(line),
    }));
}

/** The names of a test file's tests and groups, or a document's text with its line breaks taken out. */
function namesIn(file: string): string {
  const text = readFileSync(file, "utf8");
  if (file.endsWith(".md")) return text.replace(/\s+/g, " ");
  return [...text.matchAll(/\b(?:it|describe)\(\s*(["'`])((?:\\.|(?!\1).)*)\1/g)].map(([, , name]) => name).join("\n");
}

describe("docs/CASES.md", () => {
  const rows = rowsOf(readFileSync("docs/CASES.md", "utf8"));

  it("has a row for every case, in order", () => {
    expect(rows.map(({ number }) => number)).to.deep.equal(Array.from({ length: CASES }, (_, i) => i + 1));
  });

  for (const { number, shown, isUnfinished } of rows) {
    it(`case ${number}: ${shown.length > 0 ? "everything that it names exists" : "says that there is nothing yet"}`, () => {
      expect(shown.length > 0 || isUnfinished).to.equal(true);
      for (const { file, title } of shown) expect(namesIn(file), file).to.include(title);
    });
  }
});
