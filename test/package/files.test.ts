import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import { expect } from "chai";

import { temporaryFolder } from "../helpers/temporaryFolder";

describe("what is published", () => {
  it("is the built program, without the bench that is built beside it", function () {
    const folder = temporaryFolder(this);
    cpSync("package.json", path.join(folder, "package.json"));
    const built = [
      "dist/src/index.js",
      "dist/bench/engine.js",
      "dist/scripts/postgresServer.js",
      "dist/tsconfig.build.tsbuildinfo",
      "dist/tsconfig.bench.tsbuildinfo",
      "dist/console/index.html",
      "contracts/ChannelHub.sol",
      "bench/engine.ts",
    ];
    for (const file of built) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), "");
    }
    const said = execFileSync("npm", ["pack", "--dry-run", "--ignore-scripts", "--json"], {
      cwd: folder,
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [packed] = JSON.parse(said.toString()) as [{ readonly files: readonly { readonly path: string }[] }];
    expect(packed.files.map((file) => file.path).sort()).to.deep.equal([
      "contracts/ChannelHub.sol",
      "dist/console/index.html",
      "dist/src/index.js",
      "package.json",
    ]);
  });
});
