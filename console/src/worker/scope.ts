interface Lasting extends Event {
  waitUntil(end: Promise<unknown>): void;
}

interface Asked extends Event {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

interface Events {
  readonly install: Lasting;
  readonly activate: Lasting;
  readonly fetch: Asked;
}

/** What a service worker runs in, as far as this one uses it. */
export interface Scope {
  readonly location: Location;
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener<Name extends keyof Events>(name: Name, listen: (event: Events[Name]) => void): void;
}
