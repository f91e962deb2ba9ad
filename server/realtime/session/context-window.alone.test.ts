import { beforeEach, describe, expect, it, vi } from "vitest";
import { wireFormat } from "../audio/formats";
import type { Engine } from "../engine/types";
import type { ItemInput } from "../protocol/items";
import { chooseContext, inputWindow, type WindowBasis } from "./context-window";
import { toEntry } from "./stored-items";
import { countTokens } from "./tokenizer";
import { entryTokens } from "./usage";

vi.mock("./tokenizer", () => ({
  countTokens: vi.fn((text: string) => text.split(" ").filter(Boolean).length),
  isExact: () => true,
}));

const counted = vi.mocked(countTokens);
beforeEach(() => void counted.mockClear());

const pcm = wireFormat({ type: "audio/pcm", rate: 24_000 });
const entry = (input: unknown) => toEntry(input as ItemInput, pcm, "item");
const said = (text: string, role = "user") =>
  entry({ type: "message", role, content: [{ type: role === "assistant" ? "output_text" : "input_text", text }] });
const engine = (contextTokens?: number): Engine => ({ contextTokens }) as Engine;
const basis = (changes: Partial<WindowBasis> = {}): WindowBasis => ({
  engine: engine(120),
  truncation: "auto",
  instructions: "Be kind.",
  tools: [],
  maxOutputTokens: 20,
  summary: null,
  dropped: new Set(),
  ...changes,
});

describe("the model's window", () => {
  it.each([
    [undefined, undefined, 28_672],
    [128_000, undefined, 123_904],
    [128_000, 1_000, 127_000],
    [1_000, undefined, 500],
  ])("of %s tokens, with an answer of %s, takes %s", (context, output, expected) => {
    expect(inputWindow(engine(context), output)).toBe(expected);
  });

  it("weighs words, sound and pictures", () => {
    const silence = Buffer.alloc(48_000).toString("base64");
    const heard = entry({
      type: "message",
      role: "user",
      content: [
        { type: "input_audio", audio: silence, transcript: "good day" },
        { type: "input_image", image_url: "data:image/png;base64,AA==", detail: "low" },
      ],
    });
    expect(entryTokens(heard)).toBe(2 + 10 + 85);
  });

  it("leaves room for instructions, tools, the summary and the answer", () => {
    const entries = Array.from({ length: 5 }, (_, index) => said(`${index} ${"word ".repeat(24)}`));
    const given = (changes: Partial<WindowBasis>) => chooseContext(entries, basis(changes)).entries.length;
    expect(given({})).toBe(3);
    expect(given({ engine: engine(150) })).toBe(5);
    expect(given({ maxOutputTokens: 50 })).toBe(2);
    expect(given({ instructions: "word ".repeat(30) })).toBe(2);
    const summary = { summary: "word ".repeat(30), dropped: new Set([entries[0]!.item.id]) };
    expect(given(summary)).toBe(2);
    expect(chooseContext(entries, basis(summary)).items).toHaveLength(3);
    expect(() => chooseContext(entries, basis({ truncation: "disabled" }))).toThrow(/127 tokens, of which 100 fit/);
  });

  it("counts every item once, however often a long conversation is answered", () => {
    const entries = Array.from({ length: 3_000 }, (_, index) => said(`${index} some words`));
    let dropped: ReadonlySet<string> = new Set();
    for (let turn = 0; turn < 20; turn += 1) {
      entries.push(said(`turn ${turn}`), said("Yes.", "assistant"));
      dropped = chooseContext(entries, basis({ engine: engine(4_000), dropped })).dropped;
    }
    expect(counted.mock.calls.length).toBeLessThanOrEqual(3_000 + 40 + 1);
  });
});
