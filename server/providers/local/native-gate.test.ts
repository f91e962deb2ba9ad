import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { NativeGate } from "./native-gate";

describe("the gate before native code", () => {
  it("lets calls through, with what they return or throw", async () => {
    const gate = new NativeGate();
    expect(await gate.pass(() => Promise.resolve(5))).toBe(5);
    await expect(gate.pass(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await gate.pass(() => Promise.resolve(6))).toBe(6);
  });

  it("lets nobody in once it is shut from the other side", async () => {
    const gate = new NativeGate();
    new NativeGate(gate.memory).shut();
    let called = false;
    await expect(gate.pass(() => Promise.resolve((called = true)))).rejects.toThrow("about to end");
    expect(called).toBe(false);
  });

  // Without the gate, onnxruntime aborts the process when its thread is ended inside a call.
  it.each(["exit", "close"])(
    "keeps the process from aborting when it ends (%s) while Silero is at work",
    async (how) => {
      const tsx = createRequire(import.meta.url).resolve("tsx/cli");
      const script = fileURLToPath(new URL("./__fixtures__/busy-silero.ts", import.meta.url));
      const { stdout } = await promisify(execFile)(process.execPath, [tsx, script, how], { timeout: 15_000 });
      expect(stdout.trim()).toBe("heard some, not all");
    },
  );
});
