import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { Command } from "commander";
import { artifacts, ethers } from "hardhat";
import type { ContractTransactionResponse } from "ethers";

import {
  deployHub,
  complete,
  issued,
  pass,
  SETTINGS,
  sign,
  soon,
  NO_APPOINTMENT,
  disputeOf,
} from "../test/contracts/helpers/fixture";

// Gas of every operation, from the receipts of Hardhat's network, measured warm: payees hold tokens, approvals are
// infinite, the channel was used before (a deposit and a withdrawal), the token is OpenZeppelin's.

const FILE = path.join(__dirname, "..", "gas.json");

/** The best of the peers per operation, measured on anvil, each with its own compiler and settings; see README. */
const PEERS: Record<string, string> = {
  "deposit.first": "64,100 (Perun)",
  "deposit.topUp": "46,900 (Perun)",
  closeCooperatively: "73,800 (Photon)",
  close: "50,400 (Machinomy, one-way), 64,300 (Photon)",
  "challenge.replace": "61,600 (Photon)",
  settle: "55,800 (Machinomy, one-way), 62,800 (Photon)",
  "challenge.penalty": "100,400 (Photon, in two)",
  "lock.claim": "105,100 (Raiden)",
};

type Figures = Record<string, number>;

async function gasOf(sending: Promise<ContractTransactionResponse>): Promise<number> {
  return Number((await (await sending).wait())!.gasUsed);
}

async function measure(): Promise<Figures> {
  const figures: Figures = {};
  const f = await deployHub();
  const { hub, user, other, system, ref } = f;
  let epoch = 0n;

  const withdraw = async (withdrawn: bigint): Promise<number> => {
    const message = { withdrawn, reclaimed: 0n, recipient: ref.user, deadline: await soon() };
    return gasOf(
      hub.connect(system).withdraw(ref, message, await sign(f, user, "Withdrawal", message, { epoch }), "0x"),
    );
  };
  const warm = async (): Promise<void> => {
    await hub.connect(user).deposit(ref, 1_000n);
    await withdraw(10n);
  };
  const closeWith = async (shown: Parameters<typeof complete>[1], credit: Parameters<typeof issued>[1]) => {
    const [ownState, ownNote] = [await complete(f, shown, epoch), await issued(f, credit, epoch)];
    const order = { party: ref.user, humble: false, deadline: await soon(), signature: "0x" };
    const signatures = [ownState.systemSignature, ownNote.systemSignature] as const;
    const sent = await hub.connect(user).close(ref, ownState.state, ownNote.note, ...signatures, order);
    const receipt = await sent.wait();
    return { gas: Number(receipt!.gasUsed), dispute: disputeOf(f, receipt), state: ownState.state };
  };

  // The hub holds tokens of another channel already.
  const second = { ...ref, user: await other.getAddress() };
  await hub.connect(user).deposit(ref, 1_000n);
  figures["deposit.first"] = await gasOf(hub.connect(other).deposit(second, 1_000n));
  figures["deposit.topUp"] = await gasOf(hub.connect(other).deposit(second, 1_000n));
  figures["withdraw.first"] = await withdraw(10n);
  figures["withdraw.single"] = await withdraw(20n);

  const closing = { net: -400n, deadline: await soon() };
  const byUser = await sign(f, user, "Closing", closing, { epoch });
  figures["closeCooperatively"] = await gasOf(hub.connect(system).closeCooperatively(ref, closing, byUser, "0x"));
  epoch++;

  await warm();
  const honest = await closeWith(
    { version: 5n, net: -300n, noteSeq: 2n, noteCredited: 50n },
    { seq: 3n, credited: 80n },
  );
  figures["close"] = honest.gas;
  const next = await complete(f, { version: 6n, net: -400n, noteSeq: 2n, noteCredited: 50n }, epoch);
  figures["challenge.replace"] = await gasOf(
    hub.connect(system).challenge(ref, honest.dispute, next.state, next.userSignature, "0x", NO_APPOINTMENT),
  );
  await pass(SETTINGS.challengePeriod + SETTINGS.claimWindow);
  figures["settle.replaced"] = await gasOf(hub.connect(user).settle(ref, honest.dispute, next.state));
  epoch++;

  await warm();
  const plain = await closeWith({ version: 5n, net: -300n }, { seq: 3n, credited: 80n });
  await pass(SETTINGS.challengePeriod + SETTINGS.claimWindow);
  figures["settle"] = await gasOf(hub.connect(user).settle(ref, plain.dispute, plain.state));
  epoch++;

  await hub.connect(user).deposit(ref, 1_000n);
  const unused = await closeWith({ version: 5n }, { seq: 3n, credited: 80n });
  const newer = await complete(f, { version: 6n }, epoch);
  figures["challenge.replace.firstUse"] = await gasOf(
    hub.connect(system).challenge(ref, unused.dispute, newer.state, newer.userSignature, "0x", NO_APPOINTMENT),
  );
  const later = await issued(f, { seq: 4n, credited: 90n }, epoch);
  figures["prove"] = await gasOf(
    hub.connect(user).prove(ref, unused.dispute, newer.state, later.note, later.systemSignature, [], NO_APPOINTMENT),
  );
  await pass(SETTINGS.challengePeriod + SETTINGS.claimWindow);
  await hub.connect(user).settle(ref, unused.dispute, newer.state);
  epoch++;

  await warm();
  const cheat = await closeWith({ version: 5n, net: -300n }, { seq: 3n, credited: 80n });
  const proof = await complete(f, { version: 9n, net: -600n }, epoch);
  figures["challenge.penalty"] = await gasOf(
    hub.connect(system).challenge(ref, cheat.dispute, proof.state, proof.userSignature, "0x", NO_APPOINTMENT),
  );

  figures["withdraw.batch100.perUser"] = Math.round((await batchOf(100)) / 100);
  for (const name of ["ChannelHub", "HubBooks", "PreimageRegistry", "IssuedToken"]) {
    const { deployedBytecode } = await artifacts.readArtifact(name);
    figures[`bytes.${name}`] = ethers.dataLength(deployedBytecode);
  }
  return figures;
}

