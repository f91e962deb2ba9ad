import { beforeAll, describe, expect, it } from "vitest";
import { loadSpeex, type Speex } from "../../../realtime/audio/speex";
import { whiteNoise } from "../__fixtures__/speech";
import type { SileroBatch, SileroModel } from "./model";
import { CERTAIN, FAINT, REPORTED, type SileroNews, type SileroReport } from "./protocol";
import { SampleRing } from "./ring";
import { SileroRoom } from "./room";

let speex: Speex;
beforeAll(async () => void (speex = await loadSpeex()));

/** Counts, for each row, the frames that its state has seen, and answers with a thousandth of that. */
function counting(): { model: SileroModel; batches: Pick<SileroBatch, "rate" | "rows">[] } {
  const batches: Pick<SileroBatch, "rate" | "rows">[] = [];
  const model: SileroModel = ({ rate, rows, state }) => {
    batches.push({ rate, rows });
    const next = state.map((value) => value + 1);
    const probabilities = Float32Array.from({ length: rows }, (_, row) => next[row * 256]! / 1_000);
    return Promise.resolve({ probabilities, state: next });
  };
  return { model, batches };
}

interface Speaker {
  readonly id: number;
  readonly sampleRate: number;
  write(samples: Int16Array): void;
}

interface HeardFrame {
  readonly id: number;
  readonly endSample: number;
  readonly probability: number;
  readonly mark: number;
}

function framesOf({ frames }: SileroReport): HeardFrame[] {
  return Array.from({ length: frames.length / REPORTED }, (_, index) => {
    const [id = NaN, endSample = NaN, probability = NaN, mark = NaN] = frames.subarray(index * REPORTED);
    return { id, endSample, probability, mark };
  });
}

/** A room and what was heard in it. */
class Rig {
  readonly frames: HeardFrame[] = [];
  readonly room: SileroRoom;

  constructor(model: SileroModel, { gate = true, batch = 32, narrow = true } = {}) {
    this.room = new SileroRoom({ model, speex, gate, batch, narrow });
  }

  async open(id: number, { sampleRate = 16_000, heard = 0 } = {}): Promise<Speaker> {
    const ring = SampleRing.forRate(sampleRate);
    await this.hear({ opened: [{ id, sampleRate, heard, ring: ring.memory, position: ring.written }] });
    return { id, sampleRate, write: (samples) => ring.write(samples) };
  }

  async hear(news: Partial<SileroNews> = {}): Promise<SileroReport> {
    const report = await this.room.hear({ closed: [], opened: [], ...news });
    this.frames.push(...framesOf(report));
    return report.more ? this.hear() : report;
  }

  /** Bit by bit, as much as a ring holds. */
  async tell(speaker: Speaker, samples: Int16Array): Promise<void> {
    const size = Math.floor(speaker.sampleRate * 0.4);
    for (let at = 0; at < samples.length; at += size) {
      speaker.write(samples.subarray(at, at + size));
      await this.hear();
    }
  }

  ends(id: number): number[] {
    return this.frames.filter((frame) => frame.id === id).map(({ endSample }) => endSample);
  }

  probabilities(id: number): number[] {
    return this.frames.filter((frame) => frame.id === id).map(({ probability }) => probability);
  }
}

