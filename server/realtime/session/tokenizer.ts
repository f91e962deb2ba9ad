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

export function countTokens(text: string): number {
  return text === "" ? 0 : count(text);
}
