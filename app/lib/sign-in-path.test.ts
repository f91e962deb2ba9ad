import { expect, it } from "vitest";
import { safePath } from "./sign-in-path";

it.each(["/sessions/sess_1?tab=events", "/"])("goes on to %s", (path) => expect(safePath(path)).toBe(path));

it.each([
  undefined,
  "",
  "https://evil.example",
  "//evil.example",
  "/\\evil.example",
  "/\t/evil.example",
  "javascript:alert(1)",
])("goes nowhere else: %j", (path) => expect(safePath(path)).toBe("/"));
