/** Everything of a handler that is not HTTP: who may come in, which sessions live, and how they end. */
import { chooseModel } from "./admission";
import type { Admitted, Arrival } from "./admission";
import { Authenticator } from "./authenticator";
import { Connection } from "./connection";
import type { ConnectionHost, OpenedSession, Session } from "./connection";
import type { Logger } from "./logger";
import { silentLogger } from "./logger";
import type { ModelCatalogue } from "./models";
import { createModelCatalogue } from "./models";
import { ObserverTap } from "./observers/dispatch";
import type { SessionInfo, SessionObserver } from "./observers/types";
import type { EventValidation, RealtimeHandlerOptions, RealtimeLimits } from "./options";
import { eventValidation, withDefaultLimits } from "./options";
import { checkServerEvent } from "./protocol/server-events";
import type { ServerEvent } from "./protocol/server-events";
import { refusals } from "./refusal";
import type { SecretStore } from "./secrets";
import { memorySecretStore } from "./secrets";
import type { SessionOptions, SessionOutput } from "./session/types";
import type { Transport } from "./transport/types";

export type CreateSession = (options: SessionOptions) => Session;

const DEFAULT_DRAIN_MS = 10_000;

export class RealtimeService {
  readonly models: ModelCatalogue;
  readonly secrets: SecretStore;
  readonly authenticator: Authenticator;
  private readonly logger: Logger;
  private readonly limits: Required<RealtimeLimits>;
  private readonly observers: readonly SessionObserver[];
  private readonly validation: EventValidation;
  private readonly connections = new Set<Connection>();
  private readonly sessions = new Map<string, SessionInfo>();
  private pending = 0;
  private closing: Promise<void> | undefined;

  constructor(
    private readonly options: RealtimeHandlerOptions,
    private readonly createSession: CreateSession,
  ) {
    this.models = createModelCatalogue(options);
    this.secrets = options.secrets ?? memorySecretStore();
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
      onFault: (error) => this.fault(error),
    });
  }

  get isClosing(): boolean {
    return this.closing !== undefined;
  }

  /** Serves one client. Must be called in the tick in which the transport came. */
  accept(transport: Transport, arrival: Arrival): void {
    this.connections.add(new Connection(this.host, transport, arrival));
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

  private async admit(arrival: Arrival, signal: AbortSignal): Promise<Admitted> {
    if (this.isClosing) throw refusals.shuttingDown();
    if (this.pending >= this.limits.maxPending) throw refusals.tooManyPending();
    this.pending++;
    try {
      const { identity } = await this.authenticator.identify({ ...arrival.origin, purpose: "session" }, signal);
      return chooseModel(arrival, identity, this.models);
    } finally {
      this.pending--;
    }
  }

  private openSession(admitted: Admitted, transport: Transport, output: SessionOutput): OpenedSession {
    const { engine, model, identity } = admitted;
    if (this.sessions.size >= this.limits.maxSessions) throw refusals.tooManySessions();
    const startedAt = performance.now();
    const tap = new ObserverTap(this.observers, (observer, error) =>
      this.logger.error(`Observer "${observer.name}" failed; its next failures in this session are not logged`, {
        error,
      }),
    );
    const session = this.createSession({
      engine,
      model,
      config: identity.session,
      limits: this.limits,
      turnTaking: this.options.turnTaking,
      context: this.options.context,
      output,
      observe: tap.observe,
      onFault: (error) => this.fault(error, session.id),
    });
    const { tenant } = identity;
    const info = { ...session.info, model, tenant, transport: transport.kind, startedAt: Date.now() };
    tap.begin(info);
    this.sessions.set(session.id, info);
    this.logger.info("Realtime session opened", info);
    return {
      session,
      ended: (code, reason) => {
        this.sessions.delete(session.id);
        tap.observe({ type: "ended", at: performance.now() - startedAt, code, reason });
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
