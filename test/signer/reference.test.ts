import { writeFileSync } from "node:fs";
import path from "node:path";

import { expect } from "chai";
import { encryptKeystoreJson } from "ethers";

import { isKeyReference, openKey, openSecret } from "../../src/signer";
import { expectError } from "../helpers/errors";
import { person } from "../helpers/service";
import { temporaryFolder } from "../helpers/temporaryFolder";

const { key, address } = person("signer");
const opening = { passphrase: "correct horse", patience: 30 };

describe("a key's setting", () => {
  it("is the key, a file with it, or an encrypted file", async function () {
    const folder = temporaryFolder(this);
    const [plain, encrypted] = [path.join(folder, "plain"), path.join(folder, "encrypted.json")];
    writeFileSync(plain, `${key}\n`);
    const scrypt = { N: 1024, r: 8, p: 1 };
    writeFileSync(encrypted, await encryptKeystoreJson({ address, privateKey: key }, "correct horse", { scrypt }));
    for (const reference of [key, key.toUpperCase().replace("0X", "0x"), `file:${plain}`, `file:${encrypted}`]) {
      expect(isKeyReference(reference), reference).to.equal(true);
      expect((await openKey(reference, opening)).address).to.equal(address);
    }
    const wrong = { ...opening, passphrase: "battery staple" };
    await expectError(() => openKey(`file:${encrypted}`, wrong), "wrong_secret", { file: encrypted });
    const none = { ...opening, passphrase: null };
    const sources = "STARLEDGER_KEY_PASSPHRASE, STARLEDGER_TOWER_KEY_PASSPHRASE";
    await expectError(() => openKey(`file:${encrypted}`, none), "missing_secret", { secret: encrypted, sources });
  });

  it("names a file that is not there or holds no key, and shows nothing of it (case 33)", async function () {
    const file = path.join(temporaryFolder(this), "key");
    await expectError(() => openKey(`file:${file}`, opening), "invalid_input", { file, reason: "ENOENT" });
    writeFileSync(file, "0xdecaf");
    const error = await expectError(() => openKey(`file:${file}`, opening), "invalid_input", { file });
    expect(error.message).not.to.include("decaf");
  });

  it("is nothing else", () => {
    const wrong = ["", "0xdecaf", "file:", "unix:", "http://signer.example", "https://", "ftp://127.0.0.1", "decaf"];
    expect(wrong.filter(isKeyReference)).to.deep.equal([]);
    const right = ["unix:/run/kms.sock", "unix:/run/kms.sock:/star", "http://[::1]:9/", "https://kms.example/star"];
    expect(right.filter(isKeyReference)).to.deep.equal(right);
  });

  it("of a secret is the secret, or a file with it", async function () {
    const file = path.join(temporaryFolder(this), "secret");
    writeFileSync(file, "correct horse battery\n");
    expect([await openSecret("correct horse", 30), await openSecret(`file:${file}`, 30)]).to.deep.equal([
      "correct horse",
      "correct horse battery",
    ]);
  });
});
