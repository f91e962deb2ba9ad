/** Regular expressions of strangers, run in time that grows with the text and not with its powers. */
import { RE2JS } from "re2js";

/** Longer texts fit no pattern: nobody speaks so much into one field. */
const MAX_LETTERS = 10_000;

interface Matcher {
  toString(): string;
  test(text: string): boolean;
}

/** For Ajv's `code.regExp`. Throws a SyntaxError for what is no regular expression. */
export function safeRegExp(pattern: string, flags: string): Matcher {
  // Says what is wrong in the words of JavaScript; making one is cheap, only running it can be dear.
  new RegExp(pattern, flags);
  const compiled = compile(pattern);
  return {
    test: (text) => text.length <= MAX_LETTERS && (compiled === undefined || compiled.matcher(text).find()),
    // Ajv tells patterns apart by this.
    toString: () => `/${pattern}/${flags}`,
  };
}
safeRegExp.code = "safeRegExp";

/** Undefined for the few that need backtracking (look-around, back-references): those are not held against anybody. */
function compile(pattern: string): RE2JS | undefined {
  try {
    return RE2JS.compile(RE2JS.translateRegExp(pattern));
  } catch {
    return undefined;
  }
}
