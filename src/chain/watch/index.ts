export * from "./facts";
export * from "./node";
export * from "./watcher";
