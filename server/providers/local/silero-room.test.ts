import { describe, expect, it } from "vitest";
import { loadSpeex } from "../../realtime/audio/speex";
import type { SileroBatch, SileroModel } from "./silero-model";
import type { SileroNews } from "./silero-protocol";
import { SileroRoom } from "./silero-room";

/** Counts, for each row, the frames that its state has seen, and answers with a hundredth of that. */
function counting(): { model: SileroModel; batches: Pick<SileroBatch, "rate" | "rows">[] } {
  const batches: Pick<SileroBatch, "rate" | "rows">[] = [];
  const model: SileroModel = ({ rate, rows, state }) => {
    batches.push({ rate, rows });
    const next = state.map((value) => value + 1);
    const probabilities = Float32Array.from({ length: rows }, (_, row) => next[row * 128]! / 100);
    return Promise.resolve({ probabilities, state: next });
  };
  return { model, batches };
}

const news = (some: Partial<SileroNews>): SileroNews => ({
  closed: [],
  opened: [],
  pushed: [],
  samples: new Int16Array(0),
  ...some,
});

describe("the room of all streams", () => {
  it("runs what waits together, by rate, 64 at most, each stream with its own state", async () => {
    const { model, batches } = counting();
    const room = new SileroRoom(model);
    const ids = Array.from({ length: 100 }, (_, id) => id);
    const opened = ids.map((id) => ({ id, heard: 0, sampleRate: id < 70 ? 16_000 : 8_000 }));
    await room.hear(news({ opened }));
    const pushed = ids.map((id) => ({ id, length: id === 0 ? 1_536 : 512 }));
    const report = await room.hear(news({ pushed, samples: new Int16Array(1_536 + 99 * 512) }));
    expect(batches).toEqual([
      { rate: 16_000, rows: 64 },
      { rate: 16_000, rows: 6 },
      { rate: 16_000, rows: 1 },
      { rate: 16_000, rows: 1 },
      { rate: 8_000, rows: 30 },
      { rate: 8_000, rows: 30 },
    ]);
    const of = (id: number): number[] => [...report.probabilities].filter((_, index) => report.ids[index] === id);
    expect(of(0)).toEqual([0.01, 0.02, 0.03].map(Math.fround));
    expect(of(69)).toEqual([0.01].map(Math.fround));
    expect(of(99)).toEqual([0.01, 0.02].map(Math.fround));
  });

  it("keeps what does not fill a frame, and goes on counting where a stream was heard before", async () => {
    const room = new SileroRoom(counting().model);
    const opened = [{ id: 7, heard: 24_000, sampleRate: 16_000 }];
    const push = (length: number): SileroNews => news({ pushed: [{ id: 7, length }], samples: new Int16Array(length) });
    await room.hear(news({ opened }));
    expect((await room.hear(push(511))).ids).toHaveLength(0);
    expect([...(await room.hear(push(1))).endSamples]).toEqual([24_512]);
    expect([...(await room.hear(push(1_100))).endSamples]).toEqual([25_024, 25_536]);
  });

  it.each([8_000, 16_000, 24_000, 44_100, 48_000])(
    "places a click at %i Hz in the frame that holds it",
    async (rate) => {
      // Sure of speech where the frame itself, without the context before it, holds the top of the click.
      const model: SileroModel = ({ input, state, rows }) => {
        const width = input.length / rows;
        const frame = input.subarray(width / 9);
        return Promise.resolve({ probabilities: Float32Array.of(Math.max(...frame) > 0.3 ? 1 : 0), state });
      };
      for (const at of [0.0405, 0.25, 0.3333, 0.4001]) {
        const room = new SileroRoom(model);
        const samples = new Int16Array(rate / 2);
        const click = Math.round(at * rate);
        samples.fill(30_000, click, click + Math.ceil(rate / 8_000));
        await room.hear(news({ opened: [{ id: 1, heard: 0, sampleRate: rate }] }));
        const { probabilities, endSamples } = await room.hear(
          news({ pushed: [{ id: 1, length: samples.length }], samples }),
        );
        const sure = [...endSamples].filter((_, index) => probabilities[index] === 1);
        expect(sure).toHaveLength(1);
        expect(sure[0]).toBeGreaterThan(click);
        expect(sure[0]! - rate * 0.032).toBeLessThanOrEqual(click);
      }
    },
  );

  it("forgets closed streams, and leaks nothing over 3,000 of them", async () => {
    const room = new SileroRoom(counting().model);
    const speex = await loadSpeex();
    const cycle = async (round: number): Promise<void> => {
      const ids = Array.from({ length: 100 }, (_, index) => round * 100 + index);
      const opened = ids.map((id) => ({ id, heard: 0, sampleRate: 24_000 }));
      const pushed = ids.map((id) => ({ id, length: 800 }));
      await room.hear(news({ opened, pushed, samples: new Int16Array(80_000) }));
      expect(room.size).toBe(100);
      await room.hear(news({ closed: ids }));
      expect(room.size).toBe(0);
    };
    await cycle(0);
    const before = speex.memoryBytes();
    for (let round = 1; round < 30; round++) await cycle(round);
    expect(speex.memoryBytes()).toBe(before);
  });
});
