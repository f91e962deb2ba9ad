/** Words that say "go on, I am listening": heard while the assistant speaks, they are no interruption. */
const BACKCHANNELS = new Set([
  "mm",
  "mmm",
  "mhm",
  "mm hm",
  "mm hmm",
  "hm",
  "hmm",
  "uh huh",
  "aha",
  "ah",
  "oh",
  "i see",
  "yeah",
  "yep",
  "yup",
  "right",
  "sure",
  "ok",
  "okay",
  "got it",
  "all right",
  "alright",
  "really",
  "wow",
  "nice",
  "cool",
  "great",
  "good",
]);

/** True when the words are nothing but one or two of those. Silence is one, too: a cough has no words. */
export function isBackchannel(words: string): boolean {
  const plain = words
    .toLowerCase()
    .replace(/[^\p{L}\s]+/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  if (plain === "" || BACKCHANNELS.has(plain)) return true;
  const all = plain.split(" ");
  return all.length <= 4 && splits(all).some(([first, rest]) => BACKCHANNELS.has(first) && BACKCHANNELS.has(rest));
}

function splits(words: readonly string[]): (readonly [string, string])[] {
  return words.slice(1).map((_word, index) => [words.slice(0, index + 1).join(" "), words.slice(index + 1).join(" ")]);
}
