import { existsSync, writeFileSync } from "node:fs";

import type { Command } from "commander";

import { fail } from "../../errors";
import { toAddress, type Address } from "../../protocol";
import { define, group, runs } from "../define";
import { withNativeScrypt } from "../../signer";
import { decryptKey, keystoreAddress, readPassphrase, type PassphraseOptions } from "../keystore";
import { readSecret } from "../secrets";
import { shown } from "../shown";
import { facts } from "../tables";

interface NewOptions extends PassphraseOptions {
  readonly out: string;
}

interface ImportOptions extends NewOptions {
  readonly from?: string;
}

export function keyCommands(program: Command): void {
  const keys = group(program, "key", "Your private key, encrypted in a file (Web3 Secret Storage, version 3).");

  const make = define(keys, "new", {
    does: "Makes a new key.",
    examples: ["starledger key new --out key.json", "starledger key new --out key.json --passphrase-file passphrase"],
  }).requiredOption("--out <file>", "where to write it; never over another file");
  runs<NewOptions, []>(withPassphrase(make), async (_, options) => {
    const { Wallet } = await withNativeScrypt();
    return store(Wallet.createRandom().privateKey, options);
  });

  const take = define(keys, "import", {
    does: "Encrypts a key that you have, from a file, STARLEDGER_PRIVATE_KEY, or as typed in.",
    examples: ["starledger key import --from key.txt --out key.json"],
  })
    .option("--from <file>", "the key, as 0x and 64 digits")
    .requiredOption("--out <file>", "where to write it; never over another file");
  runs<ImportOptions, []>(withPassphrase(take), async (_, options) => {
    const sources = { what: "Private key", file: options.from, option: "--from", variable: "STARLEDGER_PRIVATE_KEY" };
    const key = await readSecret(sources);
    if (!/^0x[0-9a-fA-F]{64}$/.test(key))
      fail("invalid_input", { key: options.from ?? sources.variable, reason: "not 0x and 64 digits" });
    return store(key, options);
  });

  const show = define(keys, "show", {
    does: "Shows whose key a file holds; checks the passphrase with --check. The key itself is never shown.",
    examples: ["starledger key show key.json", "starledger key show key.json --check"],
  })
    .argument("<file>", "the keystore")
    .option("--check", "decrypt it, to see that the passphrase is right", false);
  runs<PassphraseOptions & { check: boolean }, [string]>(withPassphrase(show), async (_, options, file) => {
    const { check } = options;
    if (check) await decryptKey(file, options);
    return shown({ address: keystoreAddress(file), file, ...(check && { passphrase: "right" }) }, describe);
  });
}

function withPassphrase(command: Command): Command {
  return command.option("--passphrase-file <file>", "its passphrase; or as STARLEDGER_PASSPHRASE, or as typed in");
}

async function store(privateKey: string, options: NewOptions) {
  const { out } = options;
  if (existsSync(out)) fail("invalid_input", { file: out, reason: "there is a file of that name" });
  const { Wallet } = await withNativeScrypt();
  const wallet = new Wallet(privateKey);
  const json = await wallet.encrypt(await readPassphrase(options));
  writeFileSync(out, `${json}\n`, { mode: 0o600, flag: "wx" });
  return shown({ address: toAddress(wallet.address), file: out }, describe);
}

function describe({ address, file, passphrase }: { address: Address; file: string; passphrase?: string }): string {
  return facts({ Account: address, File: file, Passphrase: passphrase });
}
