export * from "./apiKeys";
export type { EventQuery } from "./events";
export * from "./lease";
export * from "./openStore";
export * from "./sessions";
export * from "./spending";
export * from "./store";
export type { Delivery, Progress, Webhook, WebhookStatus } from "./webhooks";
