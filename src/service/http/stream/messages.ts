import type { RawData } from "ws";

import { fail } from "../../../errors";
import { clientMessage, type ClientMessage } from "../../../wire";
import { refusalOf } from "../../../http";

/**
 * What a client sent, as text and as JSON.
 * @throws invalid_request
 */
export function contentOf(data: RawData, isBinary: boolean): { readonly text: string; readonly content: unknown } {
  try {
    // Browsers and servers alike hand over text as it came, in one piece.
    const text = (data as Buffer).toString();
    if (!isBinary) return { text, content: JSON.parse(text) as unknown };
  } catch {
    // As below.
  }
  return fail("invalid_request", { field: "message", reason: "not JSON as text" });
}

/** The mark that the client put on it. */
export function idOf(content: unknown): string | null {
  const { id } = (content ?? {}) as { id?: unknown };
  return typeof id === "string" && id.length <= 64 ? id : null;
}

/** @throws invalid_request, and the codes of what is malformed */
export function parsed(content: unknown): ClientMessage {
  const { data, error } = clientMessage.safeParse(content);
  if (data !== undefined) return data;
  const { path, message } = error.issues[0]!;
  throw refusalOf(path.length === 0 ? "message" : path.join("/"), message);
}
