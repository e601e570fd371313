import { readFileSync, writeFileSync } from "node:fs";

import { Names, stepsOf, withOutputs } from "./guides/document";
import { LocalService, Shell } from "./guides/shell";

// Runs the commands that the guides show, and writes what they put out into them: npx tsx scripts/guides.ts [FILE …]

/** The documents whose commands are run, in this order, with one service. */
export const GUIDES = [
  "docs/QUICKSTART.md",
  "docs/guides/hosted.md",
  "docs/guides/self-custody.md",
  "docs/guides/invoices.md",
  "docs/guides/watchtower.md",
  "docs/guides/production.md",
  "docs/guides/proof-of-liabilities.md",
];

/** A document as its commands' output makes it; what differs from run to run stays as it was. */
export async function rewritten(text: string, service: LocalService): Promise<string> {
  const [names, shell] = [new Names(), new Shell(service)];
  const outputs: string[] = [];
  try {
    for (const step of stepsOf(text)) {
      if ("file" in step) shell.write(step.file, names.resolve(step.content));
      else outputs.push(names.compare(step.output, await shell.run(names.resolve(step.command))));
    }
  } finally {
    shell.stop();
  }
  return withOutputs(text, outputs);
}

async function main(files: readonly string[]): Promise<void> {
  const service = new LocalService();
  try {
    for (const file of files) writeFileSync(file, await rewritten(readFileSync(file, "utf8"), service));
  } finally {
    await service.stop();
  }
}

if (require.main === module) void main(process.argv.length > 2 ? process.argv.slice(2) : GUIDES);
