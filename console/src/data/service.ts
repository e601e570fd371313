import { operatorApi } from "../../../src/sdk/operator";

/** Where the page came from. */
export const SERVICE = location.origin;

/** What anybody may ask the service. */
export const anyone = operatorApi(SERVICE, undefined);

export type Asset = Awaited<ReturnType<typeof anyone.assets>>[number];
export type Surroundings = Awaited<ReturnType<typeof anyone.surroundings>>;
export type System = Awaited<ReturnType<typeof anyone.systems>>[number];
