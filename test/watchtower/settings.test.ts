import { expect } from "chai";

import { keccakText } from "../../src/protocol";
import { readTowerConfig } from "../../src/watchtower";
import { expectError } from "../helpers/errors";

const HUB = `0x${"ab".repeat(20)}`;
const KEY = keccakText("starledger tower settings");
const RPC = ["https://one.example", "https://two.example", "https://three.example"];

describe("the settings of a watchtower", () => {
  const read = (chain: object, settings: Readonly<Record<string, string>> = {}) =>
    readTowerConfig({
      STARLEDGER_TOWER_CHAINS: JSON.stringify([{ rpc: RPC, hubs: [HUB], gasKeys: [KEY], ...chain }]),
      ...settings,
    });

  it("name nodes of which more than half must agree, or so many as they say", () => {
    expect([read({}).chains[0]!.quorum, read({ quorum: 3 }).chains[0]!.quorum]).to.deep.equal([undefined, 3]);
    expect(read({ rpc: "https://one.example" }).chains[0]!.rpc).to.deep.equal(["https://one.example"]);
  });

  it("take keys for gas, or where they are", () => {
    const gasKeys = [KEY, "file:gas.json", "unix:/run/signer.sock:/gas", "https://signer.example/gas"];
    const { chains, keys } = read(
      { gasKeys },
      { STARLEDGER_TOWER_KEY_PASSPHRASE: "file:passphrase", STARLEDGER_TOWER_SIGNER_SECONDS: "2" },
    );
    expect([chains[0]!.gasKeys, keys]).to.deep.equal([gasKeys, { passphrase: "file:passphrase", patience: 2_000 }]);
    expect(read({}).keys).to.deep.equal({ passphrase: null, patience: 6_000 });
  });

  it("are refused by name, showing no secret (case 33)", async () => {
    await expectError(() => read({}, { STARLEDGER_TOWER_PORT: "many" }), "invalid_configuration", {
      malformed: "STARLEDGER_TOWER_PORT",
      reason: "STARLEDGER_TOWER_PORT: Invalid input: expected number, received NaN",
    });
    for (const chain of [
      { quorum: 4 },
      { gasKeys: [] },
      { gasKeys: ["0x12"] },
      { gasKeys: ["ftp://signer.example"] },
    ]) {
      await expectError(() => read(chain), "invalid_configuration", { malformed: "STARLEDGER_TOWER_CHAINS" });
    }
    await expectError(() => readTowerConfig({ STARLEDGER_TOWER_CHAINS: "not JSON" }), "invalid_configuration", {
      malformed: "STARLEDGER_TOWER_CHAINS",
    });
  });
});
