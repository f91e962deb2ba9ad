import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { beginClause, extendClause, finishClause, heardText, joinClause, type Spoken } from "./spoken";

function speak(clauses: readonly (readonly [text: string, ms: number])[]): Spoken {
  let spoken: Spoken = [];
  let at = 0;
  for (const [text, ms] of clauses) {
    spoken = beginClause(spoken, text, at);
    at += ms;
    spoken = extendClause(spoken, at);
  }
  return finishClause(spoken);
}

describe("heardText", () => {
  const spoken = speak([
    ["Hello there.", 1000],
    [" How are you today?", 2000],
  ]);

  it.each([
    [0, ""],
    [499, "Hello"],
    [1000, "Hello there."],
    [1500, "Hello there. How"],
    [3000, "Hello there. How are you today?"],
    [99_999, "Hello there. How are you today?"],
  ])("at %i ms is %j", (ms, text) => expect(heardText(spoken, ms)).toBe(text));

  it("does not take a clause for spoken while its audio is still coming", () => {
    const coming = extendClause(beginClause([], "one two three four five six", 0), 100);
    expect(heardText(coming, 100)).toBe("");
    expect(heardText(finishClause(coming), 100)).toBe("one two three four five six");
  });

  it("always yields a prefix that only grows with time", () => {
    const clauses = fc.array(fc.tuple(fc.string({ minLength: 1, maxLength: 40 }), fc.integer({ min: 0, max: 3000 })), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(clauses, fc.nat(20_000), fc.nat(20_000), (input, a, b) => {
        const record = speak(input);
        const [early, late] = [heardText(record, Math.min(a, b)), heardText(record, Math.max(a, b))];
        expect(late.startsWith(early)).toBe(true);
        expect(
          input
            .map(([text]) => text)
            .join("")
            .startsWith(late),
        ).toBe(true);
      }),
    );
  });

  it("words that join share their sound, in the order that they came", () => {
    const early = joinClause(joinClause(joinClause([], "Hello", 0), " there, how", 0), " are you?", 0);
    const known = extendClause(early, 1_000);
    // No more than a brisk speaker has said by then, as long as more may come.
    expect(heardText(known, 500)).toBe("Hello");
    expect(heardText(finishClause(known), 500)).toBe("Hello there,");
    const late = joinClause(extendClause(joinClause([], "One", 400), 800), " two.", 800);
    expect(heardText(finishClause(late), 400)).toBe("One");
    expect(heardText(finishClause(late), 0)).toBe("");
  });
});
