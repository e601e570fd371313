import { setTimeout as sleep } from "node:timers/promises";

import type { Command } from "commander";

import { fail } from "../../errors";
import type { Address } from "../../protocol";
import type { Client, TowerStatus } from "../../sdk";
import { servers } from "../arguments";
import { define, runs } from "../define";
import { withToken } from "../options";
import { withOwnAccount, withOwnOptions, type OwnOptions } from "../ownAccount";
import { readProfiles, writeProfile } from "../profile";
import type { Session } from "../session";
import { shown } from "../shown";
import { facts, table } from "../tables";

type TowerOptions = OwnOptions & { readonly token?: Address; readonly profile: string };

/** What owners of accounts do with the watchtowers of others. */
export function handoverCommands(watchtower: Command): void {
  const connect = define(watchtower, "connect", {
    does: "Hands your channel over to a watchtower, and has whatever changes it handed over from now on: it is kept in the profile.",
    examples: ["starledger watchtower connect https://tower.example --wallet wallet.jsonl --key-file key.json"],
  }).argument("<url>", "the watchtower: https://host:port", servers);
  runs<TowerOptions, [readonly string[]]>(
    withToken(withOwnOptions(connect)),
    async (session, { profile, ...options }, [url = ""]) => {
      const [status] = await statusOf(session, { ...options, watchtowers: [url] });
      if (status?.error !== undefined) throw status.error;
      const settings = readProfiles()[profile] ?? {};
      const known = settings.watchtowers?.split(",") ?? [];
      const watchtowers = [...new Set([...known, url])].join();
      writeProfile(profile, { ...settings, watchtowers, watchtowerShare: String(options.watchtowerShare) });
      return shown({ ...told(status!), profile }, (data) =>
        facts({ Watchtower: url, Has: has(status!), Profile: `${data.profile}, watchtowers ${watchtowers}` }),
      );
    },
  );

  const show = define(watchtower, "show", {
    does: "Shows what your watchtowers have of your channel, after handing over what they lack.",
    examples: [
      "starledger watchtower show",
      "starledger watchtower show --watchtowers https://tower.example --wallet wallet.jsonl --key-file key.json",
    ],
  });
  runs<TowerOptions, []>(withToken(withOwnOptions(show)), async (session, options) => {
    if (options.watchtowers === undefined) fail("wrong_usage", { missing: "--watchtowers" });
    const all = await statusOf(session, options);
    return shown({ watchtowers: all.map(told) }, () =>
      table(
        ["Watchtower", "Has", "Close", "Until", "Trouble"],
        all.map((one) => [one.url, has(one), close(one), until(one), one.error?.code ?? "none"]),
        "No watchtower is named.",
      ),
    );
  });
}

async function statusOf(session: Session, options: Omit<TowerOptions, "profile">): Promise<TowerStatus[]> {
  const { token } = await session.asset(options.token);
  return withOwnAccount(session, options, async (client) => {
    await client.sync(token);
    return await tried(client, token);
  });
}

/** What each of them says once it was handed everything, or has failed. */
async function tried(client: Client, token: Address): Promise<TowerStatus[]> {
  for (;;) {
    const all = await client.watchtowers(token);
    if (all.every(({ isCurrent, error }) => isCurrent || error !== undefined)) return all;
    await sleep(50);
  }
}

function told({ url, confirmed, isCurrent, error }: TowerStatus) {
  return { url, isCurrent, confirmed: confirmed ?? null, error: error?.code ?? null };
}

function has({ confirmed, isCurrent }: TowerStatus): string {
  if (confirmed === undefined) return isCurrent ? "nothing, for there is nothing yet" : "unknown";
  const { version, seq, preimages } = confirmed;
  return `state ${version}, note ${seq}, ${preimages} preimages${isCurrent ? "" : ": not the newest"}`;
}

function close({ confirmed }: TowerStatus): string {
  if (confirmed?.outcome) return confirmed.outcome;
  return confirmed?.close ? `pending until ${timeOf(confirmed.close.challengeEnd)}` : "none";
}

function until({ confirmed }: TowerStatus): string {
  return confirmed?.until ? timeOf(confirmed.until) : "for nothing";
}

function timeOf(seconds: bigint): string {
  return new Date(Number(seconds) * 1_000).toISOString();
}
