import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Jobs } from "./jobs";
import { EVERY_MS } from "./schedule";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

it.each(["keys", "ends"] as const)(
  "%s: what changes elsewhere is seen within 5 s, also after a failure",
  async (name) => {
    const [LOOK_MS, PROMISED_MS] = [500, 5_000];
    let changed = false;
    let failing = false;
    const seen = vi.fn();
    const faults: string[] = [];
    const run = async (): Promise<void> => {
      const found = changed;
      await after(LOOK_MS);
      if (failing) throw new Error("The database is away.");
      if (found) seen();
    };
    const jobs = new Jobs([{ name, everyMs: EVERY_MS[name], run }], (job) => void faults.push(job));
    jobs.start();
    // At every moment of a round, the one just after a look began among them.
    for (let moment = 0; moment < EVERY_MS[name] + LOOK_MS; moment += 250) {
      changed = false;
      await vi.advanceTimersByTimeAsync(2 * (EVERY_MS[name] + LOOK_MS) + moment);
      seen.mockClear();
      changed = true;
      await vi.advanceTimersByTimeAsync(PROMISED_MS);
      expect(seen).toHaveBeenCalled();
    }
    failing = true;
    await vi.advanceTimersByTimeAsync(EVERY_MS[name] + LOOK_MS);
    expect(faults).toEqual([name]);
    failing = false;
    seen.mockClear();
    await vi.advanceTimersByTimeAsync(PROMISED_MS);
    expect(seen).toHaveBeenCalled();
    const closed = jobs.close();
    await vi.advanceTimersByTimeAsync(LOOK_MS);
    await closed;
  },
);

it("runs a job once at a time, and once more for what came meanwhile", async () => {
  let running = 0;
  const counts: number[] = [];
  const run = async (): Promise<void> => {
    counts.push((running += 1));
    await after(1_000);
    running -= 1;
  };
  const jobs = new Jobs([{ name: "audio", everyMs: 60_000, run }], () => undefined);
  jobs.start();
  jobs.soon("audio");
  await vi.advanceTimersByTimeAsync(100);
  jobs.soon("audio");
  jobs.soon("audio");
  await vi.advanceTimersByTimeAsync(10_000);
  expect(counts).toEqual([1, 1]);
  await jobs.close();
});
