import type { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { concatPcm } from "../../../realtime/audio/pcm";
import { resampleAll } from "../../../realtime/audio/resample";
import type { TextToSpeech, VadFrame, VadStream, VoiceActivityDetector } from "../../../realtime/engine/types";
import { createFlite } from "../flite";
import { createSilero } from "./silero";
import type * as SpawnWorker from "../spawn-worker";

/** Every worker thread that is started here, so that a test can end one. */
const threads = vi.hoisted(() => [] as Worker[]);
/** So many of the next workers take every message and do nothing. */
const stalled = vi.hoisted(() => ({ next: 0 }));
vi.mock("../spawn-worker", async (original) => {
  const { spawnWorker } = await original<typeof SpawnWorker>();
  const { Worker: Thread } = await import("node:worker_threads");
  return {
    spawnWorker: (...options: Parameters<typeof spawnWorker>) => {
      if (options[0] !== "silero-worker") return spawnWorker(...options);
      if (stalled.next-- > 0) {
        return new Thread('require("node:worker_threads").parentPort.on("message", () => {})', { eval: true });
      }
      const worker = spawnWorker(...options);
      threads.push(worker);
      return worker;
    },
  };
});

/** Sends the latest worker a message that none expects: it throws where nobody catches, and dies. */
async function crash(): Promise<void> {
  // The thread id of one that has ended is -1.
  const worker = threads.findLast(({ threadId }) => threadId !== -1)!;
  worker.postMessage(undefined);
  await new Promise((resolve) => worker.once("exit", resolve));
}

let flite: TextToSpeech;
let silero: VoiceActivityDetector;
/** "Hello there …" at 24 kHz. */
let speech: Int16Array;
beforeAll(async () => {
  [flite, silero] = await Promise.all([createFlite(), createSilero({ preload: true })]);
  speech = await say("Hello there, how are you today?", 24_000);
});
afterAll(() => Promise.all([flite.close?.(), silero.close?.()]));

async function say(text: string, rate: number): Promise<Int16Array> {
  const chunks: Int16Array[] = [];
  const signal = new AbortController().signal;
  for await (const { samples } of flite.synthesize({ text, voice: "kal16", speed: 1, signal })) chunks.push(samples);
  return (await resampleAll({ samples: concatPcm(chunks), sampleRate: 16_000 }, rate)).samples;
}

const silence = (seconds: number, rate: number): Int16Array => new Int16Array(seconds * rate);

/** White noise, the same every time. */
function noise(length: number, loudness: number): Int16Array {
  let seed = 1;
  return Int16Array.from({ length }, () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return (seed / 2 ** 30 - 1) * loudness;
  });
}

interface Ear {
  readonly stream: VadStream;
  readonly frames: VadFrame[];
  readonly errors: Error[];
  /** Resolves when that many frames have come, or an error. */
  until(count: number): Promise<VadFrame[]>;
}

function listen(sampleRate: number, detector = silero): Ear {
  const frames: VadFrame[] = [];
  const errors: Error[] = [];
  const onFrame = (frame: VadFrame): void => void frames.push(frame);
  const stream = detector.open({ sampleRate, onFrame, onError: (error) => void errors.push(error) });
  const until = async (count: number): Promise<VadFrame[]> => {
    await vi.waitFor(() => expect(frames.length + errors.length * count).toBeGreaterThanOrEqual(count), {
      timeout: 8_000,
      interval: 2,
    });
    return frames;
  };
  return { stream, frames, errors, until };
}

/** Pushes in chunks of 20 ms through one reused block of memory, as a session does. */
function push(stream: VadStream, samples: Int16Array, rate: number): void {
  const block = new Int16Array(rate / 50);
  for (let at = 0; at < samples.length; at += block.length) {
    const chunk = samples.subarray(at, at + block.length);
    block.set(chunk);
    stream.push(block.subarray(0, chunk.length));
    block.fill(32_767);
  }
}

/** Whole frames that surely come; a resampler keeps the last 10 ms at most. */
function framesIn(samples: number, rate: number): number {
  const kept = rate === 8_000 || rate === 16_000 ? 0 : rate / 100;
  return Math.floor((samples - kept) / (rate * 0.032));
}

async function hear(samples: Int16Array, rate: number): Promise<VadFrame[]> {
  const ear = listen(rate);
  push(ear.stream, samples, rate);
  const frames = await ear.until(framesIn(samples.length, rate));
  ear.stream.close();
  return frames;
}

const isSpeech = ({ probability }: VadFrame): boolean => probability > 0.5;

