/** Everything of a handler that is not HTTP: who may come in, which sessions live, and how they end. */
import { actingOf } from "./door/acting";
import { chooseDialect, chooseModel } from "./door/admission";
import type { Admitted, Arrival } from "./door/admission";
import { Authenticator } from "./door/authenticator";
import type { Identified } from "./door/authenticator";
import { answeredCall, CallDirectory } from "./calls/control";
import { Connection } from "./live/connection";
import type { ConnectionHost, OpenedSession } from "./live/connection";
import type { Logger } from "./logger";
import { silentLogger } from "./logger";
import type { ModelCatalogue } from "./live/models";
import { createModelCatalogue } from "./live/models";
import { ObserverTap } from "./observers/dispatch";
import type { AgentInfo, SessionObserver } from "./observers/types";
import type { EventValidation, RealtimeHandlerOptions, RealtimeLimits } from "./options";
import { eventValidation, withDefaultLimits } from "./options";
import { AgentDesk, grantedAgent } from "./live/agent-desk";
import { LiveSession } from "./live/live-session";
import { CloseCode, errors, ProtocolError } from "./protocol/errors";
import { checkServerEvent } from "./protocol/server-events";
import type { ServerEvent } from "./protocol/server-events";
import { refusalFromHost, refusals } from "./door/refusal";
import type { SessionArchive } from "./live/session-archive";
import { SessionRegistry } from "./live/session-registry";
import type { SessionConfigInput } from "./protocol/session-config";
import { mergeSessionInput } from "./protocol/session-input";
import type { SecretStore } from "./door/secrets";
import { memorySecretStore } from "./door/secrets";
import { flowOf, openSessionOf, type CreateSession } from "./live/session-of-engine";
import type { ActingOptions, SessionOutput } from "./session/types";
import type { Transport } from "./transport/types";
import { type SessionUsage, unlimited, type UsageSession } from "./usage-gate";

const DEFAULT_DRAIN_MS = 10_000;

interface Beginning {
  readonly transport: Transport;
  readonly output: SessionOutput;
  readonly usage: SessionUsage;
}

export class RealtimeService {
  readonly models: ModelCatalogue;
  readonly secrets: SecretStore;
  readonly acting: ActingOptions;
  readonly authenticator: Authenticator;
  private readonly logger: Logger;
  private readonly limits: Required<RealtimeLimits>;
  private readonly observers: readonly SessionObserver[];
  private readonly validation: EventValidation;
  readonly calls = new CallDirectory();
  private readonly connections = new Set<Connection>();
  readonly sessions = new SessionRegistry();
  private pending = 0;
  private closing: Promise<void> | undefined;

  constructor(
    private readonly options: RealtimeHandlerOptions,
    private readonly createSession: CreateSession,
  ) {
    this.models = createModelCatalogue(options);
    this.secrets = options.secrets ?? memorySecretStore();
    this.acting = actingOf(options);
    this.logger = options.logger ?? silentLogger;
    this.limits = withDefaultLimits(options.limits);
    this.observers = options.observers ?? [];
    this.validation = eventValidation(options.validateEvents);
    if (typeof options.authenticate !== "function") {
      throw new TypeError("createRealtimeHandler needs `authenticate`, for example apiKeys([…]) or allowAnyone().");
    }
    this.authenticator = new Authenticator({
      authenticate: options.authenticate,
      secrets: this.secrets,
      timeoutMs: this.limits.authTimeoutMs,
      usage: options.usage,
      onFault: (error) => this.fault(error),
    });
  }

  get archive(): SessionArchive | undefined {
    return this.options.archive;
  }

  get isClosing(): boolean {
    return this.closing !== undefined;
  }

  /** Serves one client. Must be called in the tick in which the transport came. */
  accept(transport: Transport, arrival: Arrival): void {
    this.connections.add(new Connection(this.host, transport, { arrival }));
  }

  /** Who calls, and what for, before there is a transport. `session` is what the caller brings. Rejects with a `Refusal`. */
  async admitCall(arrival: Arrival, session: SessionConfigInput | undefined): Promise<Admitted> {
    if (this.sessions.size >= this.limits.maxSessions) throw refusals.tooManySessions();
    const admitted = await this.admit(arrival, new AbortController().signal, session);
    if (admitted.joins !== undefined) throw refusals.badRequest(errors.unknownParameter("call_id"));
    return admitted;
  }

  /** Serves a caller who was let in. @throws Refusal or ProtocolError; the transport is the caller's to close then. */
  openCall(transport: Transport, admitted: Admitted & { readonly callId: string }): void {
    this.connections.add(new Connection(this.host, transport, { admitted }));
  }

  /** Lets running replies end, then closes every connection. The first call's patience counts. */
  close(drainMs = DEFAULT_DRAIN_MS): Promise<void> {
    this.closing ??= Promise.all([...this.connections].map((connection) => connection.drain(drainMs))).then(
      () => undefined,
    );
    return this.closing;
  }

  /** For faults of ours and of the host's own functions. */
  fault(error: unknown, sessionId?: string): void {
    this.logger.error("Realtime server fault", { error, sessionId });
    try {
      this.options.onError?.(error, { sessionId });
    } catch (second) {
      this.logger.error("onError itself failed", { error: second });
    }
  }

  private readonly host: ConnectionHost = {
    admit: (arrival, signal) => this.admit(arrival, signal),
    openSession: (admitted, transport, output) => this.openSession(admitted, transport, output),
    check: (event) => this.check(event),
    fault: (error, sessionId) => this.fault(error, sessionId),
    closed: (connection) => void this.connections.delete(connection),
  };

