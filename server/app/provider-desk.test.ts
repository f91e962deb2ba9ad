import { afterEach, describe, expect, it, vi } from "vitest";
import { EngineError } from "../realtime/engine/errors";
import { UpstreamError } from "../realtime/relay/faults";
import type { StageProvider } from "../stages/inventory";
import { createProviderDesk } from "./provider-desk";

const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };

function desk(check: StageProvider["check"], options: { timeoutMs?: number; perMinute?: number } = {}) {
  const provider: StageProvider = {
    id: "llm-1",
    stage: "llm",
    name: "tiny",
    reason: "from LLM_BASE_URL",
    local: false,
    models: ["antiphon"],
    check,
  };
  return createProviderDesk({ providers: [provider], log, ...options });
}

afterEach(() => void vi.clearAllMocks());

describe("the provider desk", () => {
  it("lists what there is, and nothing that could be called", () => {
    expect(desk(async () => "").list()).toEqual([
      { id: "llm-1", stage: "llm", name: "tiny", reason: "from LLM_BASE_URL", local: false, models: ["antiphon"] },
    ]);
  });

  it("tells what came back, and how long it took", async () => {
    const check = await desk(async () => "It answered.").check("llm-1", "org_1");
    expect(check).toEqual({ ok: true, name: "tiny", ms: expect.any(Number), detail: "It answered." });
  });

  it.each([
    [new EngineError({ stage: "llm", code: "invalid_api_key", message: "Refused." }), "invalid_api_key", "Refused."],
    [new UpstreamError("unreachable", "Not there."), "unreachable", "Not there."],
    [new Error("postgres://secret"), "failed", "It failed. The server's log has the details."],
  ])("tells by kind what went wrong: %s", async (error, code, message) => {
    const check = await desk(() => Promise.reject(error)).check("llm-1", "org_1");
    expect(check).toMatchObject({ ok: false, code, message });
    expect(log.error).toHaveBeenCalledTimes(code === "failed" ? 1 : 0);
  });

  it("does not wait for a provider that never answers, nor heeds the signal", async () => {
    const check = await desk(() => new Promise(() => undefined), { timeoutMs: 20 }).check("llm-1", "org_1");
    expect(check).toMatchObject({ ok: false, code: "timeout" });
  });

  it("asks once for all who ask at the same time, and again afterwards", async () => {
    let answer: (text: string) => void = () => undefined;
    const check = vi.fn(() => new Promise<string>((resolve) => (answer = resolve)));
    const { check: ask } = desk(check);
    const asked = [ask("llm-1", "org_1"), ask("llm-1", "org_2")];
    await vi.waitFor(() => expect(check).toHaveBeenCalledOnce());
    await Promise.resolve();
    answer("It answered.");
    for (const each of await Promise.all(asked)) expect(each.ok).toBe(true);
    const later = ask("llm-1", "org_1");
    await vi.waitFor(() => expect(check).toHaveBeenCalledTimes(2));
    answer("It answered.");
    await later;
  });

  it("is not asked without end, and one organisation does not use up another's", async () => {
    const { check } = desk(async () => "It answered.", { perMinute: 2 });
    await check("llm-1", "org_1");
    await check("llm-1", "org_1");
    await expect(check("llm-1", "org_1")).rejects.toMatchObject({
      code: "rate_limited",
      retryAfterSeconds: expect.any(Number),
    });
    expect((await check("llm-1", "org_2")).ok).toBe(true);
    await expect(check("llm-9", "org_2")).rejects.toMatchObject({ code: "not_found" });
  });
});
