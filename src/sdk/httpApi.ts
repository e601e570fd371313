import * as z from "zod";

import { keccakText, toJson, type Address, type ChannelId } from "../protocol";
import {
  account,
  accountOpening,
  channel,
  closingReceipt,
  closingRequest,
  liabilityProof,
  outset,
  publications,
  receipt,
  resynchronisationRequest,
  resynchronised,
  revelation,
  revelationReceipt,
  route,
  routeOrder,
  sent,
  sentRoute,
  shownPosition,
  stateReceipt,
  stateSubmission,
  systems,
  withdrawalReceipt,
  withdrawalRequest,
} from "../wire";
import type { ServiceApi, ShownChannel, ShownPosition } from "./api";
import { httpCalls } from "./httpCalls";
import { nameLookup, type NamedAccount } from "./names";
import { signedIn, signIn, UserSession, type SignInOptions } from "./signedIn";
import { streamApi, type StreamApi } from "./stream";
import { openSocket } from "./stream/socket";
import type { LiabilityProof } from "./liabilities";
import type { AccountName } from "./store";
import type { StateReceipt } from "./verifyReceipt";

/** How a service is reached over HTTP, and as whom: what is a user's own, only that user may read. */
export interface HttpApiOptions extends SignInOptions {
  /** Milliseconds until a call counts as unanswered; 30,000 by default. */
  readonly timeout?: number;
  /** A key with the right to open accounts, where the client is to open its own. */
  readonly apiKey?: string;
}

/** A system as a service says that it is; where it is wrong, no signature fits. */
export type AdvertisedSystem = z.output<typeof systems>["systems"][number];

/** What a service says that a system published, newest first; nothing of it is believed unchecked. */
export type Publications = z.output<typeof publications>;

/** A service over HTTP. */
export interface HttpApi extends ServiceApi {
  /** The systems that the service serves. */
  systems(): Promise<readonly AdvertisedSystem[]>;
  /**
   * A complete state of the user's with its operations, to be checked by {@link verifyReceipt}.
   * @throws unknown_channel, unknown_record
   */
  receipt(channelId: ChannelId, version: bigint): Promise<StateReceipt>;
  /**
   * What the host of a name says that it stands for.
   * @throws bad_alias, unknown_alias
   */
  named(name: AccountName): Promise<NamedAccount>;
  /**
   * The newest publication of a token, or the newest before a period.
   * @throws unknown_system, unknown_asset
   */
  publications(system: Address, token: Address, before?: bigint): Promise<Publications>;
  /**
   * What proves that the user's own channel is in what was published, to be checked by {@link verifyLiability}.
   * @param period the last that is final unless given
   * @throws unknown_publication, not_in_publication
   */
  liability(token: Address, period?: bigint): Promise<LiabilityProof>;
  /** Opens a self-custody account with a channel per token. */
  openAccount(address: Address, tokens: readonly Address[]): Promise<void>;
  /** Says when there is something new of the user's own channel; missing where there is no WebSocket. */
  readonly news?: StreamApi["news"];
}

/**
 * A service as wallets reach it over HTTP. What comes back is read, not believed: the wallet checks it. Whatever is not
 * an answer of the service is `unreachable`, so that a signed state whose fate is unknown is sent again, never dropped.
 * @param url without the path of a call: `https://host:port`
 */
