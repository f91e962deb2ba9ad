/** What `/openapi.json` says of the operators' routes. */
import { z } from "zod";
import { item } from "../protocol/items";
import { responseUsage } from "../protocol/responses";
import { sessionResource } from "../protocol/session-resource";
import { jsonContent, type RouteDocument } from "./route-document";

const record = z.strictObject({
  object: z.literal("realtime.session.record"),
  id: z.string(),
  call_id: z.string().nullable(),
  conversation_id: z.string(),
  model: z.string(),
  transport: z.string(),
  created_at: z.int(),
  status: z.enum(["live", "ended"]),
  ended_at: z.int().nullable(),
  usage: responseUsage,
});

const pageOf = (data: z.ZodType) =>
  z.strictObject({
    object: z.literal("list"),
    data: z.array(data),
    first_id: z.string().nullable(),
    last_id: z.string().nullable(),
    has_more: z.boolean(),
  });

const paging = { limit: z.int().min(1).max(100).default(20), after: z.string() };

export const sessionDocuments = {
  list: {
    operationId: "listSessions",
    summary: "Lists the sessions of the key's tenant, newest first.",
    query: { ...paging, status: z.enum(["live", "ended"]) },
    answer: { status: 200, description: "A page of sessions.", content: jsonContent(pageOf(record)) },
  },
  retrieve: {
    operationId: "retrieveSession",
    summary: "Shows one session with its state, its usage and a page of its items.",
    query: paging,
    answer: {
      status: 200,
      description: "The session. Its configuration is shown while it is live.",
      content: jsonContent(record.extend({ session: sessionResource.optional(), items: pageOf(item) })),
    },
  },
  end: {
    operationId: "endSession",
    summary:
      "Ends a live session for everybody who is connected to it; at another server of the same database within seconds.",
    answer: {
      status: 200,
      description: "The session was ended.",
      content: jsonContent(
        z.strictObject({ object: z.literal("realtime.session.deleted"), id: z.string(), deleted: z.literal(true) }),
      ),
    },
  },
} satisfies Record<string, RouteDocument>;