/** A batch of withdrawals by users who have withdrawn before and hold tokens. */
async function batchOf(count: number): Promise<number> {
  const f = await deployHub();
  const wallets = Array.from({ length: count }, (_, i) => new ethers.Wallet(ethers.id(`gas ${i}`)));
  let gas = 0;
  for (const wallet of wallets) await f.hub.connect(f.user).deposit({ ...f.ref, user: wallet.address }, 1_000n);
  for (const withdrawn of [10n, 20n]) {
    const deadline = await soon();
    const items = await Promise.all(
      wallets.map(async (wallet) => {
        const withdrawal = { withdrawn, reclaimed: 0n, recipient: wallet.address, deadline };
        const ref = { ...f.ref, user: wallet.address };
        return {
          user: wallet.address,
          withdrawal,
          userSignature: await sign(f, wallet, "Withdrawal", withdrawal, { ref }),
        };
      }),
    );
    gas = await gasOf(f.hub.connect(f.system).withdrawBatch(f.token, items));
  }
  return gas;
}

function table(figures: Figures): string {
  const rows = Object.entries(figures).map(([name, gas]) => [name, gas.toLocaleString("en-US"), PEERS[name] ?? ""]);
  return [["operation", "gas", "best peers"], ...rows]
    .map(([name, gas, peer]) => `${name!.padEnd(28)}${gas!.padStart(9)}  ${peer}`.trimEnd())
    .join("\n");
}

/** Deadlines and signatures have a zero byte more or less from run to run. */
const JITTER = 60;

/** Names what differs from the committed figures; tells whether nothing does. */
function isUnchanged(figures: Figures): boolean {
  const committed = existsSync(FILE) ? (JSON.parse(readFileSync(FILE, "utf8")) as Figures) : {};
  const drifted = [...new Set([...Object.keys(figures), ...Object.keys(committed)])].filter(
    (name) => !(Math.abs((figures[name] ?? NaN) - (committed[name] ?? NaN)) <= JITTER),
  );
  for (const name of drifted)
    console.error(`${name}: ${figures[name] ?? "gone"}, committed ${committed[name] ?? "none"}`);
  return drifted.length === 0;
}

new Command("gas")
  .description("Measures the gas of every operation.")
  .option("--json", "print one JSON object", false)
  .option("--write", "write gas.json", false)
  .option("--check", "fail if the figures are not those of gas.json", false)
  .action(async (options: { json: boolean; write: boolean; check: boolean }) => {
    const figures = await measure();
    console.log(options.json ? JSON.stringify(figures, null, 2) : table(figures));
    if (options.write) writeFileSync(FILE, JSON.stringify(figures, null, 2) + "\n");
    if (options.check && !isUnchanged(figures)) process.exitCode = 1;
  })
  .parseAsync()
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
