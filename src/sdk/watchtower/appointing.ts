import { fail, StarledgerError } from "../../errors";
import { channelId, type ChannelId, type Domain, type SignedAppointment } from "../../protocol";
import type { Signer } from "../signers";
import type { ChannelPapers } from "./papers";
import type { TowerApi, TowerReport, TowerTerms } from "./towerApi";

/** Seconds that an appointment is signed for, and that it must have left. */
const APPOINTED = 365n * 86_400n;
const LEAST_LEFT = 180n * 86_400n;

/** Who appoints a tower, on which terms. */
export interface Appointing {
  readonly api: TowerApi;
  readonly domain: Domain;
  readonly account: Signer;
  /** Of a forfeit, in hundredths of a per cent: what the tower may ask for at most. */
  readonly maxShareBps: number;
  /** Unix seconds. */
  readonly now: () => bigint;
}

/**
 * A new appointment where the tower asks for a share, and has none that is good for long (section 5).
 * @param known what the tower said last that it has of the channel
 * @throws bad_appointment if it asks for more than it may; unknown_channel if it does not watch the hub; unreachable,
 * signature_refused
 */
export async function appointmentFor(
  { api, domain, account, maxShareBps, now }: Appointing,
  { key }: ChannelPapers,
  known: TowerReport | undefined,
): Promise<SignedAppointment | undefined> {
  const terms = await api.terms();
  const tower = addressOn(terms, domain);
  const { leastShareBps: shareBps } = terms;
  if (shareBps === 0) return undefined;
  if (shareBps > maxShareBps) fail("bad_appointment", { tower, leastShare: shareBps, maxShare: maxShareBps });
  const id = channelId(key);
  const { until } = known ?? (await reportOf(api, domain, id)) ?? { until: null };
  if (until !== null && until > now() + LEAST_LEFT) return undefined;
  const appointment = { channelId: id, party: account.address, tower, shareBps, until: now() + APPOINTED };
  return { appointment, signature: await account.sign({ type: "Appointment", value: appointment }, domain) };
}

function addressOn({ chains }: TowerTerms, { chainId, hub }: Domain) {
  const chain = chains.find((one) => one.chainId === chainId && one.hubs.includes(hub));
  return chain?.tower ?? fail("unknown_channel", { chainId, hub, reason: "this hub is not watched" });
}

async function reportOf(api: TowerApi, domain: Domain, id: ChannelId): Promise<TowerReport | undefined> {
  try {
    return await api.report(domain, id);
  } catch (error) {
    if (error instanceof StarledgerError && error.code === "unknown_channel") return undefined;
    throw error;
  }
}
