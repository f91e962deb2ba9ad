import type { Utterance } from "./utterance";

/** What a skill may know besides the words. */
export interface SkillContext {
  readonly now: Date;
  /** For times and dates, for example `en-US`. */
  readonly locale: string;
  /** IANA name; undefined for this machine's own. */
  readonly timeZone: string | undefined;
  /** Names of the tools that the session has, as spoken words. */
  readonly tools: readonly string[];
  /** What the user said before this, oldest first. */
  readonly earlier: readonly string[];
  /** What was answered last. */
  readonly lastSaid: string | undefined;
}

/** Answers what it understands, and leaves everything else to the others. Same words, same context: same reply. */
export type Skill = (utterance: Utterance, context: SkillContext) => string | undefined;
