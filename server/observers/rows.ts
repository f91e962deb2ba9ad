/** What the recorder writes: operations in the order in which they came, plain data, so that they can wait on disk. */
import type {
  items,
  recordings,
  realtimeSessions,
  responses,
  sessionEvents,
  toolCalls,
  usage,
} from "../../lib/db/schema/index";
import type { WebhookMessage } from "../../lib/services/webhooks/enqueue";

type Dated<T> = { [K in keyof T]: Extract<T[K], Date> extends never ? T[K] : Exclude<T[K], Date> | string };

export type NewSession = Dated<typeof realtimeSessions.$inferInsert>;
export type SessionChange = Partial<NewSession>;
export type NewItem = typeof items.$inferInsert;
export type NewResponse = Dated<typeof responses.$inferInsert>;
export type NewEvent = typeof sessionEvents.$inferInsert;
export type NewToolCall = Dated<typeof toolCalls.$inferInsert>;
export type NewRecording = typeof recordings.$inferInsert;
export type Usage = Omit<typeof usage.$inferInsert, "orgId">;

export interface Gap {
  readonly from: number;
  readonly to: number;
  readonly lost: number;
  readonly reason: string;
}

/** All of them belong to a tenant and a session. */
export type Operation = { readonly org: string; readonly session: string } & (
  | { readonly type: "session"; readonly row: NewSession; readonly conversationId: string }
  | { readonly type: "change"; readonly set: SessionChange }
  | { readonly type: "item"; readonly row: NewItem }
  | { readonly type: "response"; readonly row: NewResponse }
  | { readonly type: "event"; readonly row: NewEvent }
  | { readonly type: "tool-call"; readonly row: NewToolCall }
  | { readonly type: "usage"; readonly row: Usage }
  | { readonly type: "recording"; readonly row: NewRecording }
  | { readonly type: "webhook"; readonly message: WebhookMessage }
  | { readonly type: "gap"; readonly gap: Gap }
);
