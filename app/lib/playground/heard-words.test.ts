import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { heardLength, type SpokenText } from "./heard-words";

/** Two pieces of text: the first takes a second, the second takes two. */
const reply: SpokenText = {
  text: "Good morning to you. How are you doing today?",
  marks: [
    { chars: 0, ms: 0 },
    { chars: 21, ms: 1000 },
  ],
  audioMs: 3000,
  complete: true,
};
const heard = (ms: number, spoken = reply) => spoken.text.slice(0, heardLength(spoken, ms));

describe("heard words", () => {
  it("counts a word once it was spoken to its end", () => {
    expect(heard(0)).toBe("");
    expect(heard(250)).toBe("Good");
    expect(heard(999)).toBe("Good morning to you.");
    expect(heard(1500)).toBe("Good morning to you. How");
    expect(heard(3000)).toBe(reply.text);
    expect(heard(9000)).toBe(reply.text);
  });

  it("guesses how long a piece will be while its audio is still coming", () => {
    const coming = { ...reply, audioMs: 1100, complete: false };
    expect(heard(1100, coming)).toBe("Good morning to you.");
    expect(heard(1400, coming)).toBe("Good morning to you. How");
  });

  it("counts pieces that came before any audio as one", () => {
    const early = {
      text: "One two three four",
      marks: [0, 4, 8].map((chars) => ({ chars, ms: 0 })),
      audioMs: 1000,
      complete: true,
    };
    expect(heard(0, early)).toBe("");
    expect(heard(500, early)).toBe("One two");
    expect(heard(1000, early)).toBe(early.text);
  });

  it("takes a written reply as read", () => {
    expect(heard(0, { ...reply, marks: [], audioMs: 0 })).toBe(reply.text);
  });

  it("never takes a word back", () => {
    fc.assert(
      fc.property(fc.nat(4000), fc.nat(4000), (a, b) => {
        expect(heardLength(reply, Math.min(a, b))).toBeLessThanOrEqual(heardLength(reply, Math.max(a, b)));
      }),
    );
  });
});