describe("Silero hears", () => {
  it.each([8_000, 16_000, 24_000, 48_000])("speech at %i Hz, and where it begins and ends to 100 ms", async (rate) => {
    const spoken = await say("Hello there, how are you today?", rate);
    const loud = (sample: number): boolean => Math.abs(sample) > 1_000;
    const begins = 1 + spoken.findIndex(loud) / rate;
    const ends = 1 + spoken.findLastIndex(loud) / rate;
    const frames = await hear(concatPcm([silence(1, rate), spoken, silence(1, rate)]), rate);
    const first = frames.find(isSpeech);
    const last = frames.findLast(isSpeech);
    expect(Math.abs(first!.endSample / rate - begins)).toBeLessThan(0.1);
    expect(Math.abs(last!.endSample / rate - ends)).toBeLessThan(0.1);
    expect(frames.filter(isSpeech).length / frames.length).toBeGreaterThan(0.4);
  });

  it("no speech in silence, nor in noise", async () => {
    const quiet = await hear(silence(2, 24_000), 24_000);
    const loud = await hear(noise(48_000, 6_000), 24_000);
    const soft = await hear(noise(16_000, 300), 8_000);
    for (const frames of [quiet, loud, soft]) expect(frames.filter(isSpeech)).toEqual([]);
  });

  it("speech in noise", async () => {
    const mixed = noise(speech.length, 800).map((sample, index) => sample + speech[index]!);
    const frames = await hear(mixed, 24_000);
    expect(frames.filter(isSpeech).length / frames.length).toBeGreaterThan(0.5);
  });
});

describe("the frames", () => {
  it.each([
    [8_000, 256],
    [16_000, 512],
    [24_000, 768],
    [44_100, 1411.2],
  ])("at %i Hz end every %d samples, counted from the first", async (rate, stride) => {
    const frames = await hear(silence(0.5, rate), rate);
    expect(frames.map(({ endSample }) => endSample)).toEqual(
      frames.map((_, index) => Math.round((index + 1) * stride)),
    );
  });

  it("do not depend on how the samples were chunked, nor on who listens beside", async () => {
    const alone = await hear(speech, 24_000);
    const ears = Array.from({ length: 40 }, (_, index) => listen(index % 4 === 3 ? 8_000 : 24_000));
    for (const [index, { stream }] of ears.entries()) {
      const size = 97 * (index + 1);
      for (let at = 0; at < speech.length; at += size) stream.push(speech.subarray(at, at + size));
    }
    for (const [index, ear] of ears.entries()) {
      if (index % 4 === 3) continue;
      expect((await ear.until(alone.length)).slice(0, alone.length)).toEqual(alone);
    }
    for (const { stream } of ears) stream.close();
  });

  it("do not depend on how many streams run through the model at once", async () => {
    const alone = await createSilero({ batch: 1 });
    const parts = [speech, concatPcm([silence(0.4, 24_000), speech]), noise(speech.length, 2_000)];
    const hearAll = async (detector: VoiceActivityDetector): Promise<VadFrame[][]> => {
      const ears = parts.map(() => listen(24_000, detector));
      for (const [index, { stream }] of ears.entries()) push(stream, parts[index]!, 24_000);
      const frames = await Promise.all(ears.map(({ until }, index) => until(framesIn(parts[index]!.length, 24_000))));
      for (const { stream } of ears) stream.close();
      return frames;
    };
    expect(await hearAll(silero)).toEqual(await hearAll(alone));
    await alone.close?.();
  });

  it("come for 1,000 streams that are opened and closed in a row, whose memory is used again", async () => {
    const cycle = async (): Promise<void> => {
      const ears = Array.from({ length: 100 }, () => listen(24_000));
      for (const { stream } of ears) push(stream, silence(0.1, 24_000), 24_000);
      for (const { until } of ears) expect(await until(3)).toHaveLength(3);
      for (const { stream, errors } of ears) {
        stream.close();
        expect(errors).toEqual([]);
      }
    };
    await cycle();
    const before = process.memoryUsage().rss;
    for (let round = 0; round < 9; round++) await cycle();
    expect(process.memoryUsage().rss - before).toBeLessThan(60e6);
  });

  it("come after push has returned, and not after close", async () => {
    const ear = listen(16_000);
    ear.stream.push(silence(1, 16_000));
    expect(ear.frames).toEqual([]);
    await ear.until(1);
    ear.stream.push(silence(10, 16_000));
    ear.stream.close();
    const before = ear.frames.length;
    ear.stream.push(silence(1, 16_000));
    await hear(silence(1, 16_000), 16_000);
    expect(ear.frames.length).toBe(before);
  });

  it("of one stream are not held up by another's long recording", async () => {
    const long = listen(24_000);
    long.stream.push(silence(120, 24_000));
    const live = listen(24_000);
    push(live.stream, speech, 24_000);
    await live.until(30);
    expect(long.frames.length).toBeLessThan(3_000);
    await long.until(3_749);
    long.stream.close();
    live.stream.close();
  });
});

