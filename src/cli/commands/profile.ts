import type { Command } from "commander";

import { StarledgerError } from "../../errors";
import { define, group, runs } from "../define";
import {
  PROFILE_SETTINGS,
  profileFile,
  readProfiles,
  writeProfile,
  type Profile,
  type ProfileSetting,
} from "../profile";
import { shown } from "../shown";
import { table } from "../tables";

export function profileCommands(program: Command): void {
  const profiles = group(program, "profile", "Settings that need not be typed each time.");

  const show = define(profiles, "show", {
    does: "Shows the settings of the profile in use, and where they are kept.",
    examples: ["starledger profile show", "starledger profile show --profile production --json"],
  });
  runs<{ profile: string }, []>(show, (session, { profile }) => {
    const settings = readProfiles()[profile] ?? {};
    session.say(`${profileFile()}, profile ${profile}`);
    return Promise.resolve(
      shown({ file: profileFile(), profile, settings }, () =>
        table(["Setting", "Value"], Object.entries(settings), "The profile has no settings."),
      ),
    );
  });

  const set = define(profiles, "set", {
    does: "Changes settings of the profile in use; an empty value removes one. Secrets are named by their files.",
    examples: [
      "starledger profile set url=https://ledger.example apiKeyFile=/etc/starledger/operator.key",
      "starledger profile set rpc=https://node.example hub=0x5fbdb2315678afecb367f032d93f642f64180aa3",
    ],
  })
    .argument("<settings...>", `name=value; names: ${Object.keys(PROFILE_SETTINGS).join(", ")}`)
    .addHelpText(
      "after",
      `\nSettings:\n${Object.entries(PROFILE_SETTINGS)
        .map(([name, meaning]) => `  ${name.padEnd(16)}${meaning}`)
        .join("\n")}`,
    );
  runs<{ profile: string }, [readonly string[]]>(set, (_, { profile }, given) => {
    const all = { ...readProfiles()[profile], ...Object.fromEntries(given.map(readSetting)) };
    const settings = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== "")) as Profile;
    writeProfile(profile, settings);
    return Promise.resolve(
      shown({ file: profileFile(), profile, settings }, (data) =>
        table(["Setting", "Value"], Object.entries(data.settings), "The profile has no settings."),
      ),
    );
  });
}

function readSetting(given: string): [ProfileSetting, string] {
  const [, name = "", value = ""] = /^([^=]+)=(.*)$/.exec(given) ?? [];
  if (!(name in PROFILE_SETTINGS)) {
    throw new StarledgerError("wrong_usage", { got: given, known: Object.keys(PROFILE_SETTINGS).join(" ") });
  }
  return [name as ProfileSetting, value];
}
