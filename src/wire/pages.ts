import * as z from "zod";

import { list } from "./values";

const PAGE_SIZE = { most: 200, unlessSaid: 50 };

/** What every list can be asked. */
export const pageQuery = {
  pageSize: count(PAGE_SIZE.most, PAGE_SIZE.unlessSaid),
  cursor: z
    .string()
    .max(200)
    .optional()
    .meta({ description: "`next` or `previous` of another page, asked for in the same words." }),
};

/** A page of a list. */
export function page<T extends z.ZodType>(item: T) {
  return z.object({
    data: list(item),
    pageSize: z.int(),
    hasMore: z.boolean().meta({ description: "Whether there is a next page." }),
    next: z.string().nullable().meta({ description: "The cursor of the next page; null on the last." }),
    previous: z.string().nullable().meta({ description: "The cursor of the page before; null on the first." }),
  });
}

/** A whole number from 1 to `most` in a query. */
export function count(most: number, unlessSaid: number) {
  const text = z.string().regex(/^[1-9][0-9]{0,4}$/, { error: "out_of_range", abort: true });
  const number = z.int().min(1).max(most, { error: "out_of_range" });
  return z
    .codec(text, number, { decode: Number, encode: String })
    .prefault(String(unlessSaid))
    .meta({ description: `From 1 to ${most}; ${unlessSaid} unless said.` });
}
