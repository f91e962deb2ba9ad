/** Which make of session an engine calls for. */
import type { Session } from "./connection";
import { breakerOf } from "../engine/breaker";
import { isOut, type FallbackEngine, type ModelEngine } from "../engine/fallback";
import type { RelayEngine } from "../engine/relay";
import type { Engine } from "../engine/types";
import { FallbackSession, type Decision } from "./fallback-session";
import { CloseCode, errors, ProtocolError } from "../protocol/errors";
import { newId } from "../protocol/ids";
import type { ConversationKind, SessionKind } from "../protocol/session-config";
import type { ClientFlow } from "../relay/outbox";
import { RelaySession, type RelaySessionOptions } from "../relay/session";
import type { SessionOptions } from "../session/types";
import type { Transport } from "../transport/types";

export type CreateSession = (options: SessionOptions) => Session;

export interface SessionParts {
  readonly createSession: CreateSession;
  readonly session: Omit<SessionOptions, "engine">;
  /** Somebody looks at every event. */
  readonly watched: boolean;
  readonly flow: ClientFlow | undefined;
}

/** @throws ProtocolError when the engine cannot do what the session's configuration asks for. */
export function openSessionOf(engine: ModelEngine, parts: SessionParts): Session {
  if (parts.session.kind === "translation")
    return parts.createSession({ ...parts.session, engine: pipelineOf(engine) });
  switch (engine.kind) {
    case undefined:
    case "pipeline":
      return parts.createSession({ ...parts.session, engine });
    case "relay":
      return relaySession(engine, newId("sess"), parts);
    case "fallback":
      return openFirst(engine, parts);
    default:
      return engine satisfies never;
  }
}

/**
 * Translation is put together from an engine's parts; what another server holds has none that could be had.
 *
 * @throws ProtocolError for an engine without any.
 */
export function pipelineOf(engine: ModelEngine): Engine {
  const engines = engine.kind === "fallback" ? engine.candidates : [engine];
  const own = engines.filter((candidate) => candidate.kind !== "relay");
  const first = own.find((candidate) => !isOut(candidate)) ?? own[0];
  if (first !== undefined) return first;
  throw new ProtocolError("This model does not offer translation.", { code: "translation_not_offered" });
}

/** How a transport's client is made to wait, where it can be. */
export function flowOf(transport: Transport): ClientFlow | undefined {
  const { pause, resume } = transport;
  if (pause === undefined || resume === undefined) return undefined;
  return { pause: () => pause.call(transport), resume: () => resume.call(transport) };
}

type Hooks = Pick<RelaySessionOptions, "onUnavailable" | "onReached" | "onLeft">;

interface RelayParts extends SessionParts {
  readonly hooks?: Hooks;
}

function relaySession(engine: RelayEngine, id: string, { session, watched, flow, hooks }: RelayParts): Session {
  return new RelaySession({
    id,
    engine,
    model: session.model,
    kind: conversationKind(session.kind ?? session.config?.type),
    config: session.config,
    maxDurationMs: session.limits.maxDurationMs,
    tenant: session.tenant,
    usage: session.usage,
    audio: session.audio,
    tools: session.tools,
    toolCalls: session.toolCalls,
    output: session.output,
    observe: session.observe,
    watched,
    flow,
    onFault: (error) => session.onFault?.(error),
    ...hooks,
  });
}

function conversationKind(kind: SessionKind | undefined): ConversationKind {
  return kind === "transcription" ? kind : "realtime";
}

/** The first engine that is not left out, and those behind it as long as it has not begun. */
function openFirst(engine: FallbackEngine, parts: SessionParts): Session {
  const able = engine.candidates.filter((candidate) => !isOut(candidate));
  const { session, createSession, flow } = parts;
  return new FallbackSession({
    // When all are left out, the preferred one may as well be tried again.
    candidates: able.length > 0 ? able : engine.candidates,
    flow,
    open: (candidate, id, decision) =>
      candidate.kind === "relay"
        ? relaySession(candidate, id, { ...parts, hooks: counted(candidate, engine, decision) })
        : createSession({ ...session, id, engine: candidate }),
    refuse: (before, error) => {
      if (!(error instanceof ProtocolError)) session.onFault?.(error);
      const told = error instanceof ProtocolError ? error : errors.serverError();
      before.reject(told, null);
      session.output.end(CloseCode.badRequest, told.closeReason);
    },
  });
}

/** Tells the breaker of a relay how its attempts went. */
function counted(relay: RelayEngine, { options }: FallbackEngine, decision: Decision): Hooks {
  let succeed: () => void = () => undefined;
  let fail: (error: unknown) => void = () => undefined;
  const outcome = new Promise<void>((resolve, reject) => {
    succeed = resolve;
    fail = reject;
  });
  breakerOf(relay, options)
    .run(() => outcome)
    .catch(() => undefined);
  // It is tried although it is left out: nobody waits for the outcome then.
  outcome.catch(() => undefined);
  return {
    onReached: () => {
      succeed();
      decision.reached();
    },
    onUnavailable: (fault) => {
      // What a key or a secret brings is not the other server's fault, and no other engine need take it.
      if (fault.kind === "configuration") succeed();
      else fail(fault);
      return fault.kind !== "configuration" && decision.moveOn();
    },
    onLeft: succeed,
  };
}
