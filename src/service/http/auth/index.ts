export { concerning, enforceAccess, NOTHING, requireAccess, requireCall, type Concern } from "./access";
export { Authenticator } from "./authenticator";
export { KeyMaker } from "./keyMaker";
export { requireNarrower, rightsOf, rightsToText } from "./rights";
export type { Caller } from "./caller";
export { digestOf, makeToken } from "./credentials";
export { Nonces } from "./nonces";
export { checkSignIn } from "./signInMessage";
