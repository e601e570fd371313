import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";

import type { Command } from "commander";

import { fail } from "../../errors";
import { define, runs } from "../define";
import { readPassphrase, type PassphraseOptions } from "../keystore";
import { shown } from "../shown";
import { facts } from "../tables";

interface BackupOptions extends PassphraseOptions {
  readonly wallet: string;
  readonly out: string;
}

interface RestoreOptions extends PassphraseOptions {
  readonly from: string;
  readonly wallet: string;
}

/** A wallet's file, encrypted; it holds no key. */
export function backupCommands(program: Command): void {
  const backup = define(program, "backup", {
    does: "Writes an encrypted copy of your wallet's file. It holds no private key: keep that apart.",
    examples: ["starledger backup --wallet wallet.jsonl --out wallet.backup --passphrase-file passphrase"],
  })
    .requiredOption("--wallet <file>", "your wallet's file")
    .requiredOption("--out <file>", "where to write it; never over another file");
  runs<BackupOptions, []>(withPassphrase(backup), async (_, options) => {
    const { wallet, out } = options;
    requireFile(wallet);
    requireNoFile(out);
    const { backUp, FileStore } = await import("../../sdk");
    const store = await FileStore.open(wallet);
    const records = (await store.all()).length;
    const copy = await backUp(store, await readPassphrase(options)).finally(() => store.close());
    writeFileSync(out, copy, { mode: 0o600, flag: "wx" });
    return shown({ wallet, file: out, records }, (data) => facts({ Backup: data.file, Records: `${data.records}` }));
  });

  const restore = define(program, "restore", {
    does: "Makes a wallet's file out of a backup. What was signed after the backup is missing in it: it takes over what the service has, and from then on its channels close humbly only.",
    examples: ["starledger restore --from wallet.backup --wallet wallet.jsonl --passphrase-file passphrase"],
  })
    .requiredOption("--from <file>", "the backup")
    .requiredOption("--wallet <file>", "the wallet's file to make; never over another file");
  runs<RestoreOptions, []>(withPassphrase(restore), async (_, options) => {
    const { from, wallet } = options;
    requireFile(from);
    requireNoFile(wallet);
    const sdk = await import("../../sdk");
    const passphrase = await readPassphrase(options);
    const store = await sdk.FileStore.open(wallet);
    try {
      await sdk.restore(store, readFileSync(from), passphrase);
      const records = (await store.all()).length;
      return shown({ wallet, from, records }, (data) => facts({ Wallet: data.wallet, Records: `${data.records}` }));
    } catch (error) {
      // Nothing was restored: the next try needs the name.
      rmSync(wallet);
      throw error;
    } finally {
      await store.close();
    }
  });
}

function withPassphrase(command: Command): Command {
  return command.option("--passphrase-file <file>", "its passphrase; or as STARLEDGER_PASSPHRASE, or as typed in");
}

function requireFile(file: string): void {
  if (!existsSync(file)) fail("invalid_input", { file, reason: "no such file" });
}

function requireNoFile(file: string): void {
  if (existsSync(file)) fail("invalid_input", { file, reason: "there is a file of that name" });
}
