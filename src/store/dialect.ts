/** What is signed of each channel again and again. */
export type Messages = "states" | "notes";

/** What databases say differently. */
export interface Dialect {
  /** Unix milliseconds by the database's clock. */
  readonly now: string;
  /** The sum of the column `amount`, as text: decimal digits, or groups of ten of them with commas between. */
  readonly sum: string;
  /** The bytes of a column as lowercase hexadecimal. */
  readonly hex: (column: string) => string;
  /** Where a channel's states and notes are found by its id and their numbers. */
  readonly ofChannel: Readonly<Record<Messages, string>>;
  /** Whether a row of states, or notes, is the latest of the channel with this id. */
  readonly isLatest: (messages: Messages, row: string, channel: string) => string;
  /** The name of the function that makes a JSON array of its arguments. */
  readonly array: string;
  /** The name of the type of bytes. */
  readonly bytes: string;
}
