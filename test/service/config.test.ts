import { execFileSync } from "node:child_process";

import { expect } from "chai";

import { DEVELOPMENT, readConfig } from "../../src/service/config";
import { expectError } from "../helpers/errors";
import { person, POINTS, SIGNER_KEY, SYSTEM } from "../helpers/service";

const SALT = `0x${"5a".repeat(32)}`;
const COMPLETE = {
  STARLEDGER_RPC_URL: "https://node.example/key",
  STARLEDGER_SYSTEM: SYSTEM,
  STARLEDGER_TOKENS: `${POINTS},${person("token").address}`,
  STARLEDGER_SIGNER_KEY: SIGNER_KEY,
  STARLEDGER_KEYSTORE_SECRET: "sixteen characters",
  STARLEDGER_KEYSTORE_SALT: SALT,
  STARLEDGER_OPERATOR_KEY: "sixteen-characters",
};
const HTTP = {
  signInDomains: null,
  sessionTtl: 3_600_000,
  idempotencyTtl: 86_400_000,
  rates: { perAddress: 600, perUser: 600, perKey: 6_000 },
  allowedOrigins: [],
  trustedProxies: null,
  requestTimeout: 30_000,
  maxDelay: 1_000,
};
const COMMON = {
  host: "127.0.0.1",
  port: 8080,
  store: "sqlite:starledger.db",
  logLevel: "info",
  tracesUrl: null,
  reconciliationInterval: 3600,
  http: HTTP,
};

describe("the configuration", () => {
  it("is a local chain with well-known keys unless a chain is named", () => {
    expect(readConfig({})).to.deep.equal({ ...COMMON, ...DEVELOPMENT, chain: null });
    expect(readConfig({ STARLEDGER_RPC_URL: "", PATH: "/bin" })).to.deep.equal(readConfig({}));
  });

  it("takes every setting", () => {
    const other = { STARLEDGER_HOST: "0.0.0.0", STARLEDGER_PORT: "0", STARLEDGER_LOG_LEVEL: "silent" };
    const store = { STARLEDGER_STORE: "postgres://host/database", STARLEDGER_DEPLOYMENTS: "elsewhere" };
    const often = { STARLEDGER_RECONCILIATION_INTERVAL: "60", STARLEDGER_TRACES_URL: "http://traces:4318/v1/traces" };
    const http = {
      STARLEDGER_SIGN_IN_DOMAINS: "bank.example,localhost:8080",
      STARLEDGER_SESSION_SECONDS: "60",
      STARLEDGER_IDEMPOTENCY_HOURS: "2",
      STARLEDGER_CALLS_PER_ADDRESS: "1",
      STARLEDGER_CALLS_PER_USER: "2",
      STARLEDGER_CALLS_PER_KEY: "0",
      STARLEDGER_ALLOWED_ORIGINS: "https://bank.example,http://localhost:3000",
      STARLEDGER_TRUSTED_PROXIES: "10.0.0.0/8,::1",
      STARLEDGER_REQUEST_SECONDS: "5",
      STARLEDGER_MAX_DELAY_MS: "0",
    };
    expect(readConfig({ ...COMPLETE, ...other, ...store, ...http, ...often })).to.deep.equal({
      ...{ host: "0.0.0.0", port: 0, store: "postgres://host/database", logLevel: "silent" },
      http: {
        signInDomains: ["bank.example", "localhost:8080"],
        sessionTtl: 60_000,
        idempotencyTtl: 7_200_000,
        rates: { perAddress: 1, perUser: 2, perKey: 0 },
        allowedOrigins: ["https://bank.example", "http://localhost:3000"],
        trustedProxies: ["10.0.0.0/8", "::1"],
        requestTimeout: 5_000,
        maxDelay: 0,
      },
      tracesUrl: "http://traces:4318/v1/traces",
      reconciliationInterval: 60,
      chain: {
        rpcUrl: "https://node.example/key",
        deployments: "elsewhere",
        system: SYSTEM,
        tokens: [POINTS, person("token").address],
      },
      ...{ signerKey: SIGNER_KEY, secret: "sixteen characters", salt: SALT, operatorKey: "sixteen-characters" },
    });
  });

  it("names what is missing: no well-known key ever serves another chain", async () => {
    for (const name of Object.keys(COMPLETE).filter((one) => one !== "STARLEDGER_RPC_URL")) {
      await expectError(() => readConfig({ ...COMPLETE, [name]: "" }), "invalid_configuration", { missing: name });
    }
  });

  it("serves a local chain to this machine alone", async () => {
    const missing = { missing: "STARLEDGER_RPC_URL" };
    await expectError(() => readConfig({ STARLEDGER_HOST: "0.0.0.0" }), "invalid_configuration", missing);
  });

  it("names what is malformed, and shows no secret (case 33)", async () => {
    const secrets = { STARLEDGER_SIGNER_KEY: "0xdecaf", STARLEDGER_OPERATOR_KEY: "hunter2" };
    const malformed = "STARLEDGER_PORT, STARLEDGER_SIGNER_KEY, STARLEDGER_OPERATOR_KEY";
    const wrong = { ...COMPLETE, STARLEDGER_PORT: "65536", ...secrets };
    const error = await expectError(() => readConfig(wrong), "invalid_configuration", { malformed });
    expect(error.message).not.to.match(/decaf|hunter2/);
  });

  it("is documented as it is", () => {
    execFileSync("npx", ["tsx", "scripts/configuration.ts", "--check"]);
  });
});
