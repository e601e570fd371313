import { fail } from "../../errors";

/** What a caller asks of a list. */
export interface PageQuery {
  readonly pageSize: number;
  readonly cursor?: string | undefined;
}

export interface Page<Item> {
  readonly data: readonly Item[];
  readonly pageSize: number;
  readonly hasMore: boolean;
  readonly next: string | null;
  readonly previous: string | null;
}

/** Which items of a list: the nearest `limit` ones beyond `key`, going on or going back; from its start without one. */
export interface Range {
  readonly key: string | null;
  readonly direction: "on" | "back";
  readonly limit: number;
}

/**
 * One page of a list whose items have keys. A cursor names the item at the edge of a page and a direction, so that what
 * comes in meanwhile moves no page.
 * @param read gives the items of a range, nearest first
 * @throws invalid_request for a cursor that no page gave
 */
export async function readPage<Item>(
  { pageSize, cursor }: PageQuery,
  keyOf: (item: Item) => string,
  read: (range: Range) => Promise<readonly Item[]> | readonly Item[],
): Promise<Page<Item>> {
  const place = cursor === undefined ? { key: null, direction: "on" as const } : decode(cursor);
  const found = await read({ ...place, limit: pageSize + 1 });
  const data = found.slice(0, pageSize);
  const isBack = place.direction === "back";
  if (isBack) data.reverse();
  const [first, last] = [data[0], data.at(-1)];
  const goesOn = isBack || found.length > pageSize;
  const goesBack = isBack ? found.length > pageSize : place.key !== null;
  const next = last !== undefined && goesOn ? encode("on", keyOf(last)) : null;
  const previous = first !== undefined && goesBack ? encode("back", keyOf(first)) : null;
  return { data, pageSize, hasMore: next !== null, next, previous };
}

/** The range of a list in memory, in its order. */
export function within<Item>(items: readonly Item[], keyOf: (item: Item) => string) {
  return ({ key, direction, limit }: Range): readonly Item[] => {
    const at = key === null ? -1 : items.findIndex((item) => keyOf(item) === key);
    if (direction === "on") return items.slice(at + 1, at + 1 + limit);
    return items.slice(Math.max(0, at - limit), Math.max(0, at)).reverse();
  };
}

function encode(direction: Range["direction"], key: string): string {
  return Buffer.from(`${direction} ${key}`).toString("base64url");
}

function decode(cursor: string): Pick<Range, "direction"> & { key: string } {
  const [, direction, key] = /^(on|back) ([0-9a-z]{1,96})$/.exec(Buffer.from(cursor, "base64url").toString()) ?? [];
  return key === undefined ? refuseCursor() : { direction: direction as Range["direction"], key };
}

/** @throws invalid_request always: for a cursor that no page gave */
export function refuseCursor(): never {
  return fail("invalid_request", { field: "querystring/cursor", reason: "not of a page" });
}
