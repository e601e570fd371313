import { z } from "zod";

import { EXIT, type ExitCode } from "./exitCodes";

/** What a command came to: for programs and for people. */
export interface Shown {
  readonly data: unknown;
  readonly text: string;
  readonly code: ExitCode;
}

export function shown<T>(data: T, view: (data: T) => string, code: ExitCode = EXIT.done): Shown {
  return { data, text: view(data), code };
}

/** The same, for programs as it is on the wire: names and identifiers are text there. */
export function shownAs<T extends z.ZodType>(schema: T, data: z.output<T>, view: (data: z.output<T>) => string): Shown {
  return { data: z.encode(schema, data), text: view(data), code: EXIT.done };
}

/** One line of JSON; numbers of the protocol are decimal text. */
export function toJsonLine(data: unknown): string {
  return JSON.stringify(data, (_, value: unknown) => (typeof value === "bigint" ? `${value}` : value));
}
