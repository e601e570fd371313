import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { expect } from "chai";

import { HubClient, readDeployment } from "../../src/chain";
import { toAddress } from "../../src/protocol";
import { startNode, type LocalNode } from "../../scripts/demo/node";
import { expectError } from "../helpers/errors";

const run = promisify(execFile);

describe("deployment on a real node", function () {
  this.timeout(60_000);
  let node: LocalNode;

  beforeEach(async () => {
    node = await startNode();
  });

  afterEach(() => node.stop());

  const deploy = () =>
    run("npx", ["hardhat", "run", "--no-compile", "scripts/deploy.ts", "--network", "custom"], {
      env: { ...process.env, STARLEDGER_RPC_URL: node.url, STARLEDGER_DEPLOYER_KEY: node.privateKey(0) },
    });

  it("writes the addresses where service and SDK find them; run again it deploys nothing", async () => {
    await deploy();
    const first = readDeployment(31337n);
    const block = await node.provider.getBlockNumber();
    await deploy();
    expect(readDeployment(31337n)).to.deep.equal(first);
    expect(await node.provider.getBlockNumber()).to.equal(block);
    for (const address of [first.hub, first.books, first.registry]) {
      expect(await node.provider.getCode(address)).to.not.equal("0x");
    }
    const hub = new HubClient(first.hub, node.account(0));
    const nobody = toAddress(node.account(1).address);
    const { epoch, closing, funds } = await hub.funds({ system: nobody, user: nobody, token: nobody });
    expect({ epoch, closing, funds }).to.deep.equal({
      epoch: 0n,
      closing: false,
      funds: { deposited: 0n, withdrawn: 0n, reclaimed: 0n, collateral: 0n },
    });
  });

  it("deploys anew on a development chain that was started anew", async () => {
    await deploy();
    expect(await node.provider.getCode(readDeployment(31337n).hub)).to.not.equal("0x");
  });

  it("says where it looked when nothing is deployed", async () => {
    await expectError(() => readDeployment(999_999n), "invalid_input");
  });
});
