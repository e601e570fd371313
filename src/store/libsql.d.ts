declare module "libsql/promise" {
  interface AsyncStatement {
    all(values: unknown[]): Promise<unknown[]>;
  }

  /** The driver's other face, which works in threads of its own, on connections of the first one too. */
  export default class AsyncDatabase {
    exec(this: object, sql: string): Promise<void>;
    prepare(this: object, sql: string): Promise<AsyncStatement>;
  }
}
