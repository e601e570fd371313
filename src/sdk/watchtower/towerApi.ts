import { Buffer } from "buffer";
import * as z from "zod";

import { channelId, textDigest, type ChannelId, type Domain, type SignedAppointment } from "../../protocol";
import { appointed, encodeTowerPass, handover, towerPassMessage, towerTerms } from "../../wire";
import { httpCalls, type HttpCalls } from "../httpCalls";
import { signedIn, UserSession, type SignInOptions } from "../signedIn";
import type { ChannelPapers } from "./papers";

/** Milliseconds. */
const TIMEOUT = 10_000;

/** What a watchtower wants, and where it watches. */
export type TowerTerms = z.output<typeof towerTerms>;

/** What a watchtower says that it has of a channel, and did. */
export type TowerReport = z.output<typeof appointed>;

/** How a watchtower is reached, and as whom. */
export interface TowerApiOptions extends SignInOptions {
  /** Milliseconds until a call counts as unanswered; 10,000 by default. */
  readonly timeout?: number;
}

/** A watchtower over HTTP. */
export interface TowerApi {
  readonly url: string;
  /** @throws unreachable */
  terms(): Promise<TowerTerms>;
  /**
   * Hands over what is newer than what the tower has.
   * @returns what it has now
   * @throws unreachable, bad_appointment, quota_exceeded, too_late, and what else the tower refuses with
   */
  handOver(domain: Domain, papers: ChannelPapers, appointment?: SignedAppointment): Promise<TowerReport>;
  /** @throws unreachable, unknown_channel if it has nothing of the channel */
  report(domain: Domain, channel: ChannelId): Promise<TowerReport>;
}

/**
 * A watchtower as users reach it. Every call carries a pass that the account has signed for this tower, anew when the tower
 * does not take the last one any more.
 * @param url where the tower is reached: `https://host:port`
 */
export function towerApi(url: string, { timeout = TIMEOUT, ...user }: TowerApiOptions): TowerApi {
  const calls = httpCalls(url, timeout);
  const own = signedIn(calls, new UserSession(() => passOf(url, user)));
  return {
    url,
    terms: () => termsOf(calls),
    handOver: (domain, { key, completed, held, preimages }, signed) => {
      const papers = { key, state: completed ?? null, note: held ?? null, preimages: [...preimages] };
      const body = z.encode(handover, { ...papers, appointment: signed ?? null });
      return own({ path: pathOf(domain, channelId(key)), method: "PUT", answer: appointed, body });
    },
    report: (domain, channel) => own({ path: pathOf(domain, channel), answer: appointed }),
  };
}

/**
 * What a watchtower wants of whoever hands over to it, and where it watches.
 * @throws unreachable
 */
export function termsOfTower(url: string): Promise<TowerTerms> {
  return termsOf(httpCalls(url, TIMEOUT));
}

function termsOf(calls: HttpCalls): Promise<TowerTerms> {
  return calls({ path: "/v1/terms", answer: towerTerms });
}

function pathOf({ chainId, hub }: Domain, channel: ChannelId): string {
  return `/v1/chains/${chainId}/hubs/${hub}/channels/${channel}`;
}

async function passOf(url: string, { account, chainId, sign }: SignInOptions): Promise<string> {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("hex");
  const fields = { account, chainId, nonce, issuedAt: new Date().toISOString() };
  const message = towerPassMessage(url, fields);
  return encodeTowerPass({ ...fields, signature: await sign(textDigest(message), message) });
}
