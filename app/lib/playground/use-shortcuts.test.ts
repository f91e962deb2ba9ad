import { describe, expect, it } from "vitest";
import { spaceTalks } from "./use-shortcuts";

describe("the space bar", () => {
  /** An element that matches the selectors in which `tag` stands. */
  const on = (tag: string) => ({
    closest: (selector: string) => (selector.split(/[\s,]+/).includes(tag) ? ({} as Element) : null),
  });

  it("talks where nothing else wants it", () => {
    expect(spaceTalks(null, true)).toBe(true);
    expect(spaceTalks(on("body"), true)).toBe(true);
    expect(spaceTalks(on("[data-talk]"), true)).toBe(true);
  });

  it("types in a field, whatever brought the focus there", () => {
    expect(spaceTalks(on("textarea"), false)).toBe(false);
    expect(spaceTalks(on("input:not([type=radio])"), true)).toBe(false);
  });

  it("works a button that was reached by keyboard, not one that was only clicked", () => {
    expect(spaceTalks(on("button"), true)).toBe(false);
    expect(spaceTalks(on("button"), false)).toBe(true);
    expect(spaceTalks(on("summary"), true)).toBe(false);
  });
});
