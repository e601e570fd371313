// What is sent most over the stream, in bytes beside JSON: a state to complete, and its receipt.
export * from "./receipt";
export * from "./submission";
