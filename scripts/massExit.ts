import { Command, InvalidArgumentError } from "commander";

import { BLOCKS, DEPTHS, measureMassExit, type MassExitFigures } from "./gas/massExit";
import { defendable } from "./gas/defendable";

// How large a mass exit can be answered: everybody closes with an old state at once, and every close has to be answered
// within the challenge period (case 20). The answers are mined on Hardhat's network; the rest is arithmetic.

const DAY = 86_400;
const BLOCK_SECONDS = 12;
const SHARES = [0.1, 0.5, 1] as const;

interface Options {
  readonly json: boolean;
  readonly days: number;
}

interface Row {
  readonly blockGas: number;
  readonly share: number;
  readonly channels: number;
  readonly channelsWithNote: number;
}

function rowsOf({ challenge, prove, perBlock }: MassExitFigures, days: number): Row[] {
  const deepest = Math.max(...DEPTHS);
  const withNote = challenge[deepest]! / (challenge[deepest]! + prove[deepest]!);
  return BLOCKS.flatMap((blockGas) =>
    SHARES.map((share) => {
      const period = { seconds: days * DAY, blockSeconds: BLOCK_SECONDS, share };
      const channels = defendable({ perBlock: perBlock[blockGas]!, ...period });
      return { blockGas, share, channels, channelsWithNote: Math.floor(channels * withNote) };
    }),
  );
}

function table(figures: MassExitFigures, rows: readonly Row[], days: number): string {
  const count = (value: number): string => value.toLocaleString("en-US");
  const gas = DEPTHS.map(
    (depth) =>
      `Batch proof of ${depth} steps: challenge ${count(figures.challenge[depth]!)} gas, prove ${count(figures.prove[depth]!)} gas`,
  );
  const blocks = BLOCKS.map(
    (limit) => `A block of ${count(limit)} gas took ${count(figures.perBlock[limit]!)} challenges`,
  );
  const lines = rows.map(
    ({ blockGas, share, channels, channelsWithNote }) =>
      `${count(blockGas).padStart(10)}  ${`${share * 100}%`.padStart(5)}  ${count(channels).padStart(12)}  ${count(channelsWithNote).padStart(20)}`,
  );
  return [
    ...gas,
    ...blocks,
    "",
    `Channels that can be answered within ${days} days, a block every ${BLOCK_SECONDS} seconds:`,
    ` block gas  share      channels  and a note each, too`,
    ...lines,
    "",
    "Assumed: all close at the same moment; every close counts as ordinary, though these are humble and leave twice the time;",
    "no channel was ever withdrawn from; every answer carries later locks and is sent by somebody other than the system; and",
    "whoever answers can pay for that share of all blocks during the whole period.",
    "",
  ].join("\n");
}

function positive(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new InvalidArgumentError("A whole number of days from 1 on.");
  return Number(text);
}

new Command("mass-exit")
  .description("Measures how many closes can be answered per block, and how large a system a period can defend.")
  .option("--days <count>", "the challenge period", positive, 3)
  .option("--json", "print one JSON object", false)
  .action(async ({ json, days }: Options) => {
    const figures = await measureMassExit();
    const rows = rowsOf(figures, days);
    const result = { days, blockSeconds: BLOCK_SECONDS, ...figures, rows };
    process.stdout.write(json ? JSON.stringify(result) + "\n" : table(figures, rows, days));
  })
  .parseAsync()
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
