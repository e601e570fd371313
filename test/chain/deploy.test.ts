import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { promisify } from "node:util";

import { expect } from "chai";

import { HubClient, readDeployment } from "../../src/chain";
import { toAddress } from "../../src/protocol";
import { startAnvil } from "../../scripts/torture/anvil";
import { deployFor } from "../../src/chain/localDeployment";
import type { LocalNode } from "../../src/chain/localNode";
import { IChannelHub__factory, IssuedToken__factory } from "../../typechain-types";
import { expectError } from "../helpers/errors";

const run = promisify(execFile);
const KEY = `0x${"11".repeat(32)}`;
const JOURNALS = "deploy/deployments";

const hardhat = (url: string, key: string, ...words: string[]) =>
  run("node_modules/.bin/hardhat", [...words, "--network", "custom"], {
    env: {
      ...process.env,
      STARLEDGER_RPC_URL: url,
      STARLEDGER_DEPLOYER_KEY: key,
      HARDHAT_IGNITION_CONFIRM_DEPLOYMENT: "false",
    },
  });

/** Deploys by the command that any network is deployed to with. */
const deployTo = (node: LocalNode) => hardhat(node.url, node.privateKey(0), "run", "--no-compile", "scripts/deploy.ts");

describe("deployment on a real node", () => {
  let node: LocalNode;

  before(async () => {
    node = await startAnvil();
    await deployTo(node);
  });

  after(() => node.stop());

  const expectDeployed = async () => {
    const { hub, books, registry, depositRouter, htlc, anchor, deployedAtBlock } = readDeployment(31337n);
    for (const address of [depositRouter, hub, books, registry, htlc, anchor])
      expect(await node.provider.getCode(address)).to.not.equal("0x");
    const before = Number(deployedAtBlock) - 1;
    expect(await node.provider.getCode(registry, before + 1)).to.not.equal("0x");
    expect(await node.provider.getCode(registry, before)).to.equal("0x");
  };

  it("writes the addresses where service and SDK find them; run again it deploys nothing", async () => {
    await expectDeployed();
    const first = readDeployment(31337n);
    const block = await node.provider.getBlockNumber();
    await deployTo(node);
    expect(readDeployment(31337n)).to.deep.equal(first);
    expect(await node.provider.getBlockNumber()).to.equal(block);
    const hub = new HubClient(first.hub, node.account(0));
    const nobody = toAddress(node.account(1).address);
    const { epoch, closing, funds } = await hub.channel({ system: nobody, user: nobody, token: nobody });
    expect({ epoch, closing, funds }).to.deep.equal({
      epoch: 0n,
      closing: false,
      funds: { deposited: 0n, withdrawn: 0n, reclaimed: 0n, collateral: 0n },
    });
  });

  it("comes to the same when a local chain is deployed to without the command", async () => {
    const local = await startAnvil();
    try {
      const deployment = await deployFor(local);
      expect(deployment).to.deep.equal(readDeployment(31337n));
      const { hub, books, registry, depositRouter, htlc, anchor } = deployment;
      for (const address of [hub, books, registry, depositRouter, htlc, anchor])
        expect(await local.provider.getCode(address)).to.equal(await node.provider.getCode(address));
    } finally {
      local.stop();
    }
  });

  for (const [what, lose] of [
    ["", () => undefined],
    [", even when the addresses were lost", () => rmSync("deployments/31337.json")],
  ] as const) {
    it(`deploys anew on a development chain that was started anew${what}`, async () => {
      node.stop();
      node = await startAnvil();
      await node.pass(10n);
      lose();
      await deployTo(node);
      await expectDeployed();
      expect(readDeployment(31337n).deployedAtBlock).to.equal(2n);
    });
  }

  it("lists an issuer's token that the hub may mint; run again it deploys nothing", async () => {
    const { hub } = readDeployment(31337n);
    const terms = {
      challengePeriod: 259_200n,
      claimWindow: 345_600n,
      lockLimit: 604_800n,
      award: 5n,
      staleFee: 6n,
    };
    const token = { name: "Miles", symbol: "MILE", decimals: 2n, cap: 1_000n };
    const parameters = path.join(JOURNALS, "test.json");
    const text = JSON.stringify({ IssuedToken: { hub, ...token, ...terms } }, (_, value: unknown) =>
      typeof value === "bigint" ? `${value}n` : value,
    );
    writeFileSync(parameters, text);
    const issue = () =>
      hardhat(
        node.url,
        node.privateKey(0),
        ...["ignition", "deploy", "deploy/modules/02_issued_token.ts"],
        ...["--deployment-id", "test", "--parameters", parameters],
      );
    try {
      const { stdout } = await issue();
      const address = /IssuedToken#IssuedToken - (0x[0-9a-fA-F]{40})/.exec(stdout)?.[1] ?? "";
      const issued = IssuedToken__factory.connect(address, node.provider);
      const issuer = node.account(0).address;
      expect(await Promise.all([issued.name(), issued.symbol(), issued.decimals(), issued.cap()])).to.deep.equal(
        Object.values(token),
      );
      expect([await issued.issuer(), await issued.hasRole(await issued.MINTER_ROLE(), hub)]).to.deep.equal([
        issuer,
        true,
      ]);
      const asset = await IChannelHub__factory.connect(hub, node.provider).assetOf(issuer, address);
      expect((asset as unknown as { toObject(): object }).toObject()).to.include({ backing: 1n, ...terms });

      const block = await node.provider.getBlockNumber();
      await issue();
      expect(await node.provider.getBlockNumber()).to.equal(block);
    } finally {
      rmSync(parameters);
      rmSync(path.join(JOURNALS, "test"), { recursive: true, force: true });
    }
  });

  it("says where it looked when nothing is deployed", async () => {
    await expectError(() => readDeployment(999_999n), "unknown_deployment", { chainId: 999_999n, reason: "ENOENT" });
  });
});

describe("deployment on a chain that is not for development", () => {
  const CHAIN = 4_242;
  const journal = path.join(JOURNALS, `chain-${CHAIN}`);
  const lost = `0x${"ab".repeat(20)}`;
  let server: Server;

  before((done) => {
    mkdirSync(journal, { recursive: true });
    writeFileSync(path.join(journal, "deployed_addresses.json"), JSON.stringify({ "Hub#ChannelHub": lost }));
    server = createServer((request, response) => {
      let body = "";
      request.on("data", (part: Buffer) => (body += part.toString()));
      request.on("end", () => {
        const { id, method } = JSON.parse(body) as { id: number; method: string };
        const result = { eth_chainId: `0x${CHAIN.toString(16)}`, net_version: `${CHAIN}` }[method] ?? "0x";
        response.end(JSON.stringify({ jsonrpc: "2.0", id, result }));
      });
    }).listen(0, "127.0.0.1", done);
  });

  after(() => {
    rmSync(journal, { recursive: true });
    server.close();
  });

  it("stops when a contract of the journal is not there, and deploys nothing", async () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const failure = await hardhat(url, KEY, "run", "--no-compile", "scripts/deploy.ts").then(
      () => undefined,
      (error: unknown) => error as { code: number; stderr: string },
    );
    expect(failure?.code).to.equal(1);
    expect(failure?.stderr).to.contain(`names ${lost}, where chain ${CHAIN} has no code`);
    await expectError(() => readDeployment(BigInt(CHAIN)), "unknown_deployment");
  });
});
