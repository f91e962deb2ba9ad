/** What a realtime connection may ask for in its URL and headers, once its key is known. */
import type { Identity } from "./auth";
import type { RequestOrigin } from "./authenticator";
import { asksForBeta } from "./credentials";
import type { Door } from "./doors";
import type { Engine } from "./engine/types";
import type { LiveSession } from "./live-session";
import type { ModelCatalogue } from "./models";
import type { DialectName } from "./protocol/dialect";
import { ProtocolError, errors } from "./protocol/errors";
import { refusals } from "./refusal";

/** A client at the door. */
export interface Arrival {
  readonly origin: RequestOrigin;
  readonly door: Door;
}

export interface Admitted {
  readonly identity: Identity;
  /** Somebody who joins a session that is alive already. */
  readonly joins?: LiveSession;
  readonly model: string;
  readonly engine: Engine;
  readonly dialect: DialectName;
}

const unsupported = (code: string, message: string, param: string | null = null): ProtocolError =>
  new ProtocolError(message, { code, param });

/** @throws Refusal for a request that no session can come of. */
export function chooseModel({ origin }: Arrival, identity: Identity, models: ModelCatalogue): Admitted {
  const { searchParams } = origin.url;
  if (asksForBeta(origin.headers)) {
    throw refusals.badRequest(
      unsupported(
        "beta_api_shape_disabled",
        "The beta shape of the Realtime API is not offered. Use the GA shape: leave out 'OpenAI-Beta: realtime=v1'.",
      ),
    );
  }
  const intent = searchParams.get("intent");
  if (intent === "transcription") {
    throw refusals.badRequest(
      unsupported("invalid_intent", "Transcription sessions are not offered by this server yet."),
    );
  }
  if (intent !== null && intent !== "conversation") throw refusals.badRequest(errors.invalidIntent(intent));
  const model = searchParams.get("model") || identity.session?.model;
  if (!model) throw refusals.badRequest(errors.missingModel());
  const engine = models.find(model);
  if (!engine) throw refusals.badRequest(errors.invalidModel(model));
  return { identity, model, engine, dialect: "ga" };
}
