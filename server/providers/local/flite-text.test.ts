import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutForFlite, speakableAscii } from "./flite-text";

describe("what Flite is given to say", () => {
  it.each([
    ["Hello there.", "Hello there."],
    ["  two\n\tlines\u0000 and\u200b more ", "two lines and more"],
    ["“Smart” — it’s ‘quoted’…", "\"Smart\", it's 'quoted'."],
    ["naïve café, Łódź, Straße, Ærø", "naive cafe, Lodz, Strasse, Aero"],
    ["-5 degrees", "-5 degrees"],
    ["- a bullet", "a bullet"],
    ["--help", "help"],
    ["20 °C or 68°F", "20 degrees Celsius or 68 degrees Fahrenheit"],
    ["€5 or 12,50 €, £3.20", "5 euros or 12,50 euros, 3.20 pounds"],
    ["3 × 4 ÷ 2 − 1", "3 times 4 divided by 2 minus 1"],
    ["5 * 3, 10 - 4, 10 / 2", "5 times 3, 10 minus 4, 10 divided by 2"],
    ["10–20, 3 < 5, C++ & 50%", "10 to 20, 3 less than 5, C++ & 50%"],
    ["half: 2½, ﬁne", "half: 2 1/2, fine"],
    ["See example.com or node.js. It is 3.14, e.g. this", "See example dot com or node dot js. It is 3.14, e.g. this"],
    ['<speak>Hello <break time="1s"/> you</speak>', "Hello you"],
    ["hi 👋🏽 there", "hi there"],
    ["Wait!!! What???", "Wait! What?"],
    ["日本語 works?", "works?"],
  ])("%j becomes %j", (text, said) => {
    expect(speakableAscii(text)).toBe(said);
  });

  it.each(["", " \n ", "👋🎉", "日本語。", "...", "?!", "\u0000\u0007", "—", "<break/>", "(-)"])(
    "%j says nothing",
    (text) => {
      expect(speakableAscii(text)).toBe("");
    },
  );

  it("is always one trimmed line of ASCII without endless words, and stays that when it is said again", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.string({ unit: "grapheme", maxLength: 200 }),
    );
    fc.assert(
      fc.property(text, (any) => {
        const said = speakableAscii(any);
        expect(said).toMatch(/^(?:|[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)$/);
        expect(said).not.toMatch(/\S{41}| {2}/);
        expect(speakableAscii(said)).toBe(said);
      }),
    );
  });
});

describe("cutting long texts", () => {
  it("leaves a short one whole", () => {
    expect(cutForFlite("Dr. Smith said: go. Then he left.", 1)).toEqual(["Dr. Smith said: go. Then he left."]);
    expect(cutForFlite("", 1)).toEqual([]);
  });

  it("cuts at the last sentence that fits, else at a pause, else between words, else anywhere", () => {
    const words = "word ".repeat(20).trim();
    expect(cutForFlite(`${words}. ${words}, ok. ${words}.`, 1)).toEqual([`${words}.`, `${words}, ok.`, `${words}.`]);
    expect(cutForFlite(`${words}, ${words}; ${words} end`, 1)).toEqual([`${words},`, `${words};`, `${words} end`]);
    expect(cutForFlite("word ".repeat(100).trim(), 1).map((piece) => piece.length)).toEqual([199, 199, 99]);
    expect(cutForFlite("x".repeat(450), 1).map((piece) => piece.length)).toEqual([200, 200, 50]);
  });

  it("makes smaller pieces of what takes long to say: digits, and slow speech", () => {
    const digits = "12345 ".repeat(40).trim();
    expect(Math.max(...cutForFlite(digits, 1).map((piece) => piece.length))).toBeLessThanOrEqual(50);
    expect(cutForFlite("word ".repeat(40).trim(), 0.25)).toHaveLength(2);
  });

  it("loses no word", () => {
    const text = fc.string({ unit: fc.constantFrom(..."ab1 .,!"), maxLength: 900 }).map(speakableAscii);
    fc.assert(
      fc.property(text, fc.double({ min: 0.25, max: 1.5, noNaN: true }), (said, speed) => {
        const pieces = cutForFlite(said, speed);
        expect(pieces.join("").replaceAll(" ", "")).toBe(said.replaceAll(" ", ""));
        for (const piece of pieces) expect(piece).not.toBe("");
      }),
    );
  });
});
