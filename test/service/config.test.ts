import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";

import { expect } from "chai";
import { stringify } from "yaml";

import { DEVELOPMENT, readConfig, SETTINGS, shownSettings } from "../../src/service/config";
import { StarledgerError } from "../../src/errors";
import { expectError } from "../helpers/errors";
import { temporaryFolder } from "../helpers/temporaryFolder";
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
  connections: { all: 16_384, perAddress: 1_024, perSecond: 500 },
  requestTimeout: 30_000,
  maxDelay: 1_000,
  isAnyWebhookTarget: false,
};
const FOLLOW = {
  finality: null,
  interval: 4_000,
  gasCap: 500_000_000_000n,
  gasPatience: 60n,
  leastBalance: 10n ** 17n,
  dailyCap: null,
  settlement: { most: 50, patience: 60n, ceiling: null, longest: 21_600n },
  proofInterval: 86_400n,
  closeAfter: 2_592_000n,
};
const COMMON = {
  host: "127.0.0.1",
  port: 8080,
  store: "sqlite:starledger.db",
  logLevel: "info",
  tracesUrl: null,
  reconciliationInterval: 3600,
  http: HTTP,
  follow: FOLLOW,
  keys: { gas: [], passphrase: null, patience: 6_000 },
  ...{
    publicUrl: null,
    peerUrl: null,
    publicNodes: null,
    watchtowers: [],
    explorer: null,
    leaseTtl: 5_000,
    assetInterval: 60_000,
    backingPercent: 110n,
    bondAwards: 1n,
  },
};

