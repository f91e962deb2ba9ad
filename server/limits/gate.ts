/** The limits of organisations, keys and agents, as the library asks for them. */
import type { Logger } from "../../lib/logger";
import { OrgCache } from "../../lib/org-cache";
import { type Limits, NO_LIMITS, type Spent, type Standing } from "../../lib/services/limits/standing";
import type { RateLimit, SessionUsage, UsageGate, UsageLease, UsageSession } from "../realtime/usage-gate";
import type { Counters } from "./counters";
import { LiveCounts } from "./live-counts";
import { Minute, refused } from "./minute";
import { agentOf, type Subject, subjectsOf, type Who } from "./subjects";

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

const UNKNOWN: Standing = { limits: new Map(), spent: new Map() };

export function createLimitsGate({ counters, standing, log, keepMs = 5_000 }: LimitsGateOptions): LimitsGate {
  const cache = new OrgCache(standing, keepMs);
  const alive = new LiveCounts();
  const minute = new Minute(counters, (org, subject) => limitsOf(org, subject));
  const limitsOf = (org: string, { name }: Subject): Limits => ({ ...NO_LIMITS, ...cache.peek(org)?.limits.get(name) });
  /** `begins`: those of whom there is one session more from now on. */
  const judge = (who: Who, begins: readonly Subject[]): void => {
    const { spent } = cache.peek(who.tenant) ?? UNKNOWN;
    for (const subject of subjectsOf(who)) {
      const limits = limitsOf(who.tenant, subject);
      const used = spent.get(subject.name);
      requireAllowance(subject, limits, used);
      const sessions = Math.max(alive.of(subject.id), used?.sessions ?? 0);
      const full = limits.concurrentSessions !== null && sessions >= limits.concurrentSessions;
      if (full && begins.some(({ id }) => id === subject.id))
        throw refused(
          `${subject.label} may have ${limits.concurrentSessions} session${limits.concurrentSessions === 1 ? "" : "s"} at a time.`,
        );
    }
  };
  const openSession = (session: UsageSession): SessionUsage => {
    const { agentId: named, ...opened } = session;
    let who: Who = { ...opened, ...(named !== undefined && { agentId: named }) };
    judge(who, subjectsOf(who));
    const ends = alive.begin(subjectsOf(opened));
    let agentEnds = alive.begin(agentOf(who));
    const known = new Map<RateLimit["name"], RateLimit>();
    return {
      reserve: async (tokens, agent): Promise<UsageLease> => {
        const spender: Who = agent === undefined ? who : { ...opened, ...agent };
        judge(spender, []);
        known.set("requests", (await minute.take(spender, "requests", 1)).tightest);
        const { tightest, shares } = await minute.take(spender, "tokens", tokens);
        known.set("tokens", tightest);
        return {
          settle: (actual) => {
            const back = tokens - actual;
            const remaining = Math.min(tightest.limit, Math.max(0, tightest.remaining + back));
            known.set("tokens", { ...tightest, remaining });
            minute
              .correct("tokens", shares, back)
              .catch((error: unknown) => log.warn("Tokens could not be settled.", error));
          },
        };
      },
      limits: () => [...known.values()],
      become: (agent) => {
        const next: Who = { ...opened, ...agent };
        if (next.agentId === who.agentId) return;
        judge(next, agentOf(next));
        agentEnds();
        agentEnds = alive.begin(agentOf(next));
        who = next;
      },
      close: () => {
        ends();
        agentEnds();
      },
    };
  };
  return {
    open: openSession,
    request: async (who) => {
      await cache.get(who.tenant).catch(() => undefined);
      await minute.take(who, "requests", 1);
    },
    prepare: (org) =>
      cache.get(org).then(
        () => undefined,
        (error: unknown) => log.warn("Limits cannot be read; those known from before hold, or the defaults.", error),
      ),
    forget: (org) => cache.forget(org),
  };
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
