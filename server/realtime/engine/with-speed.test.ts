import { describe, expect, it } from "vitest";
import { scriptedLlm, scriptedTts } from "../testing/index";
import { pipeline } from "./pipeline";
import { all, request } from "./test-kit";
import type { SynthesizeRequest, TextToSpeech } from "./types";
import { withSpeed } from "./with-speed";

/** A voice that takes 20 ms for a letter, and knows no other pace. */
function steady(): TextToSpeech & { readonly asked: SynthesizeRequest[] } {
  const asked: SynthesizeRequest[] = [];
  const inner = scriptedTts({ msPerChar: 20, voices: ["a", "b"] });
  return {
    name: "steady",
    capabilities: { streaming: true, speed: false },
    voices: inner.voices,
    defaultVoice: "b",
    asked,
    synthesize(each) {
      asked.push(each);
      return inner.synthesize(each);
    },
  };
}

const say = (change: Partial<SynthesizeRequest>): SynthesizeRequest => ({
  text: "x".repeat(50),
  voice: "a",
  speed: 1,
  signal: new AbortController().signal,
  ...change,
});

async function seconds(tts: TextToSpeech, speed: number): Promise<number> {
  const chunks = await all(tts.synthesize(say({ speed })));
  return chunks.reduce((sum, { samples, sampleRate }) => sum + samples.length / sampleRate, 0);
}

describe("a voice that knows one pace", () => {
  it("is stretched to any", async () => {
    const voice = steady();
    const tts = withSpeed(voice);
    for (const speed of [0.25, 0.5, 1, 1.5]) expect(await seconds(tts, speed)).toBeCloseTo(1 / speed, 3);
    expect(voice.asked.map(({ speed }) => speed)).toEqual([1, 1, 1, 1]);
    expect(tts).toMatchObject({ name: "steady", voices: ["a", "b"], defaultVoice: "b" });
    expect(tts.capabilities).toEqual({ streaming: true, speed: true });
  });

  it("goes on being read as it is heard, and is left when its reader leaves", async () => {
    let made = 0;
    let left = false;
    const tts = withSpeed({
      ...steady(),
      async *synthesize() {
        try {
          for (;;) {
            made += 1;
            yield { samples: new Int16Array(2_400), sampleRate: 24_000 };
          }
        } finally {
          left = true;
        }
      },
    });
    for await (const audio of tts.synthesize(say({ speed: 0.5 }))) {
      expect(audio.samples.length).toBeGreaterThan(2_400);
      if (made > 3) break;
    }
    expect(left).toBe(true);
  });

  it("that obeys by itself is left alone", () => {
    const tts = scriptedTts();
    expect(withSpeed(tts)).toBe(tts);
  });
});

describe("a pipeline", () => {
  it("speaks at the pace that was asked for, whatever the voice can", async () => {
    const engine = pipeline({ llm: scriptedLlm({ reply: "Hello there, my friend." }), tts: steady() });
    const length = async (speed: number): Promise<number> => {
      const events = await all(engine.respond(request({ voice: "a", speed })));
      return events.reduce((sum, event) => sum + (event.type === "audio" ? event.audio.samples.length : 0), 0);
    };
    expect((await length(0.5)) / (await length(1))).toBeCloseTo(2, 2);
  });
});
