import { isDeepStrictEqual } from "node:util";

import { StarledgerError } from "../../src/errors";

/** What reads messages that anybody may have written. */
export interface Decoder {
  readonly name: string;
  /** Real messages. */
  readonly samples: readonly Buffer[];
  /** Of messages that a checksum or a cipher is around. */
  readonly sealed?: Sealed;
  /**
   * Reads a message; what it has read it writes again, and reads that.
   * @returns what was read first, and then
   */
  readonly decode: (bytes: Buffer) => Promise<readonly [unknown, unknown]> | readonly [unknown, unknown];
}

/** What a checksum or a cipher is around, and what puts it there: so that mistakes get to whatever reads behind it. */
export interface Sealed {
  /** Of real messages. */
  readonly contents: readonly Buffer[];
  readonly seal: (content: Buffer) => Buffer;
}

/** A decoder that reads by `read`, and can be checked by what `write` makes of it. */
export function decoder<T>(
  name: string,
  samples: readonly (string | Uint8Array)[],
  read: (bytes: Buffer) => T | Promise<T>,
  write: (value: T) => string | Uint8Array,
): Decoder {
  const decode = async (bytes: Buffer): Promise<readonly [unknown, unknown]> => {
    const value = await read(bytes);
    return [value, await read(Buffer.from(write(value) as string))];
  };
  return { name, samples: samples.map((one) => Buffer.from(one as string)), decode };
}

/** How a decoder took a message. */
export type Taken = "valid" | "refused";

/** Milliseconds of the processor, however busy it is, that a decoder may take for one message. */
const LONGEST = 5_000;

/** @throws Error if it did neither give a value that reads the same again nor refuse with an error of the project */
export async function take({ name, decode }: Decoder, bytes: Buffer): Promise<Taken> {
  const began = process.cpuUsage();
  const told = (wrong: string, cause?: unknown) =>
    new Error(`${name}: ${wrong}, of ${bytes.toString("base64")}`, { cause });
  const read = await Promise.resolve()
    .then(() => decode(bytes))
    .catch((error: unknown) => {
      if (!(error instanceof StarledgerError)) throw told("no error of the project", error);
      return null;
    });
  if (read !== null && !isDeepStrictEqual(...read)) throw told("reads as another when it is written again");
  const { user, system } = process.cpuUsage(began);
  if ((user + system) / 1_000 > LONGEST) throw told("takes too long");
  if (Object.keys(Object.prototype).length > 0) throw told("changes the prototype of all objects");
  return read === null ? "refused" : "valid";
}
