import type { App } from "./app";

/** Milliseconds. */
const LOOK_EVERY = 20;

/** Lets a closing server answer what is under way, then drops whoever is only connected: they would hold it open. */
export function drainOnClose(app: App): void {
  let underWay = 0;
  app.addHook("onRequest", (_request, _reply, done) => {
    underWay += 1;
    done();
  });
  app.addHook("onResponse", (_request, _reply, done) => {
    underWay -= 1;
    done();
  });
  app.addHook("preClose", (done) => {
    const timer = setInterval(() => {
      if (underWay === 0) app.server.closeAllConnections();
    }, LOOK_EVERY);
    app.server.once("close", () => clearInterval(timer));
    done();
  });
}
