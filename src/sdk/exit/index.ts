export type { ExitTransaction } from "./act";
export type { Collectable } from "./collectable";
export { evidenceOf, type Evidence } from "./evidence";
export { Exit, type ExitEvent, type ExitOptions, type Papers } from "./exit";
export type { ExitCommand, ExitStep } from "./plan";
export type { DisputeOnChain, Situation } from "./situation";
