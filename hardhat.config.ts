import path from "node:path";

import "@nomicfoundation/hardhat-toolbox";
import { TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD } from "hardhat/builtin-tasks/task-names";
import { subtask, type HardhatUserConfig } from "hardhat/config";

const SOLC_VERSION = "0.8.37";

/** The compiler is the one in node_modules: nothing is downloaded. */
subtask(TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD).setAction(() =>
  Promise.resolve({
    compilerPath: path.join(__dirname, "node_modules/solc/soljson.js"),
    isSolcJs: true,
    version: SOLC_VERSION,
    longVersion: SOLC_VERSION,
  }),
);

const { STARLEDGER_RPC_URL, STARLEDGER_DEPLOYER_KEY } = process.env;

const config: HardhatUserConfig = {
  solidity: {
    version: SOLC_VERSION,
    settings: {
      viaIR: true,
      optimizer: { enabled: true, runs: 5000 },
      // Transient storage is the newest thing in use, so every network since Cancun runs this code.
      evmVersion: "cancun",
    },
  },
  networks: {
    // Tests and demo run on the oldest hard fork that the code supports.
    hardhat: { hardfork: "cancun" },
    localhost: { url: "http://127.0.0.1:8545" },
    ...(STARLEDGER_RPC_URL && {
      custom: { url: STARLEDGER_RPC_URL, accounts: STARLEDGER_DEPLOYER_KEY ? [STARLEDGER_DEPLOYER_KEY] : [] },
    }),
  },
  paths: { tests: "test/contracts", ignition: process.env["STARLEDGER_DEPLOYMENTS"] ?? "deploy" },
  typechain: { outDir: "typechain-types", target: "ethers-v6" },
  mocha: { timeout: 120_000 },
};

export default config;
