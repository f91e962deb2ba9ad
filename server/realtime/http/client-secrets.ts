/** `POST /v1/realtime/client_secrets`: short-lived keys for browsers. */
import { z } from "zod";
import { toProtocolError } from "../protocol/issues";
import { parseSessionConfig } from "../protocol/session-config";
import { unbegunSessionResource } from "../protocol/session-resource";
import { conversationalSession } from "../protocol/session-schema";
import { checkStructure } from "../protocol/structure";
import { refusals } from "../refusal";
import { mintSecret, type ClientSecretRoutesOptions, type SecretRequest } from "./mint-secret";
import { json } from "./responses";
import { jsonContent, type RouteDocument } from "./route-document";
import type { Route, RouteRequest } from "./router";

const bodySchema = z.strictObject({
  expires_after: z
    .strictObject({
      anchor: z.literal("created_at").optional(),
      seconds: z.int().min(10).max(7200).optional(),
    })
    .optional(),
  session: z.unknown().optional(),
  /** Ours: the secret opens one session only. */
  single_use: z.boolean().optional(),
  /** Ours: web origins that may use it. */
  origins: z
    .array(z.string().regex(/^https?:\/\/[^\s/?#]+$/, "Expected an origin such as 'https://app.example.com'."))
    .min(1)
    .max(32)
    .optional(),
});

const document: RouteDocument = {
  operationId: "createClientSecret",
  summary: "Makes a short-lived key that a browser may hold, and configures the sessions that it opens.",
  // The session is checked by itself, since its errors name its fields as an event's would.
  body: jsonContent(bodySchema.extend({ session: conversationalSession.optional() })),
  answer: {
    status: 200,
    description: "The secret, and the session that it opens.",
    content: jsonContent(
      z.strictObject({
        value: z.string(),
        /** Seconds since the epoch. */
        expires_at: z.int(),
        session: unbegunSessionResource,
      }),
    ),
  },
};

export function clientSecretRoutes(options: ClientSecretRoutesOptions): Route[] {
  const path = `${options.basePath}/client_secrets`;
  return [{ method: "POST", path, document, handle: (request) => mint(options, request) }];
}

async function mint(options: ClientSecretRoutesOptions, request: RouteRequest): Promise<Response> {
  const { value, expiresAt, session } = await mintSecret(options, request, parseBody);
  return json(200, { value, expires_at: expiresAt, session });
}

function parseBody(body: object): SecretRequest {
  const refused = checkStructure(body);
  if (refused) throw refusals.badRequest(refused);
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success) throw refusals.badRequest(toProtocolError(parsed.error, body));
  const { expires_after, session, single_use: singleUse, origins } = parsed.data;
  const seconds = expires_after?.seconds;
  const bounds = { ...(singleUse !== undefined && { singleUse }), ...(origins !== undefined && { origins }) };
  if (session === undefined) return { seconds, bounds, session: { type: "realtime" } };
  const config = parseSessionConfig(session);
  if (!config.ok) throw refusals.badRequest(config.error);
  return { seconds, bounds, session: config.config };
}
