import { readFileSync } from "node:fs";
import { createContext, runInContext } from "node:vm";
import { describe, expect, it } from "vitest";

const source = readFileSync(new URL("../../../public/capture-worklet.js", import.meta.url), "utf8");

interface ChunkMessage {
  readonly type: "chunk";
  readonly samples: ArrayBuffer;
  readonly level: number;
}
type Message = ChunkMessage | { readonly type: "flushed"; readonly id: number };
interface Port {
  onmessage: (event: { data: unknown }) => void;
  postMessage(message: Message): void;
}
interface Processor {
  readonly port: Port;
  process(inputs: Float32Array[][]): boolean;
}

/** The worklet as the audio thread would run it, with a port that only collects. */
function load(sampleRate: number) {
  const messages: Message[] = [];
  const registered: { make?: new () => Processor } = {};
  class AudioWorkletProcessor {
    port: Port = { onmessage: () => undefined, postMessage: (message) => messages.push(message) };
  }
  const registerProcessor = (_name: string, make: new () => Processor) => (registered.make = make);
  runInContext(
    source,
    createContext({ sampleRate, AudioWorkletProcessor, registerProcessor, Float32Array, Int16Array }),
  );
  if (registered.make === undefined) throw new Error("the worklet registered nothing");
  const processor = new registered.make();
  return { processor, messages, tell: (data: unknown) => processor.port.onmessage({ data }) };
}

function heard(messages: readonly Message[]): Int16Array {
  const chunks = messages.flatMap((m) => (m.type === "chunk" ? [new Int16Array(m.samples)] : []));
  const all = new Int16Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

function play(sampleRate: number, seconds: number, wave: (t: number) => number) {
  const { processor, messages, tell } = load(sampleRate);
  const fed = Math.floor((sampleRate * seconds) / 128) * 128;
  for (let n = 0; n + 128 <= sampleRate * seconds; n += 128) {
    processor.process([[Float32Array.from({ length: 128 }, (_, i) => wave((n + i) / sampleRate))]]);
  }
  tell({ type: "flush", id: 1 });
  return { samples: heard(messages), messages, expected: (fed * 24000) / sampleRate };
}

const tone = (hertz: number) => (t: number) => 0.5 * Math.sin(2 * Math.PI * hertz * t);
const rms = (samples: Int16Array) => Math.sqrt(samples.reduce((sum, s) => sum + (s / 32768) ** 2, 0) / samples.length);
const decibels = (samples: Int16Array) => 20 * Math.log10(rms(samples.subarray(480)) / (0.5 / Math.SQRT2));

describe("capture worklet", () => {
  it.each([16000, 44100, 48000, 96000])("keeps speech and counts samples exactly at %i Hz", (rate) => {
    const { samples, expected } = play(rate, 1, tone(1000));
    expect(Math.abs(samples.length - expected)).toBeLessThanOrEqual(37);
    expect(Math.abs(decibels(samples))).toBeLessThan(0.1);
  });

  it.each([44100, 48000, 96000])("rejects what 24 kHz cannot carry at %i Hz", (rate) => {
    expect(decibels(play(rate, 0.5, tone(13000)).samples)).toBeLessThan(-60);
    expect(decibels(play(rate, 0.5, tone(18000)).samples)).toBeLessThan(-60);
    expect(decibels(play(rate, 0.5, tone(8000)).samples)).toBeGreaterThan(-0.5);
  });

  it("does not drift", () => {
    const { samples, expected } = play(44100, 30, () => 0.25);
    expect(Math.abs(samples.length - expected)).toBeLessThanOrEqual(37);
    expect(samples[samples.length - 1]).toBe(Math.round(0.25 * 32767));
  });

  it("posts chunks of 40 ms with their level, and what is left on a flush", () => {
    const { messages } = play(48000, 0.1, () => 0.5);
    const lengths = messages.map((m) => (m.type === "chunk" ? m.samples.byteLength / 2 : m.type));
    expect(lengths.slice(0, 2)).toEqual([960, 960]);
    expect(lengths.at(-1)).toBe("flushed");
    expect(messages[1]).toMatchObject({ type: "chunk", level: expect.closeTo(0.5, 2) });
  });

  it("clips instead of wrapping, mixes channels down, and stops when told", () => {
    const { processor, messages, tell } = load(24000);
    const left = new Float32Array(1024).fill(3);
    const right = new Float32Array(1024).fill(1);
    expect(processor.process([[left, right]])).toBe(true);
    expect(heard(messages)[500]).toBe(32767);
    expect(processor.process([[]])).toBe(true);
    tell({ type: "close" });
    expect(processor.process([[]])).toBe(false);
  });
});