describe("the room of all streams", () => {
  it("runs what is ready together, by rate, as many as are allowed, each stream with its own state", async () => {
    const { model, batches } = counting();
    const rig = new Rig(model);
    const speakers: Speaker[] = [];
    for (let id = 0; id < 60; id++) speakers.push(await rig.open(id, { sampleRate: id < 40 ? 16_000 : 8_000 }));
    for (const { id, write } of speakers) write(new Int16Array(id === 0 ? 1_536 : 512));
    await rig.hear();
    expect(batches).toEqual([
      { rate: 16_000, rows: 32 },
      { rate: 16_000, rows: 8 },
      { rate: 8_000, rows: 20 },
      { rate: 16_000, rows: 1 },
      { rate: 8_000, rows: 20 },
      { rate: 16_000, rows: 1 },
    ]);
    expect(rig.probabilities(0)).toEqual([0.001, 0.002, 0.003].map(Math.fround));
    expect(rig.probabilities(39)).toEqual([0.001].map(Math.fround));
    expect(rig.probabilities(59)).toEqual([0.001, 0.002].map(Math.fround));
  });

  it("waits at most 8 ms for others to run together with", async () => {
    const { model, batches } = counting();
    const rig = new Rig(model);
    const [one, other] = [await rig.open(1), await rig.open(2)];
    one.write(new Int16Array(512));
    await rig.hear();
    const begun = performance.now();
    one.write(new Int16Array(512));
    const heard = rig.hear();
    await new Promise((resolve) => setTimeout(resolve, 2));
    other.write(new Int16Array(512));
    await heard;
    expect(performance.now() - begun).toBeLessThan(60);
    expect(batches.map(({ rows }) => rows)).toEqual([1, 2]);
  });

  it("keeps what does not fill a frame, and goes on counting where a stream was heard before", async () => {
    const rig = new Rig(counting().model);
    const speaker = await rig.open(7, { heard: 24_000 });
    speaker.write(new Int16Array(511));
    expect(framesOf(await rig.hear())).toHaveLength(0);
    speaker.write(new Int16Array(1));
    await rig.hear();
    expect(rig.ends(7)).toEqual([24_512]);
    speaker.write(new Int16Array(1_100));
    await rig.hear();
    expect(rig.ends(7)).toEqual([24_512, 25_024, 25_536]);
  });

  it("begins where its samples begin in a ring that was used before", async () => {
    const rig = new Rig(counting().model);
    const ring = SampleRing.forRate(16_000);
    for (let count = 0; count < 20; count++) ring.write(new Int16Array(777));
    const opening = { id: 1, sampleRate: 16_000, heard: 0, ring: ring.memory, position: ring.written };
    ring.write(new Int16Array(600));
    await rig.hear({ opened: [opening] });
    expect(rig.ends(1)).toEqual([512]);
  });

  it.each([8_000, 16_000, 22_050, 24_000, 44_100, 48_000])(
    "places a click at %i Hz in the frame that holds it, whether the gate had to open for it or not",
    async (rate) => {
      // Sure of speech where the frame itself, without the context before it, holds the top of the click.
      const model: SileroModel = ({ input, state, rows }) => {
        const width = input.length / rows;
        const frame = input.subarray(width / 9);
        return Promise.resolve({ probabilities: Float32Array.of(Math.max(...frame) > 0.3 ? 1 : 0), state });
      };
      for (const at of [0.0405, 0.25, 0.4001, 1.6, 1.6333, 1.98]) {
        const rig = new Rig(model);
        const speaker = await rig.open(1, { sampleRate: rate });
        const samples = new Int16Array(2.2 * rate);
        const click = Math.round(at * rate);
        samples.fill(30_000, click, click + Math.ceil(rate / 8_000));
        await rig.tell(speaker, samples);
        const sure = rig.frames.filter(({ probability }) => probability === 1);
        expect(sure).toHaveLength(1);
        expect(sure[0]!.endSample).toBeGreaterThan(click);
        expect(sure[0]!.endSample - rate * 0.032).toBeLessThanOrEqual(click + 1);
        expect(rig.ends(1)).toEqual(rig.ends(1).map((_, index) => Math.round((index + 1) * rate * 0.032)));
        expect(rig.ends(1).length).toBeGreaterThanOrEqual(67);
      }
    },
  );

  it("marks frames of which the model is certain, and faint ones", async () => {
    let said = 0.95;
    const model: SileroModel = ({ rows, state }) =>
      Promise.resolve({ probabilities: new Float32Array(rows).fill(said), state });
    const rig = new Rig(model);
    const speaker = await rig.open(1);
    await rig.tell(speaker, whiteNoise(16_000 * 2, 100));
    await rig.tell(speaker, whiteNoise(512 * 2, 3_000));
    const marks = rig.frames.map(({ mark }) => mark);
    expect(marks.slice(0, 32).every((mark) => mark === CERTAIN)).toBe(true);
    expect(marks.at(-4)).toBe(FAINT);
    expect(marks.at(-1)).toBe(CERTAIN);
    said = 0.8;
    await rig.tell(speaker, whiteNoise(512, 3_000));
    expect(rig.frames.at(-1)!.mark).toBe(0);
  });

  it("spares the model silence, whatever its noise, and reports it without a gap", async () => {
    const { model, batches } = counting();
    const rig = new Rig(model);
    const speaker = await rig.open(1, { sampleRate: 24_000 });
    await rig.tell(speaker, whiteNoise(24_000 * 2, 300));
    const learning = batches.length;
    await rig.tell(speaker, whiteNoise(24_000 * 10, 300));
    expect(learning).toBeLessThan(45);
    expect(batches.length).toBe(learning);
    expect(rig.ends(1)).toEqual(rig.ends(1).map((_, index) => (index + 1) * 768));
    expect(rig.ends(1).length).toBeGreaterThanOrEqual(374);
    expect(
      rig
        .probabilities(1)
        .slice(45)
        .every((probability) => probability === 0),
    ).toBe(true);
  });

  it("without the gate runs the model on everything", async () => {
    const { model, batches } = counting();
    const rig = new Rig(model, { gate: false });
    await rig.tell(await rig.open(1), new Int16Array(512 * 100));
    expect(batches).toHaveLength(100);
  });

  it("gives the model what lies before a sound, so that it is warm", async () => {
    const inputs: Float32Array[] = [];
    const model: SileroModel = ({ input, state }) => {
      inputs.push(input.slice());
      return Promise.resolve({ probabilities: Float32Array.of(0), state });
    };
    const rig = new Rig(model);
    const samples = Int16Array.from({ length: 512 * 64 }, (_, index) => (index >> 6) % 7);
    samples.fill(9_000, 512 * 62 + 300);
    await rig.tell(await rig.open(1), samples);
    const before = inputs.length - 3;
    expect(before).toBeLessThan(45);
    // The frame before it, then its own: each with the 64 samples before.
    for (const [index, frame] of [61, 62, 63].entries()) {
      const heard = Array.from(inputs[before + index]!, (value) => Math.round(value * 32_768));
      expect(heard).toEqual([...samples.subarray(frame * 512 - 64, (frame + 1) * 512)]);
    }
    expect(rig.ends(1)).toHaveLength(64);
  });

  it("tells of a stream for which there is no resampler, and of no other", async () => {
    const broken: Speex = {
      ...speex,
      createFilter: () => {
        throw new Error("No memory.");
      },
    };
    const room = new SileroRoom({ model: counting().model, speex: broken, gate: true, batch: 32, narrow: false });
    const [good, bad] = [SampleRing.forRate(16_000), SampleRing.forRate(24_000)];
    const opened = [
      { id: 1, sampleRate: 24_000, heard: 0, ring: bad.memory, position: 0 },
      { id: 2, sampleRate: 16_000, heard: 0, ring: good.memory, position: 0 },
    ];
    good.write(new Int16Array(512));
    const report = await room.hear({ closed: [], opened });
    expect(report.failed).toEqual([{ id: 1, message: "No memory." }]);
    expect(framesOf(report).map(({ id }) => id)).toEqual([2]);
  });

  it("forgets closed streams, and leaks nothing over 3,000 of them", async () => {
    const rig = new Rig(counting().model);
    const ring = SampleRing.forRate(24_000);
    const cycle = async (round: number): Promise<void> => {
      const ids = Array.from({ length: 100 }, (_, index) => round * 100 + index);
      const position = ring.written;
      ring.write(new Int16Array(820));
      const opening = { heard: 0, sampleRate: 24_000, ring: ring.memory, position };
      rig.frames.length = 0;
      await rig.hear({ opened: ids.map((id) => ({ id, ...opening })) });
      expect(rig.frames.map(({ id }) => id)).toEqual(ids);
      expect(rig.room.size).toBe(100);
      await rig.hear({ closed: ids });
      expect(rig.room.size).toBe(0);
    };
    await cycle(0);
    const before = speex.memoryBytes();
    for (let round = 1; round < 30; round++) await cycle(round);
    expect(speex.memoryBytes()).toBe(before);
  });
});
