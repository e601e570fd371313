import { expect } from "chai";
import { getAddress, hashMessage } from "ethers";
import { SiweMessage } from "siwe";

import { checksummed, signInMessage, textDigest, toAddress } from "../../src/protocol";
import { person } from "../helpers/service";

const ACCOUNTS = ["alice", "bob", "carol", "dave"].map((name) => person(name).address);

describe("signing in", () => {
  it("writes addresses as EIP-55 does", () => {
    for (const account of ACCOUNTS) expect(checksummed(account)).to.equal(getAddress(account));
    expect(checksummed(toAddress("0x5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED"))).to.equal(
      "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    );
  });

  it("digests text as personal_sign does (EIP-191), by its bytes", () => {
    for (const text of ["", "a", "Grüße an 张三", "x".repeat(1_000)])
      expect(textDigest(text)).to.equal(hashMessage(text));
  });

  it("writes the message of EIP-4361", () => {
    const { address: account } = person("alice");
    const issuedAt = new Date(0);
    const terms = { domain: "bank.example:8080", uri: "https://bank.example:8080/", nonce: "0123456789abcdef" };
    const text = signInMessage({ ...terms, account, chainId: 31337n, issuedAt });
    expect(text).to.equal(
      new SiweMessage({
        ...terms,
        address: getAddress(account),
        statement: "Sign in to Starledger.",
        version: "1",
        chainId: 31337,
        issuedAt: "1970-01-01T00:00:00.000Z",
      }).prepareMessage(),
    );
    expect(new SiweMessage(text)).to.include({ ...terms, address: getAddress(account), chainId: 31337 });
  });
});
