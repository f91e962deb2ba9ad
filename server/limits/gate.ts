/** The limits of organisations and keys, as the library asks for them. */
import type { Logger } from "../../lib/logger";
import { OrgCache } from "../../lib/org-cache";
import { DEFAULT_LIMITS } from "../../lib/services/limits/list";
import { type Limits, type Spent, type Standing, subjectOf } from "../../lib/services/limits/standing";
import { ProtocolError } from "../realtime/protocol/errors";
import type { RateLimit, SessionUsage, UsageGate, UsageLease, UsageSession } from "../realtime/usage-gate";
import type { Counters } from "./counters";

export interface LimitsGateOptions {
  readonly counters: Counters;
  readonly standing: (org: string) => Promise<Standing>;
  readonly log: Pick<Logger, "warn">;
  /** Milliseconds that a standing counts. Default: 5,000. */
  readonly keepMs?: number;
}

export interface LimitsGate extends UsageGate {
  /** Reads the organisation's standing, so that the next session is judged by it. Never rejects. */
  prepare(org: string): Promise<void>;
  forget(org: string): void;
}

interface Subject {
  readonly name: string;
  readonly label: string;
  /** Among those of all organisations. */
  readonly id: string;
}

type Who = Pick<UsageSession, "tenant" | "keyId">;

const UNKNOWN: Standing = { limits: new Map(), spent: new Map() };

export function createLimitsGate({ counters, standing, log, keepMs = 5_000 }: LimitsGateOptions): LimitsGate {
  const cache = new OrgCache(standing, keepMs);
  const alive = new LiveCounts();
  const limitsOf = (org: string, { name }: Subject): Limits => ({ ...NO_LIMITS, ...cache.peek(org)?.limits.get(name) });
  const judge = (who: Who, begins: boolean): void => {
    const { spent } = cache.peek(who.tenant) ?? UNKNOWN;
    for (const subject of subjectsOf(who)) {
      const limits = limitsOf(who.tenant, subject);
      const used = spent.get(subject.name);
      requireAllowance(subject, limits, used);
      const sessions = Math.max(alive.of(subject.id), used?.sessions ?? 0);
      if (begins && limits.concurrentSessions !== null && sessions >= limits.concurrentSessions)
        throw refused(`${subject.label} may have ${limits.concurrentSessions} sessions at a time.`);
    }
  };
  /** Takes points of every subject, or of none. Returns the tightest. */
  const take = async (who: Who, kind: Kind, points: number): Promise<RateLimit> => {
    let tightest: RateLimit | undefined;
    const taken: { readonly key: string; readonly limit: number }[] = [];
    for (const subject of subjectsOf(who)) {
      const limit = limitsOf(who.tenant, subject)[COLUMNS[kind]] ?? DEFAULT_LIMITS[COLUMNS[kind]];
      const counted = await counters.take(kind, limit, { key: subject.id, points });
      if (!counted.allowed) {
        for (const { key, limit: of } of taken) await counters.correct(kind, of, { key, points });
        throw refused(tooMany({ subject, kind, limit, points, remaining: counted.remaining }), counted.resetSeconds);
      }
      taken.push({ key: subject.id, limit });
      const state = { name: kind, limit, remaining: counted.remaining, reset_seconds: counted.resetSeconds };
      if (tightest === undefined || state.remaining < tightest.remaining) tightest = state;
    }
    return tightest ?? { name: kind, limit: 0, remaining: 0, reset_seconds: 0 };
  };
  const correct = async (who: Who, points: number): Promise<void> => {
    for (const subject of subjectsOf(who)) {
      const limit = limitsOf(who.tenant, subject).tokensPerMinute ?? DEFAULT_LIMITS.tokensPerMinute;
      await counters.correct("tokens", limit, { key: subject.id, points });
    }
  };

  const openSession = (session: UsageSession): SessionUsage => {
    judge(session, true);
    const end = alive.begin(subjectsOf(session).map(({ id }) => id));
    const known = new Map<Kind, RateLimit>();
    return {
      reserve: async (tokens): Promise<UsageLease> => {
        judge(session, false);
        known.set("requests", await take(session, "requests", 1));
        const state = await take(session, "tokens", tokens);
        known.set("tokens", state);
        return {
          settle: (actual) => {
            const back = tokens - actual;
            const remaining = Math.min(state.limit, Math.max(0, state.remaining + back));
            known.set("tokens", { ...state, remaining });
            correct(session, back).catch((error: unknown) => log.warn("Tokens could not be settled.", error));
          },
        };
      },
      limits: () => [...known.values()],
      close: end,
    };
  };
  return {
    open: openSession,
    request: async (who) => {
      await cache.get(who.tenant).catch(() => undefined);
      await take(who, "requests", 1);
    },
    prepare: (org) =>
      cache.get(org).then(
        () => undefined,
        (error: unknown) => log.warn("Limits cannot be read; those known from before hold, or the defaults.", error),
      ),
    forget: (org) => cache.forget(org),
  };
}

/** The sessions alive in this process. */
class LiveCounts {
  private readonly counts = new Map<string, number>();

  of(id: string): number {
    return this.counts.get(id) ?? 0;
  }

  /** Returns what ends it, once. */
  begin(ids: readonly string[]): () => void {
    for (const id of ids) this.counts.set(id, this.of(id) + 1);
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      for (const id of ids) {
        if (this.of(id) > 1) this.counts.set(id, this.of(id) - 1);
        else this.counts.delete(id);
      }
    };
  }
}

type Kind = RateLimit["name"];
const COLUMNS = { requests: "requestsPerMinute", tokens: "tokensPerMinute" } as const;

const NO_LIMITS: Limits = {
  requestsPerMinute: null,
  tokensPerMinute: null,
  concurrentSessions: null,
  minutesPerDay: null,
  minutesPerMonth: null,
  costPerDayMicros: null,
  costPerMonthMicros: null,
};

function subjectsOf({ tenant, keyId }: Who): Subject[] {
  const organisation = { name: subjectOf.organisation, label: "Your organisation", id: tenant };
  if (keyId === undefined) return [organisation];
  return [organisation, { name: subjectOf.key(keyId), label: "This API key", id: `${tenant} ${keyId}` }];
}

function requireAllowance({ label }: Subject, limits: Limits, used: Spent | undefined): void {
  const allowances = [
    [limits.minutesPerDay, used?.minutesDay, "minutes a day"],
    [limits.minutesPerMonth, used?.minutesMonth, "minutes a month"],
    [limits.costPerDayMicros, used?.costDayMicros, "spending a day"],
    [limits.costPerMonthMicros, used?.costMonthMicros, "spending a month"],
  ] as const;
  for (const [limit, spent, what] of allowances)
    if (limit !== null && (spent ?? 0) >= limit) throw refused(`${label} has used up its ${what}.`);
}

interface TooMany {
  readonly subject: Subject;
  readonly kind: Kind;
  readonly limit: number;
  readonly points: number;
  readonly remaining: number;
}

function tooMany({ subject, kind, limit, points, remaining }: TooMany): string {
  const asked = kind === "tokens" ? `, about ${points} are asked for` : "";
  return `${subject.label} has reached its ${limit} ${kind} per minute: ${remaining} are left${asked}. Try again in a moment.`;
}

function refused(message: string, retryAfterSeconds?: number): ProtocolError {
  return new ProtocolError(message, {
    type: "rate_limit_error",
    code: "rate_limit_exceeded",
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds: Math.max(1, Math.ceil(retryAfterSeconds)) }),
  });
}
