/** One step of the schema, forward only, in each database's words. */
export interface Migration {
  readonly sqlite: string;
  readonly postgres: string;
}
