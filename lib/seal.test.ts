import { describe, expect, it } from "vitest";
import { createSealer } from "./seal";

describe("a sealer", () => {
  const { seal, open } = createSealer("one");

  it("opens what it sealed, and seals the same text differently each time", () => {
    expect(open(seal("whsec_ü"))).toBe("whsec_ü");
    expect(open(seal(""))).toBe("");
    expect(seal("a")).not.toBe(seal("a"));
  });

  it("refuses another key's, changed and foreign text", () => {
    expect(() => createSealer("two").open(seal("a"))).toThrow(/another ANTIPHON_SECRET/);
    expect(() => open(seal("abc").replace(/.$/, (last) => (last === "A" ? "B" : "A")))).toThrow();
    expect(() => open("plain")).toThrow(/no sealed secret/);
  });
});
