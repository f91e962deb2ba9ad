/** Requests and tokens of the running minute: taken of everybody that a session belongs to, or of nobody. */
import { DEFAULT_LIMITS } from "../../lib/services/limits/list";
import type { Limits } from "../../lib/services/limits/standing";
import { ProtocolError } from "../realtime/protocol/errors";
import type { RateLimit } from "../realtime/usage-gate";
import type { Counters } from "./counters";
import { type Subject, subjectsOf, type Who } from "./subjects";

type Kind = RateLimit["name"];
const COLUMNS = { requests: "requestsPerMinute", tokens: "tokensPerMinute" } as const;

/** What was taken of one subject, by the limit that held. */
interface Share {
  readonly key: string;
  readonly limit: number;
}

interface Taken {
  readonly shares: readonly Share[];
  readonly tightest: RateLimit;
}

export class Minute {
  constructor(
    private readonly counters: Counters,
    private readonly limitsOf: (org: string, subject: Subject) => Limits,
  ) {}

  /** @throws ProtocolError when somebody has too little left; nothing is taken of anybody then. */
  async take(who: Who, kind: Kind, points: number): Promise<Taken> {
    let tightest: RateLimit | undefined;
    const shares: Share[] = [];
    for (const subject of subjectsOf(who)) {
      const limit = this.limitsOf(who.tenant, subject)[COLUMNS[kind]] ?? DEFAULT_LIMITS[COLUMNS[kind]];
      const counted = await this.counters.take(kind, limit, { key: subject.id, points });
      if (!counted.allowed) {
        await this.correct(kind, shares, points);
        throw refused(tooMany({ subject, kind, limit, points, remaining: counted.remaining }), counted.resetSeconds);
      }
      shares.push({ key: subject.id, limit });
      const state = { name: kind, limit, remaining: counted.remaining, reset_seconds: counted.resetSeconds };
      if (tightest === undefined || state.remaining < tightest.remaining) tightest = state;
    }
    return { shares, tightest: tightest ?? { name: kind, limit: 0, remaining: 0, reset_seconds: 0 } };
  }

  /** Gives back to those that it was taken of, or takes more. */
  async correct(kind: Kind, shares: readonly Share[], points: number): Promise<void> {
    for (const { key, limit } of shares) await this.counters.correct(kind, limit, { key, points });
  }
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

export function refused(message: string, retryAfterSeconds?: number): ProtocolError {
  return new ProtocolError(message, {
    type: "rate_limit_error",
    code: "rate_limit_exceeded",
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds: Math.max(1, Math.ceil(retryAfterSeconds)) }),
  });
}
