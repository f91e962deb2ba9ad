/** `POST /v1/realtime/client_secrets`: short-lived keys for browsers. */
import { z } from "zod";
import type { Identity } from "../auth";
import type { ModelEngine } from "../engine/fallback";
import type { Authenticator } from "../authenticator";
import type { ModelCatalogue } from "../models";
import { errors } from "../protocol/errors";
import { newId } from "../protocol/ids";
import { toProtocolError } from "../protocol/issues";
import { parseSessionConfig, toSessionResource } from "../protocol/session-config";
import type { SessionConfig, SessionConfigInput } from "../protocol/session-config";
import { unbegunSessionResource } from "../protocol/session-resource";
import { conversationalSession } from "../protocol/session-schema";
import { checkStructure } from "../protocol/structure";
import { refusals } from "../refusal";
import type { SecretStore } from "../secrets";
import { hashSecret, newClientSecret } from "../secrets";
import { foreignConfig, initialConfig } from "../session/initial-config";
import type { ActingOptions } from "../session/types";
import { readJsonObject } from "./body";
import { json } from "./responses";
import { jsonContent, type RouteDocument } from "./route-document";
import type { Route, RouteRequest } from "./router";
import { mergeSessionInput } from "./session-input";

export interface ClientSecretRoutesOptions {
  readonly basePath: string;
  readonly models: ModelCatalogue;
  readonly authenticator: Authenticator;
  readonly secrets: SecretStore;
  readonly acting: ActingOptions;
}

const DEFAULT_SECONDS = 600;

const bodySchema = z.strictObject({
  expires_after: z
    .strictObject({
      anchor: z.literal("created_at").optional(),
      seconds: z.int().min(10).max(7200).optional(),
    })
    .optional(),
  session: z.unknown().optional(),
});

interface SecretRequest {
  readonly seconds: number;
  readonly session: SessionConfigInput;
}

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

async function mint(options: ClientSecretRoutesOptions, { request, origin }: RouteRequest): Promise<Response> {
  const { identity, isClientSecret } = await options.authenticator.identify({ ...origin, purpose: "rest" });
  if (isClientSecret) {
    throw refusals.forbidden("A client secret cannot create another one. Use an API key.", "insufficient_permissions");
  }
  const { seconds, session } = parseBody(await readJsonObject(request));
  const config = withModel(mergeSessionInput(identity.session, session), options.models);
  const resource = effectiveSession(config, options);
  const value = newClientSecret();
  const expiresAt = Math.floor(Date.now() / 1000) + seconds;
  await options.secrets.save({
    hash: hashSecret(value),
    expiresAt: expiresAt * 1000,
    grant: grantOf(identity, config),
  });
  return json(200, { value, expires_at: expiresAt, session: resource });
}

function grantOf({ tenant, keyId }: Identity, session: SessionConfigInput) {
  return { tenant, session, ...(keyId === undefined ? {} : { keyId }) };
}

function parseBody(body: object): SecretRequest {
  const refused = checkStructure(body);
  if (refused) throw refusals.badRequest(refused);
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success) throw refusals.badRequest(toProtocolError(parsed.error, body));
  const { expires_after, session } = parsed.data;
  const seconds = expires_after?.seconds ?? DEFAULT_SECONDS;
  if (session === undefined) return { seconds, session: { type: "realtime" } };
  const config = parseSessionConfig(session);
  if (!config.ok) throw refusals.badRequest(config.error);
  return { seconds, session: config.config };
}

/** A conversation is bound to its model from the beginning; who only listens names none. */
function withModel(config: SessionConfigInput, models: ModelCatalogue): SessionConfigInput {
  return config.type === "realtime" ? { ...config, model: config.model ?? models.defaultName } : config;
}

interface ConfigBasis {
  readonly model: string;
  readonly engine: ModelEngine;
  readonly acting: ActingOptions;
}

function configOf(config: SessionConfigInput, { model, engine, acting }: ConfigBasis): SessionConfig {
  const first = engine.kind === "fallback" ? engine.candidates[0] : engine;
  if (first !== undefined && first.kind !== "relay") return initialConfig({ model, engine: first, config, ...acting });
  // Another server judges what it can do, when the session begins.
  return foreignConfig({ model, config, voice: engine.voices?.[0] });
}

/** What a session with this secret will begin with. @throws when the model's engine cannot do it. */
function effectiveSession(
  config: SessionConfigInput,
  { models, acting }: Pick<ClientSecretRoutesOptions, "models" | "acting">,
): object {
  const model = (config.type === "realtime" ? config.model : undefined) ?? models.defaultName;
  const engine = models.find(model);
  if (!engine) throw refusals.badRequest(errors.invalidModel(model));
  const effective = configOf(config, { model, engine, acting });
  // When the session ends is known only once it has begun.
  const { expires_at: _unknown, ...resource } = toSessionResource(effective, { id: newId("sess"), expiresAt: 0 });
  return resource;
}
