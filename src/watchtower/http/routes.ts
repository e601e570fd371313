import { z } from "zod";

import type { App } from "../../http";
import { toHash } from "../../protocol";
import * as wire from "../../wire";
import type { Handover } from "../appointed";
import type { TowerMetrics } from "../metrics";
import type { Report, Tower } from "../tower";
import { callerOf } from "./admission";

const place = z.object({ chainId: wire.unsigned, hub: wire.address, channelId: wire.channelId });
const PLACE = "/v1/chains/:chainId/hubs/:hub/channels/:channelId";

/** What the routes are made of. */
export interface TowerApi {
  readonly app: App;
  readonly tower: Tower;
  readonly metrics: TowerMetrics;
  /** Where the tower is reached. */
  readonly url: () => string;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/** What users hand over, and what they hear of it. */
export function appointmentRoutes({ app, tower, metrics, url, now }: TowerApi): void {
  app.put(
    PLACE,
    {
      schema: {
        summary: "Hand over what the tower is to show for a channel",
        description: "What is newer replaces what is older, never the reverse: the answer says what the tower has now.",
        params: place,
        body: wire.handover,
        response: { 200: wire.appointed },
      },
    },
    async (request) => {
      const caller = callerOf(request, url(), now());
      const { chainId, hub, channelId } = request.params;
      const { key, state, note, preimages, appointment } = request.body;
      const handover: Handover = {
        key,
        completed: state ?? undefined,
        held: note ?? undefined,
        preimages,
        appointment: appointment ?? undefined,
      };
      const report = await tower.take({ chainId, hub }, channelId, handover, caller);
      metrics.taken();
      return shown(report);
    },
  );

  app.get(
    PLACE,
    {
      schema: { summary: "What the tower has of a channel, and did", params: place, response: { 200: wire.appointed } },
    },
    async (request) => {
      const { channelId, ...domain } = request.params;
      return shown(await tower.report(domain, channelId, callerOf(request, url(), now())));
    },
  );

  app.get(
    "/v1/appointments",
    { schema: { summary: "What the tower has of the caller's channels", response: { 200: wire.allAppointed } } },
    async (request) => {
      const reports = await tower.reports(callerOf(request, url(), now()));
      return { appointments: reports.map(shown) };
    },
  );

  app.get(
    "/v1/terms",
    { schema: { summary: "What it watches, for what", response: { 200: wire.towerTerms } } },
    () => ({
      chains: tower.chains.map(({ chainId, hubs, address, systems }) => ({
        chainId,
        hubs: hubs.map(({ domain }) => domain.hub),
        tower: address,
        systems: systems ?? null,
      })),
      leastShareBps: tower.leastShare,
      channels: tower.quota,
    }),
  );
}

/** For whoever runs the tower. */
export function operationRoutes({ app, tower, metrics }: TowerApi): void {
  app.get("/healthz", { schema: { summary: "Whether the process lives", response: { 200: wire.status } } }, () => ({
    status: "ok" as const,
  }));

  app.get(
    "/readyz",
    {
      schema: {
        summary: "Whether it sees its chains, its keys sign, and its database answers",
        response: { 200: wire.status },
      },
    },
    async () => {
      await tower.requireReady();
      return { status: "ok" as const };
    },
  );

  app.get(
    "/metrics",
    {
      schema: {
        summary: "What it counts and measures, in Prometheus's text format",
        produces: ["text/plain"],
        response: { 200: z.string() },
      },
    },
    async (_, reply) => {
      void reply.type(metrics.registry.contentType);
      return await metrics.registry.metrics();
    },
  );
}

/** What a tower tells of a channel, as its API does. */
export function shown({ domain, appointed, close, answers }: Report): z.output<typeof wire.appointed> {
  const { id, key, completed, held, preimages, appointment, received, outcome } = appointed;
  return {
    ...domain,
    channelId: id,
    key,
    version: completed?.state.version ?? 0n,
    seq: held?.note.seq ?? 0n,
    preimages: preimages.length,
    until: appointment?.appointment.until ?? null,
    received: new Date(Number(received)).toISOString(),
    outcome: outcome ?? null,
    close:
      close === undefined
        ? null
        : {
            bySystem: close.judged.bySystem,
            humble: close.judged.humble,
            version: close.judged.version,
            seq: close.judged.seq,
            challengeEnd: close.judged.challengeEnd,
            transaction: toHash(close.transaction),
          },
    answers,
  };
}
