import path from "node:path";

/** What Node.js needs to run modules, named without extension, as it runs this one: from source, or built. */
export const LOADER: readonly string[] = path.extname(__filename) === ".ts" ? ["--import", "tsx"] : [];
