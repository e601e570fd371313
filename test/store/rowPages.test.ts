import { expect } from "chai";

import { fromHex, type Address } from "../../src/protocol";
import type { Query, Value } from "../../src/store/query";
import { rowPages, type Texts } from "../../src/store/rowPages";
import { SQLITE_DIALECT } from "../../src/store/sqlite";

const SYSTEM = `0x${"11".repeat(20)}` as Address;
const ROWS = { key: "key", texts: ["name"], from: "rows WHERE system = $1" };
const FULL = 2_000;

const keyOf = (number: number) => number.toString(16).padStart(8, "0");

/** So many rows from a number on, the last of them first. */
function rows(from: number, count: number): Texts[] {
  return Array.from({ length: count }, (_, i) => [`0x${keyOf(from + count - 1 - i)}`, null]);
}

/** A database with these pages, and after which keys it was asked for one. */
function database(pages: readonly (Texts[] | Error)[]) {
  const asked: string[] = [];
  const query: Query = (_sql: string, ...[system, after]: Value[]) => {
    expect(system).to.deep.equal(fromHex(SYSTEM));
    const page = pages[asked.push((after as Buffer).toString("hex")) - 1]!;
    if (page instanceof Error) return Promise.reject(page);
    return Promise.resolve([{ rows: page.length === 0 ? null : JSON.stringify(page) }]);
  };
  return { asked, pages: rowPages(query, SQLITE_DIALECT, ROWS, SYSTEM) };
}

describe("pages of rows", () => {
  it("are asked for, after the highest key, before the page before is given out", async () => {
    const [first, second] = [rows(0, FULL), rows(FULL, 3)];
    const { asked, pages } = database([first, second]);
    expect(await pages.next()).to.deep.equal({ done: false, value: first });
    expect(asked).to.deep.equal(["", keyOf(FULL - 1)]);
    expect(await pages.next()).to.deep.equal({ done: false, value: second });
    expect(await pages.next()).to.deep.equal({ done: true, value: undefined });
    expect(asked).to.have.length(2);
  });

  it("end with an empty one where the rows fill their pages, or there are none", async () => {
    const { pages } = database([rows(0, FULL), []]);
    const sizes = [];
    for await (const page of pages) sizes.push(page.length);
    expect(sizes).to.deep.equal([FULL, 0]);
    expect(await database([[]]).pages.next()).to.deep.equal({ done: false, value: [] });
  });

  it("fail where they could not be read, after those before", async () => {
    const broken = new Error("broken");
    const { pages } = database([rows(0, FULL), broken]);
    expect((await pages.next()).value).to.have.length(FULL);
    await new Promise((resolve) => setImmediate(resolve));
    expect(await pages.next().catch((error: unknown) => error)).to.equal(broken);
  });
});
