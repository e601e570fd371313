import { useCallback, useState } from "react";

import type { Page } from "../../../../src/sdk/administration";
import { useAsked, type Asked } from "../../data/useAsked";

/** A list, one page of it at a time. */
export interface Pages<Item> extends Asked<Page<Item>> {
  readonly show: (cursor: string | undefined) => void;
}

/**
 * @param ask to be the same function as long as it asks for the same list
 * @param interval milliseconds until it is asked again; never unless given
 */
export function usePages<Item>(
  ask: (query: { readonly cursor?: string }) => Promise<Page<Item>>,
  interval = 0,
): Pages<Item> {
  const [cursor, show] = useState<string>();
  const askPage = useCallback(() => ask(cursor === undefined ? {} : { cursor }), [ask, cursor]);
  return { ...useAsked(askPage, interval), show };
}
