import { z } from "zod";

import { isSecret, type Settings } from "../../settings";
import type { ShownSetting } from "../http";
import { readConfigFile } from "./file";
import { SETTINGS } from "./settings";

/**
 * All settings with what {@link readConfig} takes of them, without the secrets; of an address elsewhere only the host is told,
 * for a key may be in the rest.
 * @throws invalid_configuration if the file that is named cannot be read
 */
export function shownSettings(environment: Settings): readonly ShownSetting[] {
  const file = environment["STARLEDGER_CONFIG"];
  const inFile = file ? readConfigFile(file) : {};
  const { properties = {} } = z.toJSONSchema(SETTINGS, { io: "input", unrepresentable: "any" });
  return Object.entries(properties).map(([name, schema]) => {
    const { default: byDefault, description = "" } = schema as { default?: string | number; description?: string };
    const given = [
      [environment[name], "environment"],
      [inFile[name], "file"],
      [byDefault === undefined ? undefined : String(byDefault), "default"],
    ] as const;
    const [text, source] = given.find(([one]) => one !== undefined && one !== "") ?? [null, null];
    // What is a secret only at times is told like an address.
    const hidden = isSecret(SETTINGS, name) && !description.includes("Secret, if");
    return { name, value: text == null || hidden ? null : hostsOf(text), source, isSecret: hidden, description };
  });
}

/** Without what may be a secret in URLs: who one is, and what comes after the host. */
function hostsOf(text: string): string {
  if (!text.includes("://")) return text;
  const urls = text.split(/,(?=[a-z][a-z0-9+]*:\/\/)/i).map((one) => {
    if (!URL.canParse(one)) return "…";
    const { protocol, host, pathname, search, hash } = new URL(one);
    return `${protocol}//${host}${/^\/?$/.test(pathname + search + hash) ? "" : "/…"}`;
  });
  return urls.join(",");
}
