export * from "./disputes";
export { closeBySystem } from "./ownCloses";
