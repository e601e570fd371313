export * from "./browser";
export { FileStore } from "./stores/fileStore";
