import { describe, expect, it } from "vitest";
import { deploymentOf, shapeOfVersion } from "./azure";

describe("Azure's URLs", () => {
  it.each([
    [null, "ga"],
    ["v1", "ga"],
    ["preview", "ga"],
    ["2024-10-01-preview", "beta"],
    ["2025-04-01-preview", "beta"],
    ["2024-12-17", "beta"],
    ["2025-08-28", "ga"],
    ["2025-09-01-preview", "beta"],
  ])("version %s is the %s shape", (version, shape) => {
    expect(shapeOfVersion(version)).toBe(shape);
  });

  it.each(["", "latest", "2025-8-1", "2025-08-28-beta"])("version %j is refused", (version) => {
    expect(() => shapeOfVersion(version)).toThrow(/is not supported/);
  });

  it("name a model by its deployment first", () => {
    expect(deploymentOf(new URLSearchParams("deployment=a&model=b"))).toBe("a");
    expect(deploymentOf(new URLSearchParams("model=b"))).toBe("b");
    expect(deploymentOf(new URLSearchParams(""))).toBe(null);
  });
});
