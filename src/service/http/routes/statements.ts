import { z } from "zod";

import * as wire from "../../../wire";
import { accountStatement, assetStatement } from "../../statements";
import type { Api } from "../api";
import type { Concern } from "../auth";
import { CSV_TYPE, toCsv } from "../csv";
import { serviceFor } from "../records";

const DAY = 86_400_000;

const ofAccount = z.strictObject({ address: wire.address });
const ofAsset = z.strictObject({ token: wire.address });

const STATEMENT_TYPES = ["application/json", "text/csv"];
const LINES = ["number", "time", "type", "counterparty", "reference", "debit", "credit", "balance"];
const FLOWS = [
  "opening",
  "issued",
  "deposited",
  "redeemed",
  "withdrawn",
  "settled",
  "fees",
  "restored",
  "closing",
  "limit",
];

/** What was, what happened, and what is then: for an account, and for an asset. */
export function statementRoutes({ app, services }: Api): void {
  app.get(
    "/v1/accounts/:address/statements",
    {
      config: {
        access: "statements:read",
        concerns: ({ params, query }): Concern => {
          const { address } = params as z.output<typeof ofAccount>;
          return { accounts: [address], tokens: [(query as z.output<typeof wire.statementQuery>).token] };
        },
      },
      schema: {
        summary: "An account's statement, as JSON or CSV",
        params: ofAccount,
        produces: STATEMENT_TYPES,
        querystring: wire.statementQuery,
        response: { 200: wire.statement },
      },
    },
    async ({ params: { address: account }, query }, reply) => {
      const { token, from, to, format } = query;
      const service = services.of(account);
      const { decimals } = service.asset(token);
      const made = { account, token, decimals, from, to, ...(await accountStatement(service, account, token, query)) };
      if (format === "json") return made;
      const { opening, closing, lines, ...period } = z.encode(wire.statement, made);
      const first = { time: period.from, type: "opening", balance: opening };
      const last = { time: period.to, type: "closing", balance: closing };
      return reply
        .type(CSV_TYPE)
        .serializer(String)
        .send(toCsv(LINES, [first, ...lines, last]) as never);
    },
  );

  app.get(
    "/v1/statements/:token",
    {
      config: { access: "statements:read" },
      schema: {
        summary: "What an asset's customers had, and what came and went, on one day in UTC, as JSON or CSV",
        params: ofAsset,
        produces: STATEMENT_TYPES,
        querystring: wire.dailyQuery,
        response: { 200: wire.dailyStatement },
      },
    },
    async ({ params: { token }, query }, reply) => {
      const service = serviceFor(services, query);
      const { date, format } = query;
      const { system } = service.identity;
      const { decimals } = service.asset(token);
      const sums = await assetStatement(service, token, { from: date, to: date + DAY });
      const made = { system, token, decimals, date, ...sums };
      if (format === "json") return made;
      const row = z.encode(wire.dailyStatement, made);
      const columns = ["system", "token", "decimals", "date", ...FLOWS];
      return reply
        .type(CSV_TYPE)
        .serializer(String)
        .send(toCsv(columns, [row]) as never);
    },
  );
}
