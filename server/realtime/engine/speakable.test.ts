import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createClauseSplitter } from "./clauses";
import { createSpeakable } from "./speakable";

const speak = (text: string): string => createSpeakable()(text);

describe("what is spoken of a clause", () => {
  it.each([
    ["Plain words, 3.14 and it's fine.", "Plain words, 3.14 and it's fine."],
    ["  spread \n over\t lines ", "spread over lines"],
    ["This is **very** _important_, ~~not~~ `code`.", "This is very important, not code."],
    ["***Both*** and __strong__.", "Both and strong."],
    ["**half a mark,", "half a mark,"],
    ["2 * 3 is 6, 2**3 is 8, about ~5.", "2 * 3 is 6, 2**3 is 8, about ~5."],
    ["call get_user_name now", "call get user name now"],
    ["It costs **3** dollars, **4 more**", "It costs 3 dollars, 4 more"],
    ["## A heading", "A heading"],
    ["- a bullet\n* another\n  + third", "a bullet another third"],
    ["1. first", "1. first"],
    ["> quoted", "quoted"],
    ["- # both", "both"],
    ["It is -5 degrees, a well-known fact", "It is -5 degrees, a well-known fact"],
    ["See [the docs](https://example.com/a_b?x=1) now", "See the docs now"],
    ["![A cat](cat.png) sleeps", "A cat sleeps"],
    ["half [a link,", "half a link,"],
    ['words](https://example.com "title") after', "words after"],
    ["an array [1] stays", "an array [1] stays"],
    ["| Name | Age |", "Name, Age"],
    ["Hi 👋🏽, fine 👨‍👩‍👧 ☺️ 🇩🇪!", "Hi, fine!"],
    ["© 2026 Me™ and 1️⃣", "© 2026 Me™ and 1"],
    ["日本語です。", "日本語です。"],
  ])("%j → %j", (text, spoken) => {
    expect(speak(text)).toBe(spoken);
  });

  it.each(["", " \n", "👍", "---", "***", "| --- | :-: |", "```", "...", "?!", "**", "— "])(
    "%j is not spoken",
    (text) => {
      expect(speak(text)).toBe("");
    },
  );

  it("leaves out code blocks, over any number of clauses", () => {
    const speakable = createSpeakable();
    expect(["Look:\n", "```js\n", "const a = 1;\n", "```\n", "Done."].map(speakable)).toEqual([
      "Look:",
      "",
      "",
      "",
      "Done.",
    ]);
    expect(speak("Before ```x = 1``` after")).toBe("Before after");
    expect(createSpeakable()("never closed ``` x")).toBe("never closed");
  });

  it("leaves the words of a split text as they are", () => {
    fc.assert(
      fc.property(fc.lorem({ mode: "sentences", maxCount: 8 }), (text) => {
        const splitter = createClauseSplitter();
        const clauses = [...splitter.push(text), ...splitter.flush()];
        expect(clauses.map(createSpeakable()).join(" ")).toBe(text);
      }),
    );
  });

  it("is quick on hostile input", () => {
    const started = performance.now();
    for (const bait of ["[", "![", "](", "| ", "-", "- ", "*", "`", "_", "# ", "> ", " |", ":-"])
      speak(bait.repeat(1000));
    expect(performance.now() - started).toBeLessThan(500);
  });
});