export function httpApi(url: string, { timeout = 30_000, apiKey, ...user }: HttpApiOptions): HttpApi {
  const calls = httpCalls(url, timeout);
  const session = new UserSession(() => signIn(calls, url, user));
  const own = signedIn(calls, session);
  const token = (isRefused: boolean) => (isRefused ? session.after() : session.current());
  const channelOf: ServiceApi["channel"] = async (id) =>
    shown(await own({ path: `/v1/channels/${id}`, answer: channel }));

  return {
    submitState: async (request) => {
      const { signature: idempotencyKey, proposal } = request;
      const path = `/v1/channels/${proposal.channelId}/states`;
      const body = z.encode(stateSubmission, request);
      return (await calls({ path, answer: stateReceipt, idempotencyKey, body })).systemSignature;
    },
    withdraw: async (request) => {
      const { signature, payment: paidBy } = request;
      // What is paid anew, or is paid for already, is another request.
      const idempotencyKey = paidBy === undefined ? signature : keccakText(signature + paidBy.signature);
      const body = z.encode(withdrawalRequest, { custody: "self", ...request });
      const path = "/v1/withdrawals";
      const { systemSignature, payment } = await calls({ path, answer: withdrawalReceipt, idempotencyKey, body });
      return { systemSignature, payment: payment?.systemSignature };
    },
    closeCooperatively: async (request) => {
      const { signature: idempotencyKey } = request;
      const body = z.encode(closingRequest, { custody: "self", ...request });
      const path = `/v1/channels/${request.closing.channelId}/closings`;
      return (await calls({ path, answer: closingReceipt, idempotencyKey, body })).systemSignature;
    },
    channel: channelOf,
    latestNote: async (id) => (await channelOf(id)).note,
    reveal: async (preimage) => {
      const body = z.encode(revelation, { preimage });
      await calls({ path: "/v1/preimages", answer: revelationReceipt, idempotencyKey: preimage, body });
    },
    lockOutcomes: async (id) => (await own({ path: `/v1/channels/${id}`, answer: channel })).outcomes,
    routes: {
      find: async (id, order) => {
        const body = z.encode(routeOrder, order);
        const idempotencyKey = keccakText(toJson(body));
        return await own({ path: `/v1/channels/${id}/routes`, answer: route, idempotencyKey, body });
      },
      send: async (id, order, found) => {
        const body = z.encode(sentRoute, { order, route: found });
        const idempotencyKey = found.signature;
        await calls({ path: `/v1/channels/${id}/forwards`, answer: sent, idempotencyKey, body });
      },
    },
    resynchronisation: {
      outset: async (id, shown) => {
        const body = z.encode(shownPosition, positionOf(shown));
        const idempotencyKey = keccakText(toJson(body));
        return await own({ path: `/v1/channels/${id}/outsets`, answer: outset, idempotencyKey, body });
      },
      complete: async ({ shown, time, proposal, signature: idempotencyKey }) => {
        const body = z.encode(resynchronisationRequest, {
          shown: positionOf(shown),
          time,
          proposal,
          signature: idempotencyKey,
        });
        const path = `/v1/channels/${proposal.channelId}/resynchronisations`;
        return (await calls({ path, answer: resynchronised, idempotencyKey, body })).systemSignature;
      },
    },
    systems: async () => (await calls({ path: "/v1/systems", answer: systems })).systems,
    receipt: (id, version) => own({ path: `/v1/channels/${id}/states/${version}`, answer: receipt }),
    named: nameLookup(url, timeout),
    publications: (system, token, before) => {
      const query = { system, token, limit: "1", ...(before !== undefined && { before: `${before}` }) };
      return calls({ path: `/v1/proofs?${new URLSearchParams(query).toString()}`, answer: publications });
    },
    liability: (ofToken, period) => {
      const query = new URLSearchParams({ token: ofToken, ...(period !== undefined && { period: `${period}` }) });
      return own({ path: `/v1/proofs/${user.account}?${query.toString()}`, answer: liabilityProof });
    },
    openAccount: async (address, tokens) => {
      const body = z.encode(accountOpening, { custody: "self", address, tokens });
      const call = { path: "/v1/accounts", answer: account, idempotencyKey: keccakText(toJson(body)), body };
      await (apiKey === undefined ? own(call) : calls({ ...call, token: apiKey }));
    },
    ...(openSocket !== undefined && { news: streamApi(url, { token }).news }),
  };
}

function positionOf({ state, note }: ShownPosition) {
  return { state: state ?? null, note: note ?? null };
}

function shown({ state, outgoing, note, withdrawal, fees, lostUntil }: z.output<typeof channel>): ShownChannel {
  return {
    state: state ?? undefined,
    outgoing,
    note: note ?? undefined,
    withdrawal: withdrawal ? { ...withdrawal, signature: withdrawal.userSignature } : undefined,
    fees,
    isLost: lostUntil !== null,
  };
}
