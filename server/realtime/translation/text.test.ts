import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TranscriptEvent } from "../engine/types";
import { languageName } from "./language";
import { ClauseCutter, GrowingText, newWords } from "./text";

async function words(...events: TranscriptEvent[]): Promise<string[]> {
  const source = (async function* () {
    yield* events;
  })();
  const seen: string[] = [];
  for await (const text of newWords(source)) seen.push(text);
  return seen;
}

const delta = (text: string): TranscriptEvent => ({ type: "delta", text });
const done = (text: string): TranscriptEvent => ({ type: "done", text });

describe("new words", () => {
  it.each<[string, TranscriptEvent[], string[]]>([
    ["only a whole", [done("hello there")], ["hello there"]],
    ["deltas that are the whole", [delta("hello "), delta("there"), done("hello there")], ["hello ", "there"]],
    ["a whole that goes on", [delta("hello"), done("hello there")], ["hello", " there"]],
    [
      "a whole that corrects what was said",
      [delta("hallo "), done("Hello there, friend.")],
      ["hallo ", " there, friend."],
    ],
    ["a whole that takes words back", [delta("one two three"), done("one")], ["one two three"]],
    ["speakers", [{ type: "segment", id: "s", speaker: "A", text: "hi", start: 0, end: 1 }, done("hi")], ["hi"]],
    ["nothing", [done("")], []],
  ])("of %s are told once", async (_what, events, expected) => {
    expect(await words(...events)).toEqual(expected);
  });
});

describe("clauses", () => {
  it("joined are the words, to the letter but for blank ends, however they were cut", () => {
    const text = fc
      .array(fc.constantFrom("hello", "world,", "this", "is.", "Fine!", "3.14", "so;", "then", "你好。"), {
        maxLength: 80,
      })
      .map((list) => list.join(" "));
    fc.assert(
      fc.property(text, fc.array(fc.nat({ max: 400 }), { maxLength: 8 }), (whole, cuts) => {
        const cutter = new ClauseCutter();
        const at = [0, ...cuts.map((cut) => Math.min(cut, whole.length)).sort((a, b) => a - b), whole.length];
        const clauses = at.slice(1).flatMap((end, index) => cutter.push(whole.slice(at[index], end)));
        expect([...clauses, ...cutter.flush()].join("").trim()).toBe(whole.trim());
      }),
    );
  });

  it("without punctuation are cut between words when they grow long", () => {
    const cutter = new ClauseCutter();
    const clauses = Array.from({ length: 60 }, (_, index) => cutter.push(` word${index}`)).flat();
    expect(clauses.length).toBeGreaterThanOrEqual(2);
    for (const clause of clauses) expect(clause.trim().split(" ").length).toBeLessThanOrEqual(20);
  });
});

describe("a growing text", () => {
  it.each([
    [["Hello.", "How are you?"], "Hello. How are you?"],
    [["Hello. ", " How are you?"], "Hello. How are you?"],
    [["你好。", "你好吗？"], "你好。你好吗？"],
    [["", "  ", "Yes."], "Yes."],
  ])("%j becomes %j", (pieces, expected) => {
    const text = new GrowingText();
    expect(pieces.map((piece) => text.begin(piece)).join("")).toBe(expected);
  });
});

describe("languages", () => {
  it.each([
    ["es", "Spanish"],
    ["pt-BR", "Brazilian Portuguese"],
    ["zh-Hant", "Traditional Chinese"],
    ["DE", "German"],
    ["xx", undefined],
    ["klingon", undefined],
    ["", undefined],
    ["en_US", undefined],
    ["../etc", undefined],
  ])("%j is %j", (tag, name) => {
    expect(languageName(tag)).toBe(name);
  });
});
