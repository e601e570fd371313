import type { FastifyInstance } from "fastify";

/** The methods that paths have, for calls that use another: to be made before the routes are. */
export class Methods {
  private readonly paths = new Map<string, Set<string>>();

  constructor(app: Pick<FastifyInstance, "addHook">) {
    app.addHook("onRoute", ({ url, method }) => {
      const methods = this.paths.get(url) ?? new Set();
      for (const one of [method].flat()) methods.add(one);
      this.paths.set(url, methods);
    });
  }

  /** Those that there are at a path, or none. */
  at(path: string): string[] {
    const parts = path.split("/");
    const found = [...this.paths].filter(([pattern]) => matches(pattern.split("/"), parts));
    return [...new Set(found.flatMap(([, methods]) => [...methods]))].sort();
  }
}

function matches(pattern: readonly string[], parts: readonly string[]): boolean {
  if (pattern.length !== parts.length) return false;
  return pattern.every((one, i) => (one.startsWith(":") ? parts[i] !== "" : one === parts[i]));
}
