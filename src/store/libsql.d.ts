declare module "libsql/promise" {
  /** The driver's other face, which works in threads of its own, on connections of the first one too. */
  export default class AsyncDatabase {
    exec(this: object, sql: string): Promise<void>;
  }
}
