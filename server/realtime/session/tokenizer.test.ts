import { beforeAll, describe, expect, it } from "vitest";
import { countTokens, loadTokenizer } from "./tokenizer";

beforeAll(() => loadTokenizer());

describe("countTokens", () => {
  it.each([
    ["", 0],
    ["hello world", 2],
    ["Good day. How are you?", 7],
  ])("%j is %i", (text, tokens) => expect(countTokens(text)).toBe(tokens));

  it("is off by little where a text is cut", () => {
    const sentence = "The quick brown fox jumps over the lazy dog. ";
    const one = countTokens(sentence.repeat(20));
    expect(countTokens(sentence.repeat(2_000)) / (one * 100)).toBeCloseTo(1, 1);
  });

  it("a megabyte without a space does not stop the process", () => {
    const startedAt = performance.now();
    expect(countTokens("x".repeat(1024 * 1024))).toBeGreaterThan(1_000);
    // Two minutes before there was a bound; the limit only tells a hang from a busy machine.
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});
