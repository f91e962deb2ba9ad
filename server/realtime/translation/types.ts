/** What a translator is given, and what it tells. It knows no events and no session. */
import type { Engine, TokenUsage } from "../engine/types";

/** An engine that can do it all: hear, translate and speak. */
export type TranslatingEngine = Engine & Required<Pick<Engine, "speak">>;

export interface TranslationSettings {
  /** BCP 47 tag of the language to translate into. */
  readonly language: string;
  /** The recogniser's model, if somebody named one. */
  readonly transcriptionModel: string | undefined;
}

/** `elapsedMs`: where it belongs in the audio that came in, in whole frames. It never goes back. */
export type TranslationReport =
  | { readonly type: "heard"; readonly text: string; readonly elapsedMs: number }
  | { readonly type: "translated"; readonly text: string; readonly elapsedMs: number }
  /** Wire bytes: PCM16 at 24 kHz. */
  | { readonly type: "spoken"; readonly bytes: Buffer; readonly elapsedMs: number }
  /** So much of the talk was given to the recogniser. */
  | { readonly type: "listened"; readonly ms: number }
  /** A piece of the talk is lost; the rest goes on. */
  | { readonly type: "failed"; readonly error: unknown };

/** What the language model was asked for one clause. */
export interface AskedForClause {
  readonly instructions: string;
  /** The clauses before it, in both languages, and itself. */
  readonly shown: readonly string[];
}

/** What came of it. */
export interface ClauseAnswer {
  readonly text: string;
  /** The provider's own figures. */
  readonly usage: TokenUsage | undefined;
}

export interface TranslatorOptions {
  readonly engine: TranslatingEngine;
  readonly sessionId: string;
  readonly model: string;
  /** Asked whenever they are needed: they may change at any time. */
  settings(): TranslationSettings;
  /** Resolves when the client has room for more audio. */
  room(): Promise<void>;
  report(report: TranslationReport): void;
  /** Asked before each clause, and told what came of it; undefined: nothing. Rejects where there is no room: the clause is lost. */
  admit(asked: AskedForClause): Promise<(answer: ClauseAnswer | undefined) => void>;
}
