import { readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";

import { expect } from "chai";
import { Wallet } from "ethers";

import { StarledgerError } from "../../src/errors";
import { addressOf, keccakText, type Hex } from "../../src/protocol";
import { temporaryFolder } from "../helpers/temporaryFolder";
import { done, doneJson, starledger, stopped } from "./helpers/cli";

const KEY = keccakText("alice") as Hex;
const PASSPHRASE = { STARLEDGER_PASSPHRASE: "correct horse battery" };

describe("CLI: keys", () => {
  it("makes a key that only the passphrase opens, in a file of its owner's alone", async function () {
    const file = path.join(temporaryFolder(this), "key.json");
    const made = await starledger(["key", "new", "--out", file, "--json"], PASSPHRASE);
    const { address } = JSON.parse(made.stdout) as { address: string };
    expect(made).to.deep.equal(doneJson({ address, file }));
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    const opened = await Wallet.fromEncryptedJson(readFileSync(file, "utf8"), PASSPHRASE.STARLEDGER_PASSPHRASE);
    expect(opened.address.toLowerCase()).to.equal(address);
    const [shown, checked, wrong, over] = await Promise.all([
      starledger(["key", "show", file]),
      starledger(["key", "show", file, "--check"], PASSPHRASE),
      starledger(["key", "show", file, "--check"], { STARLEDGER_PASSPHRASE: "another passphrase" }),
      starledger(["key", "new", "--out", file], PASSPHRASE),
    ]);
    const text = `${"Account".padEnd(9)}${address}\n${"File".padEnd(9)}${file}\n`;
    expect(shown).to.deep.equal(done(text));
    expect(checked).to.deep.equal(done(`Account     ${address}\nFile        ${file}\nPassphrase  right\n`));
    expect(wrong).to.deep.equal(stopped(1, new StarledgerError("wrong_secret", { file })));
    const refused = new StarledgerError("invalid_input", { file, reason: "there is a file of that name" });
    expect(over).to.deep.equal(stopped(1, refused));
  });

  it("case 33: imports a key from a file or the environment, and never shows it", async function () {
    const folder = temporaryFolder(this);
    const [plain, secret, out, other] = ["plain", "passphrase", "key.json", "other.json"].map((name) =>
      path.join(folder, name),
    ) as [string, string, string, string];
    writeFileSync(plain, `${KEY}\n`);
    writeFileSync(secret, `${PASSPHRASE.STARLEDGER_PASSPHRASE}\n`);
    const address = addressOf(KEY);
    const [byFile, byVariable] = await Promise.all([
      starledger(["key", "import", "--from", plain, "--out", out, "--passphrase-file", secret, "--json"]),
      starledger(["key", "import", "--out", other, "--json"], { ...PASSPHRASE, STARLEDGER_PRIVATE_KEY: KEY }),
    ]);
    expect([byFile, byVariable]).to.deep.equal([doneJson({ address, file: out }), doneJson({ address, file: other })]);
    for (const file of [out, other]) expect(readFileSync(file, "utf8")).not.to.include(KEY.slice(2));

    const broken = `0x${"99".repeat(31)}zz`;
    const [none, missing, short] = await Promise.all([
      starledger(["key", "import", "--out", `${out}2`], { ...PASSPHRASE, STARLEDGER_PRIVATE_KEY: broken }),
      starledger(["key", "new", "--out", `${out}2`]),
      starledger(["key", "new", "--out", `${out}2`], { STARLEDGER_PASSPHRASE: "short" }),
    ]);
    const invalid = { key: "STARLEDGER_PRIVATE_KEY", reason: "not 0x and 64 digits" };
    expect(none).to.deep.equal(stopped(1, new StarledgerError("invalid_input", invalid)));
    const sources = { secret: "Passphrase", sources: "--passphrase-file, STARLEDGER_PASSPHRASE" };
    expect(missing).to.deep.equal(stopped(2, new StarledgerError("missing_secret", sources)));
    const tooShort = new StarledgerError("invalid_input", { passphrase: "too short", min: "8" });
    expect(short).to.deep.equal(stopped(1, tooShort));
  });
});
