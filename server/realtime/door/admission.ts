/** What a realtime connection may ask for in its URL and headers, once its key is known. */
import type { Identity } from "./auth";
import type { Identified, RequestOrigin } from "./authenticator";
import { asksForBeta } from "./credentials";
import type { Door } from "./doors";
import type { ModelEngine } from "../engine/fallback";
import type { LiveSession } from "../live/live-session";
import type { ModelCatalogue } from "../live/models";
import { deploymentNotFound, deploymentOf, shapeOfVersion } from "../protocol/azure";
import type { DialectName } from "../protocol/dialect";
import { ProtocolError, errors } from "../protocol/errors";
import type { SessionKind } from "../protocol/session-config";
import { refusals } from "./refusal";

/** A client at the door. */
export interface Arrival {
  readonly origin: RequestOrigin;
  readonly door: Door;
  /** Somebody who was let in before the transport came. */
  readonly admitted?: Admitted;
}

export interface Admitted {
  readonly identity: Identity;
  /** Somebody who joins a session that is alive already. */
  readonly joins?: LiveSession;
  /** The call that the session is. */
  readonly callId?: string;
  readonly kind: SessionKind;
  readonly model: string;
  readonly engine: ModelEngine;
  readonly dialect: DialectName;
}

const unsupported = (code: string, message: string, param: string | null = null): ProtocolError =>
  new ProtocolError(message, { code, param });

/** @throws Refusal for a request that no session can come of. */
export function chooseModel(arrival: Arrival, identified: Identified, models: ModelCatalogue): Admitted {
  const { identity } = identified;
  const { searchParams } = arrival.origin.url;
  const { door } = arrival;
  const asked = door.azure ? deploymentOf(searchParams) : searchParams.get("model");
  const kind = chooseKind(door.kind ?? kindOf(searchParams.get("intent")), identified);
  const dialect = chooseDialect(arrival, kind);
  return { identity, kind, ...engineFor(kind, asked, { identity, models, door }), dialect };
}

/** What this client speaks. A translation session has events of its own names, and was never in beta. */
export function chooseDialect({ origin, door }: Arrival, kind: SessionKind): DialectName {
  if (kind === "translation") return "translation";
  if (asksForBeta(origin.headers)) return "beta";
  return door.azure === "dated" ? shapeOfVersion(origin.url.searchParams.get("api-version")) : "ga";
}

/** By the door or the intent in the URL, else by the session that the key or secret brings. */
function chooseKind(given: SessionKind | undefined, { identity, isClientSecret }: Identified): SessionKind {
  const granted = identity.session?.type;
  // Translation has a door of its own, since its clients speak in events of other names.
  const asked = given ?? (granted === "transcription" ? granted : "realtime");
  if (isClientSecret && granted !== asked) {
    throw refusals.badRequest(
      unsupported("client_secret_mismatch", `This client secret opens a ${granted ?? "realtime"} session, no other.`),
    );
  }
  return asked;
}

function kindOf(intent: string | null): SessionKind | undefined {
  switch (intent) {
    case null:
      return undefined;
    case "conversation":
      return "realtime";
    case "transcription":
      return "transcription";
    default:
      throw refusals.badRequest(errors.invalidIntent(intent));
  }
}

interface Choice {
  readonly identity: Identity;
  readonly models: ModelCatalogue;
  readonly door: Door;
}

function engineFor(
  kind: SessionKind,
  asked: string | null,
  { identity, models, door }: Choice,
): Pick<Admitted, "model" | "engine"> {
  const own = identity.session && "model" in identity.session ? identity.session.model : undefined;
  // Who only listens names the recogniser in the session, not the model in the URL, which then only chooses an engine.
  const model = asked || (kind === "transcription" ? models.defaultName : own);
  if (!model) throw refusals.badRequest(errors.missingModel());
  const engine = models.find(model);
  if (engine) return { model, engine };
  if (door.azure) throw refusals.notFound(deploymentNotFound(model));
  throw refusals.badRequest(kind === "transcription" ? errors.modelWithIntent() : errors.invalidModel(model));
}
