/** What databases say differently. */
export interface Dialect {
  /** Unix milliseconds by the database's clock. */
  readonly now: string;
  /** The sum of the column `amount`, as text: decimal digits, or groups of ten of them with commas between. */
  readonly sum: string;
  /** The bytes of a column as lowercase hexadecimal. */
  readonly hex: (column: string) => string;
  /** Whether a column of states or notes has this channel's id, as their index has it. */
  readonly ofChannel: (column: string, id: string) => string;
  /** The name of the function that makes a JSON array of its arguments. */
  readonly array: string;
  /** The name of the type of bytes. */
  readonly bytes: string;
}
