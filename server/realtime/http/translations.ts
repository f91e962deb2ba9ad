/** The routes of translation sessions: where they open, and `POST /v1/realtime/translations/client_secrets`. */
import { errors } from "../protocol/errors";
import { newId } from "../protocol/ids";
import type { SessionConfigInput } from "../protocol/session-config";
import { toSessionResource } from "../protocol/session-resource";
import { parseTranslationSession, translationResource, translationSession } from "../protocol/translation";
import { refusals } from "../door/refusal";
import { pipelineOf } from "../live/session-of-engine";
import { initialTranslation } from "../session/translation-support";
import { parseSecretBody, secretDocument } from "./client-secrets";
import { mint, type ClientSecretRoutesOptions, type SecretRequest } from "./mint-secret";
import { json } from "./responses";
import type { Route, RouteRequest } from "./router";
import { websocketRoute } from "./websocket-route";

export function translationRoutes(options: ClientSecretRoutesOptions): Route[] {
  const path = `${options.basePath}/translations`;
  return [
    websocketRoute(path, "openTranslationSession"),
    {
      method: "POST",
      path: `${path}/client_secrets`,
      document: secretDocument("createTranslationClientSecret", translationSession, translationResource),
      handle: (request) => answer(options, request),
    },
  ];
}

async function answer(options: ClientSecretRoutesOptions, request: RouteRequest): Promise<Response> {
  const show = (config: SessionConfigInput) => effectiveTranslation(config, options);
  const { value, expiresAt, session } = await mint(options, request, { parse: parseBody, show });
  // The official shape has the time here too; how long the session lasts is known only once it has begun.
  return json(200, { value, expires_at: expiresAt, session: { ...session, expires_at: expiresAt } });
}

function parseBody(body: object): SecretRequest {
  const { session, ...wish } = parseSecretBody(body);
  if (session === undefined) throw refusals.badRequest(errors.missingParameter("session"));
  const parsed = parseTranslationSession(session);
  if (!parsed.ok) throw refusals.badRequest(parsed.error);
  return { ...wish, session: parsed.config };
}

function effectiveTranslation(config: SessionConfigInput, { models }: Pick<ClientSecretRoutesOptions, "models">) {
  if (config.type !== "translation" || config.model === undefined) throw errors.missingModel();
  const engine = models.find(config.model);
  if (!engine) throw refusals.badRequest(errors.invalidModel(config.model));
  const effective = initialTranslation(config.model, pipelineOf(engine), config);
  return toSessionResource(effective, { id: newId("sess"), expiresAt: 0 });
}
