/** `POST /v1/realtime/client_secrets`: short-lived keys for browsers. */
import { z } from "zod";
import { toProtocolError } from "../protocol/issues";
import { parseSessionConfig } from "../protocol/session-config";
import { unbegunSessionResource } from "../protocol/session-resource";
import { conversationalSession } from "../protocol/session-schema";
import { checkStructure } from "../protocol/structure";
import { refusals } from "../door/refusal";
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

/** `session` and `shown`: the session as it is asked for, and as it is told of. */
export const secretDocument = (operationId: string, session: z.ZodType, shown: z.ZodType): RouteDocument => ({
  operationId,
  summary: "Makes a short-lived key that a browser may hold, and configures the sessions that it opens.",
  // The session is checked by itself, since its errors name its fields as an event's would.
  body: jsonContent(bodySchema.extend({ session })),
  answer: {
    status: 200,
    description: "The secret, and the session that it opens.",
    content: jsonContent(
      z.strictObject({
        value: z.string(),
        /** Seconds since the epoch. */
        expires_at: z.int(),
        session: shown,
      }),
    ),
  },
});

export function clientSecretRoutes(options: ClientSecretRoutesOptions): Route[] {
  const path = `${options.basePath}/client_secrets`;
  const document = secretDocument("createClientSecret", conversationalSession.optional(), unbegunSessionResource);
  return [{ method: "POST", path, document, handle: (request) => mint(options, request) }];
}

async function mint(options: ClientSecretRoutesOptions, request: RouteRequest): Promise<Response> {
  const { value, expiresAt, session } = await mintSecret(options, request, parseBody);
  return json(200, { value, expires_at: expiresAt, session });
}

function parseBody(body: object): SecretRequest {
  const { session, ...wish } = parseSecretBody(body);
  if (session === undefined) return { ...wish, session: { type: "realtime" } };
  const config = parseSessionConfig(session);
  if (!config.ok) throw refusals.badRequest(config.error);
  return { ...wish, session: config.config };
}

/** @throws Refusal for what is no such body; its session is not looked at. */
export function parseSecretBody(body: object): Omit<SecretRequest, "session"> & { readonly session: unknown } {
  const refused = checkStructure(body);
  if (refused) throw refusals.badRequest(refused);
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success) throw refusals.badRequest(toProtocolError(parsed.error, body));
  const { expires_after, session, single_use: singleUse, origins } = parsed.data;
  const bounds = { ...(singleUse !== undefined && { singleUse }), ...(origins !== undefined && { origins }) };
  return { seconds: expires_after?.seconds, bounds, session };
}
