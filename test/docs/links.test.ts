import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { expect } from "chai";

const LINK = /\[[^\]]*\]\(([^)\s]+)\)/g;
const CODE = /^```[\s\S]*?^```|`[^`\n]*`/gm;

/** The anchor that a heading gets where the files are shown. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replace(/\s/g, "-");
}

function anchorsIn(file: string): string[] {
  return [...readFileSync(file, "utf8").matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading!));
}

/** What leads nowhere from a file. */
function deadLinksIn(file: string): string[] {
  const text = readFileSync(file, "utf8").replace(CODE, "");
  return [...text.matchAll(LINK)].flatMap(([, target = ""]) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [to = "", anchor] = target.split("#");
    const found = to === "" ? file : path.join(path.dirname(file), to);
    const isThere = existsSync(found) && (anchor === undefined || anchorsIn(found).includes(anchor));
    return isThere ? [] : [`${file}: ${target}`];
  });
}

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], {
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "");

describe("the documents", () => {
  it("link to nothing that is not there", () => {
    expect(files).to.include("README.md");
    expect(files.flatMap(deadLinksIn)).to.deep.equal([]);
  });

  it("can each be reached from the README", () => {
    const reached = new Set(["README.md"]);
    for (const file of reached) {
      for (const [, target = ""] of readFileSync(file, "utf8").matchAll(LINK)) {
        const to = path.join(path.dirname(file), target.split("#")[0]!);
        if (files.includes(to)) reached.add(to);
      }
    }
    expect(
      files.filter((file) => file.startsWith("docs/") && !reached.has(file) && !file.includes("/adr/")),
    ).to.deep.equal([]);
  });
});
