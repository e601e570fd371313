import { expect } from "chai";

import { Keystore } from "../../src/service";
import { expectError } from "../helpers/errors";
import { person } from "../helpers/service";

const SALT = `0x${"01".repeat(16)}` as const;

describe("Keystore", () => {
  const { key, address } = person("alice");

  it("opens what it sealed, after a restart too, and never seals alike", () => {
    const keystore = new Keystore("secret", SALT);
    const [first, second] = [keystore.seal(address, key), keystore.seal(address, key)];
    expect(first).to.not.equal(second);
    expect(first).to.not.include(key.slice(2));
    expect(new Keystore("secret", SALT).open(address, first)).to.equal(key);
  });

  it("refuses another secret, salt or account, and a changed byte", async () => {
    const keystore = new Keystore("secret", SALT);
    const sealed = keystore.seal(address, key);
    const bytes = Buffer.from(sealed, "base64");
    bytes[40]! ^= 1;
    for (const open of [
      () => new Keystore("secre", SALT).open(address, sealed),
      () => new Keystore("secret", `0x${"02".repeat(16)}`).open(address, sealed),
      () => keystore.open(person("bob").address, sealed),
      () => keystore.open(address, bytes.toString("base64")),
      () => keystore.open(address, ""),
    ]) {
      await expectError(open, "wrong_secret");
    }
  });
});
