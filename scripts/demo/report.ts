import { formatEther } from "ethers";

/** What a run measured; amounts in base units as decimal text. */
export interface Figures {
  readonly payments: number;
  readonly accounts: number;
  readonly failed: number;
  readonly seconds: number;
  readonly tps: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly commits: number;
  readonly signaturesMade: number;
  readonly signaturesVerified: number;
  readonly clientSigningSeconds: number;
  readonly onchainTransactions: number;
  readonly onchainGas: number;
  readonly mainnetGas: number;
  readonly mainnetFeesEth: string;
  readonly withdrawn: string;
  readonly penaltyPaid: string;
  readonly unilateralExitPaid: string;
  readonly mismatches: number;
  readonly conservation: boolean;
  readonly residentMegabytes: number;
}

/** The table for people. */
export function report(f: Figures): string {
  const count = (value: number): string => value.toLocaleString("en-US");
  const rows: [string, string][] = [
    ["Payments", `${count(f.payments)} (${count(f.failed)} failed) between ${count(f.accounts)} accounts`],
    ["Payments per second, durable", `${count(f.tps)} (${f.seconds} s, ${count(f.commits)} commits)`],
    ["Latency p50 / p99", `${f.p50Ms} ms / ${f.p99Ms} ms`],
    ["Signatures made / checked", `${count(f.signaturesMade)} / ${count(f.signaturesVerified)}`],
    ["  of which clients signed for", `${f.clientSigningSeconds} s while replaying`],
    ["Transactions on chain", `${count(f.onchainTransactions)}, ${count(f.onchainGas)} gas`],
    ["The same payments on mainnet", `${count(f.mainnetGas)} gas, ${f.mainnetFeesEth} ETH at their own prices`],
    ["Withdrawn to the chain", `${formatEther(f.withdrawn)} POINT`],
    ["Cheater's channel forfeited", `${formatEther(f.penaltyPaid)} COIN`],
    ["Paid to the user who left alone", `${formatEther(f.unilateralExitPaid)} COIN`],
    ["Balances that differ", count(f.mismatches)],
    ["Books conserved", f.conservation ? "yes" : "NO"],
    ["Resident memory", `${count(f.residentMegabytes)} MB`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  return rows.map(([name, value]) => `${name.padEnd(width)}${value}\n`).join("");
}
