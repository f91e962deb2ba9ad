/** Makes a client secret: who may, what it is worth, and the session that it opens. */
import type { z } from "zod";
import type { Identity } from "../door/auth";
import type { Authenticator } from "../door/authenticator";
import type { ModelEngine } from "../engine/fallback";
import type { ModelCatalogue } from "../live/models";
import { errors } from "../protocol/errors";
import { newId } from "../protocol/ids";
import { toSessionResource } from "../protocol/session-config";
import type { SessionConfig, SessionConfigInput } from "../protocol/session-config";
import type { unbegunSessionResource } from "../protocol/session-resource";
import { refusals } from "../door/refusal";
import type { SecretStore, StoredSecret } from "../door/secrets";
import { hashSecret, newClientSecret } from "../door/secrets";
import { keepsPrompts } from "../live/agent-desk";
import { findPrompt } from "../session/stored-prompts";
import { foreignConfig, initialConfig } from "../session/initial-config";
import type { ActingOptions } from "../session/types";
import { readJsonObject } from "./body";
import type { RouteRequest } from "./router";
import { mergeSessionInput } from "../protocol/session-input";

export interface ClientSecretRoutesOptions {
  readonly basePath: string;
  readonly models: ModelCatalogue;
  readonly authenticator: Authenticator;
  readonly secrets: SecretStore;
  readonly acting: ActingOptions;
}

export interface SecretRequest {
  /** Undefined: 600. */
  readonly seconds: number | undefined;
  readonly session: SessionConfigInput;
  /** How it may be used, where that is less than usual. */
  readonly bounds?: Pick<StoredSecret, "singleUse" | "origins">;
}

export interface MintedSecret {
  readonly value: string;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
  readonly session: UnbegunSession;
}

/** When it ends is known only once it has begun. */
type UnbegunSession = z.output<typeof unbegunSessionResource>;

const DEFAULT_SECONDS = 600;

/** @throws Refusal or ProtocolError for a key that may not, and for what `parse` or the model's engine does not take. */
export function mintSecret(
  options: ClientSecretRoutesOptions,
  request: RouteRequest,
  parse: (body: object) => SecretRequest,
): Promise<MintedSecret> {
  return mint(options, request, { parse, show: (config) => effectiveSession(config, options) });
}

export interface SecretKind<Shown> {
  parse(body: object): SecretRequest;
  /** What a session with this secret will begin with. @throws when the model's engine cannot do it. */
  show(config: SessionConfigInput): Shown;
}

/** The same for sessions of any kind. */
export async function mint<Shown>(
  options: ClientSecretRoutesOptions,
  { request, origin }: RouteRequest,
  { parse, show }: SecretKind<Shown>,
): Promise<Omit<MintedSecret, "session"> & { readonly session: Shown }> {
  const { identity, isClientSecret } = await options.authenticator.identify({ ...origin, purpose: "rest" });
  if (isClientSecret) {
    throw refusals.forbidden("A client secret cannot create another one. Use an API key.", "insufficient_permissions");
  }
  const { seconds = DEFAULT_SECONDS, session, bounds } = parse(await readJsonObject(request));
  if (bounds?.singleUse && options.secrets.use === undefined)
    throw refusals.badRequest(errors.unsupported("single_use", "This server has no secrets of single use."));
  const config = withModel(mergeSessionInput(identity.session, session), options.models);
  const shown = show(config);
  await requirePrompt(config, { tenant: identity.tenant, ...options });
  const value = newClientSecret();
  const expiresAt = Math.floor(Date.now() / 1000) + seconds;
  await options.secrets.save({
    hash: hashSecret(value),
    expiresAt: expiresAt * 1000,
    grant: grantOf(identity, config),
    ...bounds,
  });
  return { value, expiresAt, session: shown };
}

function grantOf({ tenant, keyId }: Identity, session: SessionConfigInput) {
  return { tenant, session, ...(keyId === undefined ? {} : { keyId }) };
}

/** A secret that names a prompt which is not there would only fail in the browser. @throws ProtocolError */
async function requirePrompt(
  config: SessionConfigInput,
  { tenant, models, acting }: Pick<ClientSecretRoutesOptions, "models" | "acting"> & { readonly tenant: string },
): Promise<void> {
  if (config.type !== "realtime" || !config.prompt || acting.prompts === undefined) return;
  const engine = models.find(config.model ?? models.defaultName);
  if (engine === undefined || !keepsPrompts(engine)) return;
  await findPrompt(acting.prompts, { reference: config.prompt, tenant, param: "session.prompt" });
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
): UnbegunSession {
  const model = (config.type === "realtime" ? config.model : undefined) ?? models.defaultName;
  const engine = models.find(model);
  if (!engine) throw refusals.badRequest(errors.invalidModel(model));
  const effective = configOf(config, { model, engine, acting });
  const { expires_at: _unknown, ...resource } = toSessionResource(effective, { id: newId("sess"), expiresAt: 0 });
  return resource;
}
