/** Short words that stand in nearly every English sentence and in few others. */
const COMMON = new Set(
  `the a an and or but of to for with at from is are was it i you he she we they my your this that what who how where
  when why can could would will do does don't i'm it's what's have has not yes no please thanks thank hello hi okay ok hey bye sure
  me set turn play stop show tell two three four five six seven eight nine oh`.split(/\s+/),
);

/** By the session's word, or else by the words themselves: one in five is a common English one. */
export function isEnglish(language: string | undefined, words: readonly string[]): boolean {
  if (language !== undefined && language !== "") return /^en(g|glish)?\b/i.test(language);
  const common = words.filter((word) => COMMON.has(word)).length;
  return common * 5 >= words.length;
}
