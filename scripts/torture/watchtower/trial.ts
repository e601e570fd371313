import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { formatEther } from "ethers";
import Database from "libsql";
import pLimit from "p-limit";

import { sign, toAddress } from "../../../src/protocol";
import { towerApi } from "../../../src/sdk";
import { MortalProcess } from "../mortalProcess";
import { accused, FUNDED, type Accused } from "./accused";
import { untilAnswered, type Answering } from "./answering";
import { openCourt, type Court } from "./court";
import { Crowd } from "./crowd";
import { settleAll, type Settled } from "./settling";

const GWEI = 10n ** 9n;
const CONFIRMATIONS = 12;
const AT_ONCE = 16;
/** The share of a forfeit that the tower is promised, in hundredths of a per cent. */
const SHARE = 1_000;
/** The account of the node that the tower pays gas with. */
const TOWER = 9;
/** What a block asks for at first, what the crowd pays in all at most, and as a tip; in wei per gas. */
const [CALM, RUSH, TIP] = [10n * GWEI, 100n * GWEI, 2n * GWEI];
/** Seconds for which locks, and with them settlements, are waited for. */
const LOCKS = 7_200n;

export interface TrialOptions {
  readonly closes: number;
  /** How often the tower is killed while it answers. */
  readonly kills: number;
  /** The challenge period, in seconds. */
  readonly period: bigint;
  /** Milliseconds that the tower has for a block, where a real chain gives it twelve seconds. */
  readonly pace: number;
  readonly say: (text: string) => void;
}

/** How it went; a figure of the chain's is in its own seconds. */
export interface TrialResult extends Omit<Answering, "records" | "answered">, Settled {
  readonly closes: number;
  /** Closes for which all that there was to show was shown in time. */
  readonly answered: number;
  readonly period: number;
  readonly gasLimit: number;
  /** The tower's: mined, and signed, with those that offered more for the same. */
  readonly transactions: number;
  readonly attempts: number;
  readonly spentEther: string;
  readonly seconds: number;
}

/**
 * Has a system cheat all its users within one challenge period, in blocks that others want into, while nobody but the
 * watchtower is there.
 */
export async function tryTower({ closes, kills, period, pace, say }: TrialOptions): Promise<TrialResult> {
  const began = Date.now();
  const folder = mkdtempSync(path.join(tmpdir(), "starledger-tower-"));
  const court = await openCourt({ challengePeriod: period });
  const { provider } = court.node;
  const payer = court.node.account(TOWER).address;
  const tower = towerOf(court, folder);
  try {
    say(`${closes} users pay in and hand over, then nobody of them is there any more`);
    const users = await handOver(court, closes, await tower.start());
    const crowd = await Crowd.gather(court.node, RUSH, TIP);
    const balance = await provider.getBalance(payer);
    say("The system closes all channels with what was revoked, and everybody wants into the blocks");
    await provider.send("evm_setAutomine", [false]);
    await provider.send("anvil_setNextBlockBaseFeePerGas", [`0x${CALM.toString(16)}`]);
    for (const { party, shown } of users) await court.charge(party, shown);
    const { records, answered, ...answering } = await untilAnswered(court, tower, users, { crowd, kills, pace });
    const spentEther = formatEther(balance - (await provider.getBalance(payer)));
    const transactions = await provider.getTransactionCount(payer);
    await tower.end("SIGTERM");
    say(`${answered.size} are answered, ${answering.late} are late; everybody is paid`);
    const terms = { tower: payer, share: BigInt(SHARE), wait: 2n * period + LOCKS };
    const settled = await settleAll(
      court,
      users.filter(({ party }) => answered.has(party.id)),
      records,
      terms,
    );
    return {
      ...{ closes, answered: answered.size, ...answering, ...settled, period: Number(period) },
      gasLimit: Number((await provider.getBlock("latest"))!.gasLimit),
      ...{ transactions, attempts: attemptsIn(folder), spentEther },
      seconds: Math.round((Date.now() - began) / 1_000),
    };
  } finally {
    await tower.end("SIGKILL");
    court.node.stop();
    rmSync(folder, { recursive: true });
  }
}

function towerOf({ node, domain }: Court, folder: string): MortalProcess {
  const chain = { rpc: node.url, hubs: [domain.hub], gasKeys: [node.privateKey(TOWER)], finality: CONFIRMATIONS };
  const environment = {
    STARLEDGER_TOWER_CHAINS: JSON.stringify([chain]),
    STARLEDGER_TOWER_STORE: `sqlite:${path.join(folder, "tower.db")}`,
    STARLEDGER_TOWER_PORT: "0",
    STARLEDGER_TOWER_SECONDS: "0.1",
    STARLEDGER_TOWER_LEAST_SHARE: String(SHARE),
    STARLEDGER_TOWER_RATE: "0",
    STARLEDGER_TOWER_LOG_LEVEL: "warn",
  };
  return new MortalProcess(["watchtower"], /^Watchtower +(\S+)$/m, environment, path.join(folder, "tower.log"));
}

async function handOver(court: Court, count: number, url: string): Promise<Accused[]> {
  const now = await court.time();
  const tower = toAddress(court.node.account(TOWER).address);
  const limit = pLimit(AT_ONCE);
  const one = async (index: number): Promise<Accused> => {
    const user = accused(court, index, now);
    const { party, papers } = user;
    const { key, privateKey } = party;
    await court.fund(party, FUNDED);
    const { chainId } = court.domain;
    const api = towerApi(url, { account: key.user, chainId, sign: (hash) => sign(hash, privateKey) });
    await api.handOver(court.domain, papers, court.appointment(party, tower, SHARE, now + 365n * 86_400n));
    return user;
  };
  return await Promise.all(Array.from({ length: count }, (_, index) => limit(() => one(index))));
}

function attemptsIn(folder: string): number {
  const db = new Database(path.join(folder, "tower.db"));
  const { count } = db.prepare("SELECT count(*) AS count FROM outbox_attempts").get() as { count: number };
  db.close();
  return count;
}
