import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

import { z } from "zod";

import { fail } from "../errors";

/** What a profile can say, by the name of the option that it stands for. */
export const PROFILE_SETTINGS = {
  url: "the service: https://host:port",
  apiKeyFile: "the file with the operator's key",
  rpc: "the chain's JSON-RPC",
  hub: "the hub's address",
  system: "the operator's account",
  token: "the token, where none is named",
  keyFile: "the file with your private key, best as an encrypted keystore",
  passphraseFile: "the file with the keystore's passphrase",
  wallet: "your wallet's file",
  watchtowers: "watchtowers that your wallet is handed over to, with commas between",
  watchtowerShare: "what they may have of a forfeit at most, in hundredths of a per cent",
  evidence: "the same, or an evidence file, to leave with",
} as const;

export type ProfileSetting = keyof typeof PROFILE_SETTINGS;

const names = Object.keys(PROFILE_SETTINGS) as [ProfileSetting, ...ProfileSetting[]];
const file = z.record(z.string(), z.partialRecord(z.enum(names), z.string()));

export type Profile = Partial<Readonly<Record<ProfileSetting, string>>>;

/** The file with the profiles. */
export function profileFile(environment: NodeJS.ProcessEnv = process.env): string {
  const { XDG_CONFIG_HOME: own } = environment;
  return path.join(
    own === undefined || own === "" ? path.join(homedir(), ".config") : own,
    "starledger",
    "config.json",
  );
}

/**
 * All profiles by name; none without the file.
 * @throws insecure_file if others may read it, invalid_input if it is malformed
 */
export function readProfiles(where = profileFile()): Readonly<Record<string, Profile>> {
  if (!existsSync(where)) return {};
  const mode = statSync(where).mode & 0o777;
  if ((mode & 0o077) !== 0) fail("insecure_file", { file: where, mode: mode.toString(8) });
  return parse(where);
}

/** Writes a profile into the file, which only its owner may read. */
export function writeProfile(name: string, profile: Profile, where = profileFile()): void {
  const all = { ...readProfiles(where), [name]: profile };
  mkdirSync(path.dirname(where), { recursive: true, mode: 0o700 });
  writeFileSync(where, `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600 });
}

function parse(where: string): Record<string, Profile> {
  try {
    return file.parse(JSON.parse(readFileSync(where, "utf8")));
  } catch (error) {
    const reason = error instanceof z.ZodError ? error.issues.map((i) => `${i.path.join(".")}: ${i.message}`) : error;
    return fail("invalid_input", { file: where, reason });
  }
}
