/** The bodies of the calls' routes, and what `/openapi.json` says of them. */
import { z } from "zod";
import type { CallControl } from "../calls/control";
import { conversationalSession } from "../protocol/session-schema";
import { jsonContent, type RouteDocument } from "./route-document";

export const rejectBody = z.strictObject({ status_code: z.int().min(300).max(699).optional() });

export const referBody = z.strictObject({
  target_uri: z
    .string()
    .max(512)
    .regex(/^(tel:\+?[\d().-]{2,32}|sips?:[^\s<>@]+@[^\s<>@]+)$/i, "Expected 'tel:+…' or 'sip:user@host'."),
});

const done = { status: 200, description: "It is done; the answer is empty." };
const sdp = z.string();
const form = z.strictObject({ sdp, session: z.union([z.string(), conversationalSession]).optional() });
const opened = {
  status: 201,
  description: "The answer; `Location` names the call.",
  content: { "application/sdp": sdp },
};

export const callDocuments = {
  create: {
    operationId: "createCall",
    summary: "Opens a session over WebRTC: an offer, with or without the session's configuration, is answered.",
    query: { model: z.string() },
    body: { "application/sdp": sdp, "multipart/form-data": form },
    answer: opened,
  },
  createOlder: {
    operationId: "createCallByModel",
    summary: "The older form of the same: the model in the query, the offer in the body.",
    query: { model: z.string() },
    body: { "application/sdp": sdp },
    answer: opened,
  },
  accept: {
    operationId: "acceptCall",
    summary: "Answers a SIP call that rings, with the session's configuration.",
    body: jsonContent(conversationalSession),
    answer: done,
  },
  reject: {
    operationId: "rejectCall",
    summary: "Declines a SIP call that rings.",
    body: jsonContent(rejectBody),
    answer: done,
  },
  refer: {
    operationId: "referCall",
    summary: "Hands a SIP call on to another party.",
    body: jsonContent(referBody),
    answer: done,
  },
  hangup: { operationId: "hangUpCall", summary: "Ends a call, whatever carries it.", answer: done },
} satisfies Record<keyof CallControl | "create" | "createOlder", RouteDocument>;
