import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesOf, wireFormat } from "../audio/formats";
import { InputAudioBuffer } from "./audio-buffer";

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
  const action = fc.oneof(
    fc.record({ kind: fc.constant("append" as const), samples: fc.nat(4000) }),
    fc.record({ kind: fc.constant("take" as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
    fc.record({ kind: fc.constant("drop" as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 40 }), async (actions) => {
      const buffer = new InputAudioBuffer();
      let written = 0;
      let gone = 0;
      for (const each of actions) {
        if (each.kind === "append") {
          const bytes = Buffer.alloc(each.samples * 2);
          for (let i = 0; i < each.samples; i += 1) bytes.writeUInt16LE((written / 2 + i) & 0xffff, i * 2);
          buffer.append(pcm, bytes);
          written += bytes.length;
        } else {
          const atMs = buffer.startMs + each.share * buffer.durationMs;
          const expected = Math.round((atMs - buffer.startMs) * 24) * 2;
          if (each.kind === "drop") {
            buffer.dropBefore(atMs);
          } else {
            const taken = Buffer.from(await buffer.take({ toMs: atMs }).toBase64(), "base64");
            expect(Math.abs(taken.length - expected)).toBeLessThanOrEqual(2);
            for (let i = 0; i < taken.length; i += 2) expect(taken.readUInt16LE(i)).toBe(((gone + i) / 2) & 0xffff);
          }
          gone = written - buffer.byteLength;
        }
        expect(buffer.byteLength).toBe(written - gone);
        expect(buffer.writtenMs).toBeCloseTo(written / 48, 6);
        expect(buffer.durationMs).toBeCloseTo(buffer.byteLength / 48, 6);
      }
    }),
    { numRuns: 50 },
  );
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