  /** Whether somebody may come in, and to what. `session` is what the client brings, beside its key's own. */
  async admit(arrival: Arrival, signal: AbortSignal, session?: SessionConfigInput): Promise<Admitted> {
    if (arrival.admitted) return arrival.admitted;
    if (this.isClosing) throw refusals.shuttingDown();
    if (this.pending >= this.limits.maxPending) throw refusals.tooManyPending();
    this.pending++;
    try {
      const { origin, door } = arrival;
      const question = { ...origin, purpose: "session", azure: door.azure !== undefined } as const;
      const identified = await this.authenticator.identify(question, signal);
      const callId = origin.url.searchParams.get("call_id");
      if (callId !== null) return this.join(callId, identified, arrival);
      return chooseModel(arrival, withSession(identified, session), this.models);
    } finally {
      this.pending--;
    }
  }

  /** @throws Refusal: an unknown id and somebody else's are the same thing. */
  private join(callId: string, { identity, isClientSecret }: Identified, arrival: Arrival): Admitted {
    if (isClientSecret) {
      throw refusals.forbidden("A client secret cannot join a session. Use an API key.", "insufficient_permissions");
    }
    const joins = this.sessions.find(identity.tenant, callId);
    if (joins === undefined) throw refusals.badRequest(errors.invalidCallId(callId));
    const { kind, model } = joins.info;
    const engine = this.models.find(model);
    if (engine === undefined) throw refusals.badRequest(errors.invalidModel(model));
    return { identity, kind, model, engine, dialect: chooseDialect(arrival, kind), joins };
  }

  private openSession(admitted: Admitted, transport: Transport, output: SessionOutput): OpenedSession {
    const { model, identity, joins } = admitted;
    if (joins !== undefined) return joins.attach(output);
    if (this.sessions.size >= this.limits.maxSessions) throw refusals.tooManySessions();
    const { tenant, keyId } = identity;
    const agent = this.agentAt(admitted);
    const usage = this.allowance({ tenant, model, ...(keyId === undefined ? {} : { keyId }), ...agent });
    try {
      return this.begin(admitted, { transport, output, usage });
    } catch (error) {
      usage.close();
      throw error;
    }
  }

  /** Who the session is expected to be. */
  private agentAt({ kind, engine, identity }: Admitted): AgentInfo | undefined {
    return this.acting.prompts && grantedAgent({ kind, engine, session: identity.session });
  }

  /** @throws Refusal when there is none left. */
  private allowance(session: UsageSession): SessionUsage {
    try {
      return this.options.usage?.open(session) ?? unlimited;
    } catch (error) {
      throw error instanceof ProtocolError ? refusalFromHost(error) : error;
    }
  }

  private begin(admitted: Admitted, { transport, output, usage }: Beginning): OpenedSession {
    const { engine, kind, model, identity, callId } = admitted;
    const startedAt = performance.now();
    const tap = new ObserverTap(this.observers, (observer, error) =>
      this.logger.error(`Observer "${observer.name}" failed; its next failures in this session are not logged`, {
        error,
      }),
    );
    const live = new LiveSession(output);
    const now = (): number => performance.now() - startedAt;
    const desk = new AgentDesk({ usage, tap, live, now });
    const session = openSessionOf(engine, {
      createSession: this.createSession,
      watched: this.observers.length > 0,
      flow: flowOf(transport),
      session: {
        kind,
        model,
        config: identity.session,
        limits: this.limits,
        turnTaking: this.options.turnTaking,
        tenant: identity.tenant,
        ...this.acting,
        context: this.options.context,
        output: live.output,
        usage,
        ...(transport.audio === undefined ? {} : { audio: transport.audio }),
        becomes: (agent) => desk.become(agent),
        observe: (observation) => {
          if (observation.type === "usage") live.spend(observation.usage);
          tap.observe(observation);
        },
        onFault: (error) => this.fault(error, session.id),
      },
    });
    const { tenant, keyId } = identity;
    const info = {
      ...session.info,
      kind,
      model,
      tenant,
      ...(keyId === undefined ? {} : { keyId }),
      ...(callId === undefined ? {} : { callId }),
      ...this.agentAt(admitted),
      transport: transport.kind,
      startedAt: Date.now(),
    };
    tap.begin(info);
    live.begin(session, info);
    this.sessions.add(live);
    const call =
      callId === undefined
        ? undefined
        : this.calls.add({ tenant, control: answeredCall(() => live.end(CloseCode.normal, "hangup")) }, callId);
    this.logger.info("Realtime session opened", info);
    return {
      session,
      ended: (code, reason) => {
        this.sessions.remove(live);
        usage.close();
        call?.ended();
        live.ended(code, reason);
        tap.observe({ type: "ended", at: now(), code, reason });
        this.logger.info("Realtime session ended", { sessionId: session.id, code, reason });
      },
    };
  }

  private check(event: ServerEvent): void {
    if (this.validation === "off") return;
    const problem = checkServerEvent(event);
    if (problem === null) return;
    const message = `The event ${event.type} does not have its official shape:\n${problem}`;
    if (this.validation === "throw") throw new Error(message);
    this.logger.error(message);
  }
}

/** A key's own configuration, with the client's on top. */
function withSession(identified: Identified, session: SessionConfigInput | undefined): Identified {
  if (session === undefined) return identified;
  const { identity } = identified;
  return { ...identified, identity: { ...identity, session: mergeSessionInput(identity.session, session) } };
}
