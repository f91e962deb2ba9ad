import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createClauseSplitter } from "./clauses";

function split(...chunks: string[]): string[] {
  const splitter = createClauseSplitter("en");
  return [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.flush()];
}

/** A text with `|` where the cuts are expected. */
function expectCuts(marked: string): void {
  expect(split(marked.replaceAll("|", ""))).toEqual(marked.split("|"));
}

describe("where clauses end", () => {
  it.each([
    "Hello there. |How are you? |Fine!",
    "Really?! |“Yes.” |He nodded. |(Slowly.) |Good.",
    "He said “Go.” |“Where?” |she asked.",
    "**Bold.** |_Next._ |Last",
    "Well… |I see… but no... |Then what. . . well",
    "Bonjour ! |Ça va ? |Oui",
  ])("sentences: %s", expectCuts);

  it.each([
    "Dr. Smith met Mr. and Mrs. Jones of the U.S. Army. |Then they left.",
    "Use e.g. Apples, i.e. Pears or z. B. Äpfel vs. Nuts. |J.-P. Sartre did. |Done.",
    "J. R. R. Tolkien wrote it. |Who?",
    "See No. 5 and Fig. 3 on Jan. 2 at 5 p.m. Eastern. |No. |I won't.",
  ])("abbreviations stay whole: %s", expectCuts);

  it.each([
    "Pi is 3.14 and not 1,000.50 at 10:30. |Right",
    "From 10—20 or 5 - 3 or 10 – 20 we get 1:2. |Good",
    "1. Milk\n|2. Bread\n|- Eggs\n|* Ham\n|\n1) Tea",
    "On 3. Oktober we meet. |Yes",
  ])("numbers stay whole: %s", expectCuts);

  it.each([
    "Write to a.b@example.com or see https://x.example.com/a?b=1,2;c!d:e#f. |Then",
    "Use node.js or v1.2.3 of www.example.org. |Then",
  ])("addresses stay whole: %s", expectCuts);

  it.each(["你好。|今天天气很好！|你呢？|好", "「こんにちは。」|と言った。|はい", "नमस्ते। |आप कैसे हैं?", "مرحبا؟ |نعم."])(
    "other scripts: %s",
    expectCuts,
  );

  it.each([
    "Well, let me think, |that is a hard one, since it depends on a great many things, |and so on.",
    "Yes, of course I can: |here it is.",
    "That is a good question — |and I like it.",
    "That is a good question—|and I like it.",
    "The first - or so they say - |was best.",
    "今天天气很好吧，|我们去公园",
    "Bring me some fruit e.g., apples, |pears.",
    "If it is so Dr., go",
  ])("the first clause is cut early: %s", expectCuts);

  it("cuts later clauses at a pause only when they have become long", () => {
    expectCuts(
      "Hi. |One two three four five, six seven eight, nine ten eleven. |" +
        "One two three four five, six seven eight nine ten eleven twelve, |and the rest.",
    );
  });

  it("needs letters before it spends the first cut", () => {
    expectCuts("\n\n- One two three four, |five six seven eight, nine");
  });
});

describe("waiting for what follows", () => {
  it("holds a stop at the edge of a chunk until the next character is known", () => {
    const splitter = createClauseSplitter();
    expect(splitter.push("It costs 3.")).toEqual([]);
    expect(splitter.push("14 today.")).toEqual([]);
    expect(splitter.push(" ")).toEqual([]);
    expect(splitter.push("Fine")).toEqual(["It costs 3.14 today. "]);
    expect(splitter.flush()).toEqual(["Fine"]);
    expect(splitter.flush()).toEqual([]);
  });

  it("does not wait after a line end", () => {
    expect(createClauseSplitter().push("Hello\n")).toEqual(["Hello\n"]);
  });

  it("starts afresh after a flush", () => {
    const splitter = createClauseSplitter();
    splitter.push("A first sentence. And");
    splitter.flush();
    expect(splitter.push("one two three four, five")).toEqual(["one two three four, "]);
  });
});

describe("bounds", () => {
  it("cuts a long run without punctuation between two words", () => {
    const text = "word ".repeat(400);
    const clauses = split(text);
    expect(clauses.join("")).toBe(text);
    expect(clauses.length).toBeGreaterThan(5);
    for (const clause of clauses) expect(clause).toMatch(/^(word )+$/);
    expect(Math.max(...clauses.map((clause) => clause.length))).toBeLessThanOrEqual(300);
  });

  it("cuts a long run of a script without spaces between two words", () => {
    const clauses = split("今天我们去公园散步".repeat(100));
    expect(clauses.join("")).toBe("今天我们去公园散步".repeat(100));
    expect(Math.max(...clauses.map((clause) => clause.length))).toBeLessThanOrEqual(300);
  });

  it.each([
    ["a blob", "x".repeat(5000)],
    ["emoji", "😀".repeat(3000)],
  ])("cuts %s, but no character in two", (_name, text) => {
    const clauses = split(text);
    expect(clauses.join("")).toBe(text);
    expect(Math.max(...clauses.map((clause) => clause.length))).toBeLessThanOrEqual(1001);
    for (const clause of clauses) expect(clause).not.toMatch(/^\p{M}|^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/u);
  });

  it("cuts even one letter with thousands of marks", () => {
    const text = `e${"\u0301".repeat(5000)}`;
    expect(split(text).join("")).toBe(text);
    expect(split(text)).toHaveLength(6);
  });

  it("keeps an address of 500 characters whole", () => {
    const address = `https://example.com/${"a".repeat(480)}`;
    expect(split(`See ${address} for more. Then`).join("|")).toBe(`See |${address} |for more. |Then`);
  });
});

describe("properties", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "Dr. ",
      "3.14",
      "e.g. ",
      "… ",
      "... ",
      "\n",
      "\r\n",
      "。",
      "，",
      "1. ",
      " - ",
      "—",
      '"',
      "**",
      "😀",
      "U.S. ",
    ),
    fc.constantFrom(". ", "! ", "? ", ", ", ": ", ".", ",", " "),
    fc.string({ unit: "binary", maxLength: 12 }),
    fc.lorem({ maxCount: 8 }),
  );
  const text = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(""));

  it("joined, the clauses are the text, however it was chunked, and the chunks change nothing", () => {
    fc.assert(
      fc.property(text, fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 40 }), (whole, sizes) => {
        const chunks: string[] = [];
        for (let at = 0, turn = 0; at < whole.length; turn++) {
          const size = 1 + sizes[turn % sizes.length]!;
          chunks.push(whole.slice(at, at + size));
          at += size;
        }
        const clauses = split(...chunks);
        expect(clauses.join("")).toBe(whole);
        expect(clauses).toEqual(split(whole));
        for (const clause of clauses) expect(clause).not.toBe("");
      }),
    );
  });
});
