import { describe, expect, it } from "vitest";
import { microphoneProblem } from "./problems";

describe("microphone problems", () => {
  it.each([
    ["NotAllowedError", "microphone-refused"],
    ["SecurityError", "microphone-refused"],
    ["NotFoundError", "microphone-missing"],
    ["OverconstrainedError", "microphone-missing"],
    ["NotReadableError", "microphone-busy"],
    ["SomethingElse", "microphone-busy"],
  ])("%s is %s", (name, code) => {
    expect(microphoneProblem(new DOMException("", name)).code).toBe(code);
  });
});
