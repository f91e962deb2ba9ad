import { describe, expect, it } from "vitest";
import { newId } from "./ids";
import type { IdPrefix } from "./ids";

describe("ids", () => {
  it.each<IdPrefix>(["sess", "conv", "item", "resp", "call", "event"])(
    "of a %s are prefixed, url-safe and short enough for an item",
    (prefix) => {
      const id = newId(prefix);
      expect(id).toMatch(new RegExp(`^${prefix}_[A-Za-z0-9_-]{21}$`));
      expect(id.length).toBeLessThanOrEqual(32);
    },
  );

  it("do not repeat, across refills of the pool", () => {
    const ids = Array.from({ length: 20_000 }, () => newId("event"));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("use the whole alphabet at every place", () => {
    const ids = Array.from({ length: 5_000 }, () => newId("item").slice(5));
    for (let place = 0; place < 21; place++) expect(new Set(ids.map((id) => id[place])).size).toBe(64);
  });
});
