import type { AdministrationApi } from "../../../../src/sdk/administration";

type Query = Omit<Parameters<AdministrationApi["events"]>[0], "order" | "before" | "after" | "limit">;

export type Happened = Awaited<ReturnType<AdministrationApi["events"]>>["data"][number];

/** Events of a page. */
export const PAGE = 25;

/** What happened last, newest first; before an event's number, if one is given. */
export async function newestEvents(admin: AdministrationApi, query: Query, before?: bigint) {
  const range = before === undefined ? {} : { before: String(before) };
  return await admin.events({ ...query, ...range, order: "descending", limit: String(PAGE) });
}
