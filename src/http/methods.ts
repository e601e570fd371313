import type { FastifyInstance } from "fastify";

import { StarledgerError } from "../errors";
import type { App } from "./app";

/** Refuses what no route is for, and, at a path that there is, methods that it does not have; to be called before routes are added. */
export function refuseUnknown(app: App): void {
  const methods = new Methods(app);
  app.setNotFoundHandler(({ method, url }, reply) => {
    const allowed = methods.at(url.split("?")[0]!).join(", ");
    if (allowed === "") throw new StarledgerError("unknown_route", { method, url });
    void reply.header("allow", allowed);
    throw new StarledgerError("method_not_allowed", { method, url, allowed });
  });
}

/** The methods that paths have. */
class Methods {
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
