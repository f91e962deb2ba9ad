/** Counts text tokens. The vocabulary takes a while to load, so it loads once, on demand, beside the first session. */
type Count = (text: string) => number;

/** About four bytes a token: good enough for the moments before the vocabulary is there. */
const estimate: Count = (text) => Math.ceil(Buffer.byteLength(text) / 4);

let count: Count = estimate;
let loading: Promise<void> | undefined;

export function loadTokenizer(): Promise<void> {
  loading ??= import("gpt-tokenizer/encoding/o200k_base").then((module) => {
    count = (text) => module.countTokens(text);
  });
  return loading;
}

/** Whether the vocabulary is there; until then counts are guesses, not worth keeping. */
export function isExact(): boolean {
  return count !== estimate;
}

/** Longer texts are measured by their beginning: a client must not be able to keep the process busy. */
const MAX_COUNTED = 50_000;
/** The vocabulary takes time that grows with the square of a run without spaces. */
const SLICE = 1_000;

export function countTokens(text: string): number {
  const counted = Math.min(text.length, MAX_COUNTED);
  let tokens = 0;
  for (let at = 0; at < counted; at += SLICE) tokens += count(text.slice(at, Math.min(at + SLICE, counted)));
  return counted === 0 ? 0 : Math.ceil((tokens * text.length) / counted);
}
