// What goes over the wire, as schemas that both sides hold it to: requests with a field too many are refused, answers may
// gain fields.
export * from "./accounts";
export * from "./aliases";
export * from "./apiKeys";
export * from "./appointments";
export * from "./exports";
export * from "./channels";
export * from "./closings";
export * from "./fees";
export * from "./invoices";
export * from "./events";
export * from "./messages";
export * from "./pages";
export * from "./payments";
export * from "./problem";
export * from "./reconciliation";
export * from "./refunds";
export * from "./scopes";
export * from "./signIn";
export * from "./records";
export * from "./statements";
export * from "./stream";
export * from "./systems";
export * from "./times";
export * from "./towerPass";
export * from "./values";
export * from "./webhooks";