describe("when something goes wrong", () => {
  it("a rate that cannot be converted ends that stream only", async () => {
    const [bad, good] = [listen(999), listen(16_000)];
    bad.stream.push(silence(1, 999));
    good.stream.push(silence(1, 16_000));
    expect(await good.until(31)).toHaveLength(31);
    expect(bad.errors).toMatchObject([{ message: expect.stringContaining("999 Hz") as string }]);
    expect(bad.frames).toEqual([]);
  });

  it("a dead worker is replaced, and every stream goes on where it was", async () => {
    const [one, other] = [listen(24_000), listen(8_000)];
    push(one.stream, speech, 24_000);
    push(other.stream, silence(1, 8_000), 8_000);
    await Promise.all([one.until(framesIn(speech.length, 24_000)), other.until(31)]);
    const heard = one.frames.length;
    await crash();
    push(one.stream, concatPcm([silence(0.3, 24_000), speech]), 24_000);
    push(other.stream, silence(1, 8_000), 8_000);
    const frames = await one.until(heard + framesIn(7_200 + speech.length, 24_000));
    await other.until(61);
    expect(one.errors).toEqual([]);
    const after = frames.slice(heard);
    expect(after.filter(isSpeech).length).toBeGreaterThan(20);
    expect(frames.map(({ endSample }) => endSample)).toEqual(frames.map((_, index) => 768 * (index + 1)));
    expect(other.frames.map(({ endSample }) => endSample)).toEqual(other.frames.map((_, index) => 256 * (index + 1)));
    one.stream.close();
    other.stream.close();
  });

  it("a worker that dies over its work is given the work again", async () => {
    const ear = listen(16_000);
    push(ear.stream, silence(1, 16_000), 16_000);
    await ear.until(31);
    ear.stream.push(silence(30, 16_000));
    await ear.until(100);
    await crash();
    await ear.until(900);
    expect(ear.errors).toEqual([]);
    const ends = ear.frames.map(({ endSample }) => endSample);
    expect(ends).toEqual([...new Set(ends)].sort((a, b) => a - b));
    ear.stream.close();
  });

  it("after repeated deaths each stream is told once, and a new stream may try again", async () => {
    const own = await createSilero();
    const ears = [listen(16_000, own), listen(24_000, own)];
    const count = threads.length;
    for (let death = 1; death <= 3; death++) {
      await vi.waitFor(() => expect(threads.length).toBe(count + death), { timeout: 5_000, interval: 1 });
      await crash();
    }
    await vi.waitFor(() => expect(ears.map(({ errors }) => errors.length)).toEqual([1, 1]));
    expect(ears[0]!.errors[0]!.message).toMatch(/^The Silero worker failed/);
    const later = listen(16_000, own);
    later.stream.push(silence(0.2, 16_000));
    expect(await later.until(6)).toHaveLength(6);
    expect(ears[0]!.errors).toHaveLength(1);
    await own.close?.();
  });

  it("a stream that is ten minutes behind loses its oldest audio, and no position", async () => {
    const ear = listen(8_000);
    ear.stream.push(new Int16Array(8_000 * 601));
    expect(ear.frames).toEqual([]);
    await ear.until(100);
    expect(ear.frames[0]).toEqual({ endSample: 8_000 * 301, probability: 0 });
    const ends = ear.frames.slice(1).map(({ endSample }) => endSample);
    expect(ends).toEqual(ends.map((_, index) => 8_000 * 301 + 256 * (index + 1)));
    expect(ear.errors).toEqual([]);
    ear.stream.close();
  });

  it("a worker that stands still is replaced; only if that does not help, each stream is told", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      stalled.next = 3;
      const own = await createSilero();
      const ear = listen(16_000, own);
      for (let death = 0; death < 3; death++) {
        ear.stream.push(silence(1, 16_000));
        expect(ear.errors).toEqual([]);
        await new Promise((resolve) => setImmediate(resolve));
        await vi.advanceTimersByTimeAsync(20_000);
      }
      expect(ear.errors).toMatchObject([{ message: "The Silero worker gave no answer in 20000 ms." }]);
      vi.useRealTimers();
      const later = listen(16_000, own);
      later.stream.push(silence(0.2, 16_000));
      expect(await later.until(6)).toHaveLength(6);
      await own.close?.();
    } finally {
      vi.useRealTimers();
    }
  });

  it("a closed detector says so", async () => {
    const own = await createSilero();
    const [before] = [listen(16_000, own)];
    await own.close?.();
    const after = listen(16_000, own);
    after.stream.push(silence(1, 16_000));
    await after.until(1);
    expect(after.errors).toMatchObject([{ message: "Silero was closed." }]);
    expect(before!.errors).toEqual([]);
  });
});
