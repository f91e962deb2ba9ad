/** What usage costs. Money is counted in millionths, in whole numbers. */

export interface Price {
  /** Of a million tokens each, in millionths of the currency. */
  readonly inputText: number;
  readonly inputAudio: number;
  readonly cached: number;
  readonly outputText: number;
  readonly outputAudio: number;
  /** Of a minute of session. */
  readonly minute: number;
}

export interface Tokens {
  /** Cached ones included. */
  readonly inputText: number;
  readonly inputAudio: number;
  readonly cached: number;
  readonly outputText: number;
  readonly outputAudio: number;
}

const MILLION = 1_000_000;

export function costOf(tokens: Tokens, price: Price | undefined): number {
  if (price === undefined) return 0;
  // What the provider had cached is text, for all that is known.
  const fresh = Math.max(0, tokens.inputText - tokens.cached);
  const total =
    fresh * price.inputText +
    tokens.cached * price.cached +
    tokens.inputAudio * price.inputAudio +
    tokens.outputText * price.outputText +
    tokens.outputAudio * price.outputAudio;
  return Math.round(total / MILLION);
}

export function costOfTime(durationMs: number, price: Price | undefined): number {
  return price === undefined ? 0 : Math.round((durationMs / 60_000) * price.minute);
}
