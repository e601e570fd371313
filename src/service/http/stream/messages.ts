import type { RawData } from "ws";
import { z } from "zod";

import { fail } from "../../../errors";
import { refusalOf } from "../../../http";
import { clientMessage, type ClientMessage } from "../../../wire";
import { decodeSubmission } from "../../../wire/binary";
import { readSubmission } from "../../../wire/submission";

/** What a client has said. */
export interface Said {
  /** The mark that the client put on it. */
  readonly id: string | null;
  /** It is answered as it came. */
  readonly isBinary: boolean;
  /** @throws invalid_request, and the codes of what is malformed */
  readonly message: () => ClientMessage;
  /** In JSON. */
  readonly text: () => string;
}

/**
 * What a client sent: JSON as text, or a submission in bytes.
 * @throws invalid_request
 */
export function saidIn(data: RawData, isBinary: boolean): Said {
  // Browsers and servers alike hand over what came in one piece.
  if (isBinary) return inBytes(decodeSubmission(data as Buffer));
  const text = (data as Buffer).toString();
  const content = contentOf(text);
  return { id: idOf(content), isBinary, message: () => parsed(content), text: () => text };
}

function inBytes(submission: ClientMessage): Said {
  return {
    id: submission.id,
    isBinary: true,
    message: () => submission,
    text: () => JSON.stringify(z.encode(clientMessage, submission)),
  };
}

/** @throws invalid_request */
export function contentOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return fail("invalid_request", { field: "message", reason: "not JSON" });
  }
}

function idOf(content: unknown): string | null {
  const { id } = (content ?? {}) as { id?: unknown };
  return typeof id === "string" && id.length <= 64 ? id : null;
}

function parsed(content: unknown): ClientMessage {
  const submission = readSubmission(content);
  if (submission !== undefined) return submission;
  const { data, error } = clientMessage.safeParse(content);
  if (data !== undefined) return data;
  const { path, message } = error.issues[0]!;
  throw refusalOf(path.length === 0 ? "message" : path.join("/"), message);
}
