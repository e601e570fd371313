// What goes over the wire, as schemas that both sides hold it to: requests with a field too many are refused, answers may
// gain fields.
export * from "./accounts";
export * from "./apiKeys";
export * from "./channels";
export * from "./closings";
export * from "./fees";
export * from "./invoices";
export * from "./loggedEvent";
export * from "./messages";
export * from "./payments";
export * from "./problem";
export * from "./scopes";
export * from "./signIn";
export * from "./stream";
export * from "./systems";
export * from "./values";
