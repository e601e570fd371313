import type { Scope } from "./scope";

// Keeps the wallet in the browser: who leaves without the operator needs its pages when the service does not answer. All else
// that the way out needs is in the browser's own records and on the chain.

/** The wallet's files, all of them, as the build fills them in; each has its content's hash in its name. */
declare const FILES: readonly string[];

declare const self: Scope;

const CACHE = "starledger-wallet";
const PAGE = "/wallet";
/** What the service says of itself, which a wallet begins with. */
const ANSWERS: readonly string[] = ["/v1/systems", "/v1/assets", "/v1/surroundings"];

async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll([...FILES, PAGE, ...ANSWERS]);
  await self.skipWaiting();
}

async function activate(): Promise<void> {
  const cache = await caches.open(CACHE);
  const kept = new Set([...FILES, PAGE, ...ANSWERS]);
  for (const request of await cache.keys()) if (!kept.has(new URL(request.url).pathname)) await cache.delete(request);
  await self.clients.claim();
}

/** What the wallet is answered; undefined for what is the service's alone to answer. */
function answerTo(request: Request): Promise<Response> | undefined {
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return undefined;
  if (FILES.includes(pathname)) return fromHere(request);
  if (request.mode === "navigate") return fromService(request, PAGE);
  return ANSWERS.includes(pathname) ? fromService(request, pathname) : undefined;
}

async function fromHere(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? (await fetch(request));
}

/** What the service answers, or else what it answered last. */
async function fromService(request: Request, name: string): Promise<Response> {
  const cache = await caches.open(CACHE);
  const answer = await fetch(request).catch(() => undefined);
  if (answer === undefined || answer.status >= 500) return (await cache.match(name)) ?? answer ?? Response.error();
  if (answer.ok && name !== PAGE) await cache.put(name, answer.clone());
  return answer;
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const answer = answerTo(event.request);
  if (answer !== undefined) event.respondWith(answer);
});
