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

/** One line of JSON; numbers of the protocol are decimal text. */
export function toJsonLine(data: unknown): string {
  return JSON.stringify(data, (_, value: unknown) => (typeof value === "bigint" ? `${value}` : value));
}
