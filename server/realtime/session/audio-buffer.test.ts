import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { bytesOf, wireFormat } from "../audio/formats";
import { pcmFromBytes } from "../audio/pcm";
import { InputAudioBuffer } from "./audio-buffer";
import type { AudioClip } from "./clip";

const pcm = wireFormat({ type: "audio/pcm" });
const ulaw = wireFormat({ type: "audio/pcmu" });

describe("positions", () => {
  it("count audio written, across formats and takes", () => {
    const buffer = new InputAudioBuffer();
    buffer.append(pcm, Buffer.alloc(bytesOf(pcm, 100)));
    buffer.append(ulaw, Buffer.alloc(bytesOf(ulaw, 50)));
    expect(buffer.writtenMs).toBe(150);
    expect(buffer.take().durationMs).toBe(150);
    expect([buffer.startMs, buffer.durationMs, buffer.byteLength]).toEqual([150, 0, 0]);
    buffer.append(pcm, Buffer.alloc(bytesOf(pcm, 20)));
    expect([buffer.startMs, buffer.writtenMs]).toEqual([150, 170]);
  });

  it("a clear drops the audio but not the time", () => {
    const buffer = new InputAudioBuffer();
    buffer.append(pcm, Buffer.alloc(4800));
    buffer.clear();
    expect([buffer.writtenMs, buffer.startMs, buffer.byteLength]).toEqual([100, 100, 0]);
  });
});

it("audio buffer consistency: whatever is appended, dropped and taken, every byte comes out once, in order, or was dropped", async () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const action = fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("append" as const), samples: fc.nat(4000) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("take" as const), share }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("peek" as const), share }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("drop" as const), share }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 80 }), async (actions) => {
      const buffer = new InputAudioBuffer();
      // The caller's memory is used again, and so is the buffer's own, but not what clips were made of.
      const callers = Buffer.alloc(8000);
      const clips: { clip: AudioClip; from: number; bytes: number }[] = [];
      let written = 0;
      let gone = 0;
      for (const each of actions) {
        if (each.kind === "append") {
          const bytes = callers.subarray(0, each.samples * 2);
          for (let i = 0; i < each.samples; i += 1) bytes.writeUInt16LE((written / 2 + i) & 0xffff, i * 2);
          buffer.append(pcm, bytes);
          written += bytes.length;
        } else {
          const atMs = buffer.startMs + each.share * buffer.durationMs;
          const bytes = Math.round((atMs - buffer.startMs) * 24) * 2;
          if (each.kind === "drop") buffer.dropBefore(atMs);
          else if (each.kind === "take") clips.push({ clip: buffer.take({ toMs: atMs }), from: gone, bytes });
          else clips.push({ clip: buffer.peek(atMs), from: gone, bytes });
          gone = written - buffer.byteLength;
        }
        expect(buffer.byteLength).toBe(written - gone);
        expect(buffer.writtenMs).toBeCloseTo(written / 48, 6);
        expect(buffer.durationMs).toBeCloseTo(buffer.byteLength / 48, 6);
      }
      callers.fill(0);
      for (const { clip, from, bytes } of clips) {
        const heard = pcmFromBytes(Buffer.from(await clip.toBase64(), "base64"));
        expect(Math.abs(heard.length * 2 - bytes)).toBeLessThanOrEqual(2);
        expect(heard).toEqual(heard.map((_, index) => from / 2 + index));
        expect((await clip.toPcm()).samples).toEqual(heard);
      }
    }),
    { numRuns: 100 },
  );
});

it("memory of silence is used again, whatever the format", () => {
  const buffer = new InputAudioBuffer();
  const allocate = vi.spyOn(Buffer, "allocUnsafeSlow");
  for (let second = 0; second < 100; second++) {
    const format = second < 50 ? pcm : ulaw;
    for (let i = 0; i < 50; i++) buffer.append(format, Buffer.alloc(bytesOf(format, 20)));
    if (second % 2 === 0) buffer.dropBefore(buffer.writtenMs - 1_000);
  }
  expect(allocate.mock.calls.length).toBeLessThan(25);
  allocate.mockRestore();
});

describe("clips", () => {
  it("cut to a whole sample at the asked millisecond", () => {
    const buffer = new InputAudioBuffer();
    for (let i = 0; i < 10; i += 1) buffer.append(pcm, Buffer.alloc(960, i));
    const clip = buffer.take({ fromMs: 10, toMs: 150 });
    expect(clip.durationMs).toBe(140);
    clip.cut(33.3);
    expect(clip.byteLength).toBe(bytesOf(pcm, 33.3));
    clip.cut(1000);
    expect(clip.byteLength).toBe(bytesOf(pcm, 33.3));
  });

  it("of mixed formats come out in the last one", async () => {
    const buffer = new InputAudioBuffer();
    buffer.append(pcm, Buffer.alloc(bytesOf(pcm, 200)));
    buffer.append(ulaw, Buffer.alloc(bytesOf(ulaw, 100), 0xff));
    const clip = buffer.take();
    const samples = await clip.toPcm();
    expect(samples.sampleRate).toBe(8000);
    expect(samples.samples.length).toBe(2400);
    expect(Buffer.from(await clip.toBase64(), "base64").length).toBe(2400);
  });
});
