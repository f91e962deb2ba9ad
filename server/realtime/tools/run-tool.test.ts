import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineTool } from "./define-tool";
import { runTool, type ToolOutcome } from "./run-tool";
import { SchemaError } from "./json-schema";
import type { ToolContext } from "./types";

const context = { sessionId: "sess_1", callId: "call_1", tenant: "acme" };
const live = () => new AbortController().signal;

function run(execute: (args: unknown, context: ToolContext) => unknown, more: { timeoutMs?: number } = {}) {
  return runTool({ tool: { name: "t", timeoutMs: 1_000, execute, ...more }, args: {}, context, signal: live() });
}

describe("defineTool", () => {
  it("gives `execute` what zod makes of the arguments", async () => {
    const tool = defineTool({
      name: "add",
      parameters: z.object({ a: z.number(), b: z.number().default(1), note: z.string().trim().optional() }),
      execute: ({ a, b, note }) => ({ sum: a + b, note }),
    });
    expect(tool.parameters).toMatchObject({ type: "object", required: ["a"] });
    expect(tool.check({ a: 1, note: " x " })).toBeUndefined();
    const outcome = await runTool({ tool, args: { a: 1, note: " x " }, context, signal: live() });
    expect(outcome).toEqual({ ok: true, output: '{"sum":2,"note":"x"}' });
  });

  it("checks what JSON Schema cannot say", () => {
    const even = z.number().refine((value) => value % 2 === 0, "must be even");
    const tool = defineTool({ name: "half", parameters: z.object({ of: even }), execute: ({ of }) => of / 2 });
    expect(tool.check({ of: 3 })).toContain("must be even");
  });

  it("takes plain JSON Schema", () => {
    const parameters = { type: "object", properties: { a: { type: "string" } }, required: ["a"] };
    const tool = defineTool({ name: "echo", parameters, execute: ({ a }) => a });
    expect(tool.check({})).toContain("required");
    expect(tool).toMatchObject({ readOnly: false, onInterrupt: "finish", timeoutMs: 30_000 });
    expect(defineTool({ name: "look", readOnly: true, execute: () => 1 }).onInterrupt).toBe("cancel");
  });

  it("refuses what cannot be a tool", () => {
    const execute = () => 1;
    expect(() => defineTool({ name: "no spaces", execute })).toThrow(TypeError);
    expect(() => defineTool({ name: "t", timeoutMs: 0, execute })).toThrow(TypeError);
    expect(() => defineTool({ name: "t", parameters: { type: "nonsense" }, execute })).toThrow(SchemaError);
  });
});

describe("runTool", () => {
  const results: [string, unknown, string][] = [
    ["a string", "as it is", "as it is"],
    ["nothing", undefined, "done"],
    ["null", null, "null"],
    ["a number", 42, "42"],
    ["a list", [1, { a: true }], '[1,{"a":true}]'],
    ["a promise", Promise.resolve({ ok: 1 }), '{"ok":1}'],
  ];
  it.each(results)("takes %s", async (_name, result, output) => {
    expect(await run(() => result)).toEqual({ ok: true, output });
  });

  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  const failures: [string, () => unknown, RegExp][] = [
    [
      "a throw",
      () => {
        throw new Error("no such city");
      },
      /no such city/,
    ],
    ["a rejection", () => Promise.reject(new Error("later")), /later/],
    ["a throw of no error", () => Promise.reject("secret text"), /^\{"error":"The tool failed."\}$/],
    ["a circle", () => circle, /circular/],
    ["ten megabytes", () => "x".repeat(10 * 1024 * 1024), /too large: 10485760 characters/],
  ];
  it.each(failures)("answers %s with an error for the model", async (_name, execute, message) => {
    const outcome = await run(execute);
    expect(outcome.ok).toBe(false);
    expect(outcome.output).toMatch(message);
    expect(outcome.output.length).toBeLessThan(300);
  });

  it("gives up on a tool that never answers, and tells it so", async () => {
    let seen: AbortSignal | undefined;
    const outcome = await run(
      (_args, { signal }) => {
        seen = signal;
        return new Promise(() => undefined);
      },
      { timeoutMs: 20 },
    );
    expect(outcome).toMatchObject({ ok: false, output: expect.stringContaining("no answer within 20 ms") });
    expect(seen?.aborted).toBe(true);
  });

  it("ends at once when cancelled, even before it began", async () => {
    const abort = new AbortController();
    const calls: string[] = [];
    const start = (): Promise<ToolOutcome> =>
      runTool({
        tool: { name: "t", timeoutMs: 1_000, execute: () => (calls.push("run"), new Promise(() => undefined)) },
        args: {},
        context,
        signal: abort.signal,
      });
    const running = start();
    abort.abort();
    expect((await running).output).toContain("cancelled");
    expect((await start()).output).toContain("cancelled");
    expect(calls).toEqual(["run"]);
  });
});
