/** `POST /v1/realtime/sessions` and `…/transcription_sessions`: client secrets as beta clients ask for them. */
import { z } from "zod";
import { toBetaError } from "../protocol/beta/params";
import { realtimeFields, toGaSession, toGaTranscriptionSession, transcriptionFields } from "../protocol/beta/session";
import {
  betaSession,
  betaTranscriptionSession,
  toBetaSession,
  toBetaTranscriptionSession,
} from "../protocol/beta/session-resource";
import { ProtocolError } from "../protocol/errors";
import { toProtocolError } from "../protocol/issues";
import { checkStructure } from "../protocol/structure";
import { mintSecret, type ClientSecretRoutesOptions, type MintedSecret, type SecretRequest } from "./mint-secret";
import { json } from "./responses";
import { jsonContent } from "./route-document";
import type { Route, RouteRequest } from "./router";

const clientSecret = z.strictObject({
  value: z.string(),
  /** Seconds since the epoch. */
  expires_at: z.int(),
});
/** When the session ends is known only once it has begun. */
const withSecret = { expires_at: true } as const;

export function betaSessionRoutes(options: ClientSecretRoutesOptions): Route[] {
  const description = "The session, and the secret that opens it.";
  return [
    {
      method: "POST",
      path: `${options.basePath}/sessions`,
      document: {
        operationId: "createBetaSession",
        summary: "The beta form of client secrets: a short-lived key inside of the session that it opens.",
        body: jsonContent(realtimeFields),
        answer: {
          status: 200,
          description,
          content: jsonContent(betaSession.omit(withSecret).extend({ client_secret: clientSecret })),
        },
      },
      handle: (request) => answer(options, request, parseRealtime),
    },
    {
      method: "POST",
      path: `${options.basePath}/transcription_sessions`,
      document: {
        operationId: "createBetaTranscriptionSession",
        summary: "The beta form of client secrets for transcription sessions.",
        body: jsonContent(transcriptionFields),
        answer: {
          status: 200,
          description,
          content: jsonContent(betaTranscriptionSession.omit(withSecret).extend({ client_secret: clientSecret })),
        },
      },
      handle: (request) => answer(options, request, parseTranscription),
    },
  ];
}

async function answer(
  options: ClientSecretRoutesOptions,
  request: RouteRequest,
  parse: (body: object) => SecretRequest,
): Promise<Response> {
  const minted = await mintSecret(options, request, parse).catch((error: unknown) => {
    throw error instanceof ProtocolError ? inBetaWords(error) : error;
  });
  const { value, expiresAt } = minted;
  return json(200, { ...shown(minted), client_secret: { value, expires_at: expiresAt } });
}

function shown({ session }: MintedSecret): object {
  const ends = { expires_at: 0 };
  const { expires_at: _unknown, ...rest } =
    session.type === "transcription"
      ? toBetaTranscriptionSession({ ...session, ...ends })
      : toBetaSession({ ...session, ...ends });
  return rest;
}

function parseRealtime(body: object): SecretRequest {
  const given = checked(realtimeFields, body);
  return { seconds: given.client_secret?.expires_after?.seconds, session: toGaSession(given) };
}

function parseTranscription(body: object): SecretRequest {
  const given = checked(transcriptionFields, body);
  const { expires_at, expires_after } = given.client_secret ?? {};
  return { seconds: (expires_after ?? expires_at)?.seconds, session: toGaTranscriptionSession(given) };
}

/** Under the name that events have for it, so that `inBetaWords` finds every field in the same way. */
function checked<T>(schema: z.ZodType<T>, body: object): T {
  const refused = checkStructure(body, "session");
  if (refused) throw refused;
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw toProtocolError(parsed.error, body, "session");
}

/** A body has no `session` around it. */
function inBetaWords(error: ProtocolError): ProtocolError {
  const { type, code, param, message } = toBetaError(error.toBody(null));
  return new ProtocolError(message.replaceAll("'session.", "'"), {
    type,
    code,
    param: param && param.replace(/^session\./, ""),
  });
}
