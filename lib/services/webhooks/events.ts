/** What the outside can be told of. */
export const WEBHOOK_EVENTS = ["session.started", "session.ended", "budget.alert", "key.revoked"] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];