describe("the configuration", () => {
  it("is a local chain with well-known keys unless a chain is named", () => {
    const { signerKey, ...known } = DEVELOPMENT;
    expect(readConfig({})).to.deep.equal({ ...COMMON, ...known, chain: { signerKey } });
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
      STARLEDGER_CONNECTIONS: "4096",
      STARLEDGER_CONNECTIONS_PER_ADDRESS: "64",
      STARLEDGER_NEW_CONNECTIONS: "32",
      STARLEDGER_REQUEST_SECONDS: "5",
      STARLEDGER_MAX_DELAY_MS: "0",
      STARLEDGER_WEBHOOK_TARGETS: "any",
    };
    const urls = {
      STARLEDGER_PUBLIC_URL: "https://star.example",
      STARLEDGER_PEER_URL: "http://10.0.0.7:8080",
      STARLEDGER_PUBLIC_NODES: "https://node.example",
      STARLEDGER_PUBLIC_WATCHTOWERS: "https://tower.example,https://other.example/tower",
      STARLEDGER_EXPLORER_URL: "https://explorer.example/tx/{transaction}",
    };
    const follow = {
      STARLEDGER_FINALITY: "12",
      STARLEDGER_CHAIN_SECONDS: "0.5",
      STARLEDGER_GAS_KEYS: `${person("payer").key},file:/run/keys/gas`,
      STARLEDGER_KEY_PASSPHRASE: "file:/run/keys/passphrase",
      STARLEDGER_SIGNER_SECONDS: "1.5",
      STARLEDGER_GAS_CAP_GWEI: "30",
      STARLEDGER_GAS_SECONDS: "30",
      STARLEDGER_GAS_LEAST_GWEI: "7",
      STARLEDGER_GAS_DAY_GWEI: "8",
      STARLEDGER_SETTLE_SECONDS: "5",
      STARLEDGER_SETTLE_BATCH: "100",
      STARLEDGER_SETTLE_GWEI: "9",
      STARLEDGER_SETTLE_LONGEST_SECONDS: "600",
    };
    const times = { STARLEDGER_LEASE_SECONDS: "2", STARLEDGER_ASSET_SECONDS: "600" };
    const levels = { STARLEDGER_BACKING_PERCENT: "150", STARLEDGER_BOND_AWARDS: "20" };
    expect(
      readConfig({ ...COMPLETE, ...other, ...store, ...http, ...often, ...urls, ...times, ...levels, ...follow }),
    ).to.deep.equal({
      ...{ host: "0.0.0.0", port: 0, store: "postgres://host/database", logLevel: "silent" },
      http: {
        signInDomains: ["bank.example", "localhost:8080"],
        sessionTtl: 60_000,
        idempotencyTtl: 7_200_000,
        rates: { perAddress: 1, perUser: 2, perKey: 0 },
        allowedOrigins: ["https://bank.example", "http://localhost:3000"],
        trustedProxies: ["10.0.0.0/8", "::1"],
        connections: { all: 4_096, perAddress: 64, perSecond: 32 },
        requestTimeout: 5_000,
        maxDelay: 0,
        isAnyWebhookTarget: true,
      },
      tracesUrl: "http://traces:4318/v1/traces",
      reconciliationInterval: 60,
      follow: {
        finality: { confirmations: 12 },
        interval: 500,
        gasCap: 30_000_000_000n,
        gasPatience: 30n,
        leastBalance: 7_000_000_000n,
        dailyCap: 8_000_000_000n,
        settlement: { most: 100, patience: 5n, ceiling: 9_000_000_000n, longest: 600n },
        proofInterval: 86_400n,
        closeAfter: 2_592_000n,
      },
      ...{
        publicUrl: "https://star.example",
        peerUrl: "http://10.0.0.7:8080",
        publicNodes: ["https://node.example"],
        watchtowers: ["https://tower.example", "https://other.example/tower"],
        explorer: "https://explorer.example/tx/{transaction}",
        leaseTtl: 2_000,
        assetInterval: 600_000,
        backingPercent: 150n,
        bondAwards: 20n,
      },
      keys: {
        gas: [person("payer").key, "file:/run/keys/gas"],
        passphrase: "file:/run/keys/passphrase",
        patience: 1_500,
      },
      chain: {
        rpcUrls: ["https://node.example/key"],
        deployments: "elsewhere",
        systems: [{ address: SYSTEM, tokens: [POINTS, person("token").address], signerKey: SIGNER_KEY }],
      },
      ...{ secret: "sixteen characters", salt: SALT, operatorKey: "sixteen-characters" },
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

  it("takes several nodes of one chain as one setting", () => {
    const nodes = (urls: string) => readConfig({ ...COMPLETE, STARLEDGER_RPC_URL: urls }).chain;
    expect(nodes("https://one.example/key, http://two.example")).to.have.deep.property("rpcUrls", [
      "https://one.example/key",
      "http://two.example",
    ]);
    expect(() => nodes("https://one.example,")).to.throw(StarledgerError);
  });

  it("names what is malformed, and shows no secret (case 33)", async () => {
    const secrets = { STARLEDGER_SIGNER_KEY: "0xdecaf", STARLEDGER_OPERATOR_KEY: "hunter2" };
    const malformed = "STARLEDGER_PORT, STARLEDGER_SIGNER_KEY, STARLEDGER_OPERATOR_KEY";
    const wrong = { ...COMPLETE, STARLEDGER_PORT: "65536", ...secrets };
    const reason = "STARLEDGER_PORT: Too big: expected number to be <=65535";
    const error = await expectError(() => readConfig(wrong), "invalid_configuration", { malformed, reason });
    expect(error.message).not.to.match(/decaf|hunter2/);
  });

  describe("of several systems", () => {
    const shared = { ...COMPLETE, STARLEDGER_SYSTEM: "", STARLEDGER_TOKENS: "", STARLEDGER_SIGNER_KEY: "" };
    const systems = [
      { address: SYSTEM, tokens: [POINTS], signerKey: SIGNER_KEY },
      { address: person("another system").address, tokens: [POINTS], signerKey: person("another signer").key },
    ];

    it("takes a list in place of the one", async () => {
      const text = JSON.stringify(systems);
      expect(readConfig({ ...shared, STARLEDGER_SYSTEMS: text }).chain).to.deep.include({ systems });
      const contradicting = "STARLEDGER_SYSTEM, STARLEDGER_SYSTEMS";
      const both = { ...COMPLETE, STARLEDGER_SYSTEMS: text };
      await expectError(() => readConfig(both), "invalid_configuration", { contradicting });
    });

    it("refuses one that is malformed, empty, or names a system twice, and shows no secret (case 33)", async () => {
      const malformed = { malformed: "STARLEDGER_SYSTEMS" };
      const [first] = systems;
      for (const wrong of [
        "decaf",
        "[]",
        [first, first],
        [{ ...first, tokens: [] }],
        [{ ...first, signerKey: "0xdecaf" }],
      ]) {
        const text = typeof wrong === "string" ? wrong : JSON.stringify(wrong);
        const reading = () => readConfig({ ...shared, STARLEDGER_SYSTEMS: text });
        const error = await expectError(reading, "invalid_configuration", malformed);
        expect(error.message).not.to.include("decaf");
      }
    });

    for (const form of ["YAML", "JSON"]) {
      it(`reads a file of ${form}; the environment wins`, function () {
        const settings = {
          ...{ rpcUrl: "https://node.example/key", port: "8081", operatorKey: "sixteen-characters", systems },
          ...{ keystoreSecret: "sixteen characters", keystoreSalt: SALT },
        };
        const file = path.join(temporaryFolder(this), "starledger.conf");
        // Without quotation marks, as people write it.
        const yaml = stringify(settings, { defaultStringType: "PLAIN", defaultKeyType: "PLAIN", schema: "failsafe" });
        writeFileSync(file, form === "YAML" ? yaml : JSON.stringify(settings));
        const config = readConfig({ STARLEDGER_CONFIG: file, STARLEDGER_PORT: "9000" });
        expect(config).to.deep.equal(
          readConfig({ ...shared, STARLEDGER_SYSTEMS: JSON.stringify(systems), STARLEDGER_PORT: "9000" }),
        );
      });
    }

    it("names a file that is not there, is not read, or has a setting that nobody knows", async function () {
      const file = path.join(temporaryFolder(this), "starledger.yaml");
      const reading = () => readConfig({ STARLEDGER_CONFIG: file });
      await expectError(reading, "invalid_configuration", { file, reason: "ENOENT" });
      writeFileSync(file, "signerKey: [0xdecaf");
      const error = await expectError(reading, "invalid_configuration", { file });
      expect(error.message).not.to.include("decaf");
      writeFileSync(file, "- a list");
      await expectError(reading, "invalid_configuration", { file, want: "a map" });
      writeFileSync(file, "operatorsKey: sixteen-characters");
      await expectError(reading, "invalid_configuration", {
        ...{ file, unknown: "STARLEDGER_OPERATORS_KEY" },
        nearest: "STARLEDGER_OPERATOR_KEY",
      });
      writeFileSync(file, "");
      expect(reading()).to.deep.equal(readConfig({}));
    });
  });

  it("names a variable that nobody knows, and the setting that may be meant; what others read is theirs", async () => {
    const misspelt = { STARLEDGER_PROT: "1", STARLEDGER_SISTEMS: "0xdecaf", PATH: "/bin" };
    const error = await expectError(() => readConfig(misspelt), "invalid_configuration", {
      unknown: "STARLEDGER_PROT, STARLEDGER_SISTEMS",
      nearest: "STARLEDGER_PORT, STARLEDGER_SYSTEMS",
    });
    expect(error.message).not.to.include("decaf");
    const others = { STARLEDGER_API_KEY: "a key", STARLEDGER_URL: "http://127.0.0.1:1", STARLEDGER_TOWER_PORT: "1" };
    expect(readConfig(others)).to.deep.equal(readConfig({}));
  });

  it("is documented as it is", () => {
    execFileSync("npx", ["tsx", "scripts/configuration.ts", "--check"]);
  });
});

describe("what is shown of the configuration", () => {
  const told = (settings: Readonly<Record<string, string>>) =>
    new Map(shownSettings(settings).map(({ name, ...rest }) => [name, rest]));

  it("has every setting, where it is from and what it means", () => {
    const shown = told({ STARLEDGER_PORT: "9000", STARLEDGER_HOST: "" });
    expect([...shown.keys()]).to.deep.equal(Object.keys(SETTINGS.shape));
    const ofPort = {
      value: "9000",
      source: "environment",
      isSecret: false,
      description: "Its TCP port; 0 takes a free one.",
    };
    expect(shown.get("STARLEDGER_PORT")).to.deep.equal(ofPort);
    const { value, source } = shown.get("STARLEDGER_HOST")!;
    expect([value, source]).to.deep.equal(["127.0.0.1", "default"]);
    expect(shown.get("STARLEDGER_PUBLIC_URL")!.source).to.equal(null);
  });

  it("has no secret in it, and of an address elsewhere the host alone", () => {
    const hidden = {
      STARLEDGER_GAS_KEYS: SIGNER_KEY,
      STARLEDGER_SIGNER_KEY: SIGNER_KEY,
      STARLEDGER_KEY_PASSPHRASE: "a passphrase",
      STARLEDGER_SYSTEMS: `[{"signerKey":"${SIGNER_KEY}"}]`,
      STARLEDGER_KEYSTORE_SECRET: "sixteen characters",
      STARLEDGER_OPERATOR_KEY: "sixteen-characters",
    };
    const shown = told({
      ...hidden,
      STARLEDGER_STORE: "postgres://starledger:pass@db.example:5432/starledger",
      STARLEDGER_RPC_URL: "https://node.example/v3/key,wss://user:pass@other.example?key=1",
      STARLEDGER_PUBLIC_URL: "https://star.example/",
      STARLEDGER_TRACES_URL: "https://name:pa/ss,word@traces.example",
    });
    const secrets = [...shown].filter(([, { isSecret }]) => isSecret).map(([name]) => name);
    expect(secrets.sort()).to.deep.equal(Object.keys(hidden).sort());
    for (const name of secrets) expect(shown.get(name)).to.include({ value: null, source: "environment" });
    const values = ["STARLEDGER_STORE", "STARLEDGER_RPC_URL", "STARLEDGER_PUBLIC_URL", "STARLEDGER_TRACES_URL"].map(
      (name) => shown.get(name)!.value,
    );
    expect(values).to.deep.equal([
      "postgres://db.example:5432/…",
      "https://node.example/…,wss://other.example/…",
      "https://star.example",
      "…",
    ]);
  });
});
