import { StarledgerError, type ErrorCode } from "../errors";
import type { Address, ChannelId, Hash } from "../protocol";
import type { Store } from "../store";
import type { Services } from "./services";

/** What a request was about that this process could not serve: one of these, as the error's details name it. */
interface Subject {
  readonly system?: Address;
  readonly account?: Address;
  readonly channel?: ChannelId;
  readonly hash?: Hash;
  readonly token?: Address;
}

/** What is not to be found at any process. */
const MISSING: readonly (readonly [keyof Subject, ErrorCode])[] = [
  ["account", "unknown_account"],
  ["channel", "unknown_channel"],
  ["hash", "unknown_lock"],
  ["token", "unknown_asset"],
];

/**
 * Where the process answers that can serve what was refused here as `not_leader`; or, if none can, what it is to be refused
 * as: `not_leader` still, while nobody leads the system, or that there is no such thing.
 * @throws store_failed
 */
export async function leaderFor(
  error: StarledgerError,
  services: Services,
  store: Store,
): Promise<{ readonly url: string } | StarledgerError> {
  const subject = error.details as Subject;
  const systems = await systemsOf(subject, store);
  if (systems.length === 0) {
    const [, code] = MISSING.find(([name]) => subject[name] !== undefined) ?? [];
    return code === undefined ? error : new StarledgerError(code, error.details);
  }
  const leaderships = await store.candidates.leaderships();
  const others = leaderships.filter(({ system }) => systems.includes(system) && services.find(system) === undefined);
  const url = others.find((one) => one.url !== null)?.url;
  return url ? { url } : error;
}

async function systemsOf(subject: Subject, { whereabouts }: Store): Promise<readonly Address[]> {
  const { system, account, channel, hash, token } = subject;
  if (token !== undefined) return await whereabouts.listing(token);
  const found =
    system ??
    (account && (await whereabouts.ofAccount(account))) ??
    (channel && (await whereabouts.ofChannel(channel))) ??
    (hash && (await whereabouts.ofHash(hash)));
  return found === undefined ? [] : [found];
}
