import { afterEach, describe, expect, it } from "vitest";
import { pipeline } from "../engine/pipeline";
import type { ListenRequest, TranscriptEvent, TranscriptStream } from "../engine/types";
import { scriptedLlm, scriptedStt, scriptedTts, scriptedVad, tone, type ScriptedLlmOptions } from "../testing";
import { FRAME_MS } from "./frames";
import { Translator, type TranslatorLoad } from "./translator";
import type { TranslatingEngine, TranslationReport } from "./types";

const translators: Translator[] = [];
afterEach(() => translators.splice(0).forEach((translator) => translator.stop()));

interface Opened {
  readonly translator: Translator;
  readonly reports: TranslationReport[];
}

interface Options {
  readonly room?: () => Promise<void>;
  readonly language?: string;
}

function open(engine: ReturnType<typeof pipeline>, { room, language = "es" }: Options = {}): Opened {
  const reports: TranslationReport[] = [];
  const translator = new Translator({
    engine: engine as TranslatingEngine,
    sessionId: "sess_1",
    model: "m",
    settings: () => ({ language, transcriptionModel: undefined }),
    room: room ?? (() => Promise.resolve()),
    admit: () => Promise.resolve(() => undefined),
    report: (report) => void reports.push(report),
  });
  translators.push(translator);
  return { translator, reports };
}

const bytes = (ms: number, amplitude?: number): Buffer => {
  const { samples } = tone({ ms, ...(amplitude === undefined ? {} : { amplitude }) });
  return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
};
const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const textOf = (reports: readonly TranslationReport[], type: "heard" | "translated"): string =>
  reports.map((report) => (report.type === type ? report.text : "")).join("");

/** Says a sentence for every second that it listened, while it listens. */
function counting(): (request: ListenRequest) => TranscriptStream {
  let sentence = 0;
  return ({ sampleRate, signal }) => {
    let heard = 0;
    let told = 0;
    let over = false;
    let wake = (): void => undefined;
    signal.addEventListener("abort", () => wake(), { once: true });
    return {
      push: (samples) => {
        heard += samples.length;
        wake();
      },
      finish: () => {
        over = true;
        wake();
      },
      async *[Symbol.asyncIterator](): AsyncGenerator<TranscriptEvent> {
        let text = "";
        for (;;) {
          if (told + sampleRate <= heard) {
            told += sampleRate;
            const delta = `This is sentence number ${++sentence}. `;
            text += delta;
            yield { type: "delta", text: delta };
          } else if (over || signal.aborted) return yield { type: "done", text };
          else await new Promise<void>((resolve) => (wake = resolve));
        }
      },
    };
  };
}

const echo: ScriptedLlmOptions = {
  reply: ({ items }) => {
    const last = items.at(-1);
    return last?.type === "message" && last.content[0]?.type === "text" ? `<${last.content[0].text}>` : "?";
  },
};

function most(before: TranslatorLoad, now: TranslatorLoad): TranslatorLoad {
  return {
    bytes: Math.max(before.bytes, now.bytes),
    utterances: Math.max(before.utterances, now.utterances),
    clauses: Math.max(before.clauses, now.clauses),
    speech: Math.max(before.speech, now.speech),
  };
}

describe("an hour of talk", () => {
  it(
    "at full speed: every step stays within its bounds, times do not drift, nothing is lost",
    { timeout: 120_000 },
    async () => {
      const llm = scriptedLlm(echo);
      const stt = { ...scriptedStt(), listen: counting() };
      const tts = scriptedTts({ msPerChar: 4, chunkMs: 100 });
      const { translator, reports } = open(pipeline({ stt, llm, tts, vad: scriptedVad() }));
      const talk = Buffer.concat([bytes(3_200), bytes(800, 0)]);
      const turns = 900;
      let load: TranslatorLoad = { bytes: 0, utterances: 0, clauses: 0, speech: 0 };
      for (let turn = 0; turn < turns; turn++) {
        translator.append(talk);
        load = most(load, translator.load);
        while (translator.load.bytes > talk.length) {
          await tick();
          load = most(load, translator.load);
        }
      }
      translator.finish();
      await translator.done;
      expect(reports.filter(({ type }) => type === "failed")).toEqual([]);
      expect(load.bytes).toBeLessThanOrEqual(2 * talk.length);
      expect(load.utterances).toBeLessThanOrEqual(8);
      expect(load.clauses).toBeLessThanOrEqual(17);
      expect(load.speech).toBeLessThanOrEqual(9);
      const sentences = [...textOf(reports, "translated").matchAll(/This is sentence number (\d+)\./g)];
      expect(sentences.every(([, number], index) => Number(number) === index + 1)).toBe(true);
      expect(sentences.length).toBe(turns * 3);
      expect(textOf(reports, "heard").match(/number/g)).toHaveLength(turns * 3);
      for (const type of ["heard", "translated", "spoken"] as const) {
        const times = reports.flatMap((report) => (report.type === type ? [report.elapsedMs] : []));
        expect(times.every((ms, index) => ms % FRAME_MS === 0 && ms >= (times[index - 1] ?? 0))).toBe(true);
        const last = times.at(-1) ?? 0;
        // In the last four seconds of the hour, and not beyond it.
        expect(last).toBeGreaterThan(3_596_000);
        expect(last).toBeLessThanOrEqual(3_600_000);
      }
      // What the model is shown does not grow with the talk.
      expect(Math.max(...llm.calls.map(({ request }) => request.items.length))).toBe(13);
    },
  );

  it("a step that is slow holds up the ones before it", async () => {
    const llm = scriptedLlm(echo);
    const stt = { ...scriptedStt(), listen: counting() };
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const engine = pipeline({ stt, llm, tts: scriptedTts({ msPerChar: 4 }), vad: scriptedVad() });
    const { translator, reports } = open(engine, { room: () => gate });
    const talk = Buffer.concat([bytes(3_200), bytes(800, 0)]);
    for (let turn = 0; turn < 40; turn++) translator.append(talk);
    for (let i = 0; i < 300; i++) await tick();
    const held = translator.load;
    // The client does not read: speech waits, so translation waits, so listening waits; the rest stays audio.
    expect(held.speech).toBeLessThanOrEqual(9);
    expect(held.clauses).toBeLessThanOrEqual(17);
    expect(held.utterances).toBeLessThanOrEqual(8);
    expect(held.bytes).toBeGreaterThan(talk.length * 10);
    release();
    translator.finish();
    await translator.done;
    expect(textOf(reports, "translated").match(/number/g)).toHaveLength(40 * 3);
  });
});

describe("a translator", () => {
  it("translates the next clause while the one before is spoken", async () => {
    const llm = scriptedLlm(echo);
    const stt = scriptedStt({ hear: "First one is here. Second one is here. Third one is here. Fourth one is here." });
    const tts = scriptedTts({ speak: [{ wait: 200 }, { ms: 20 }] });
    const { translator, reports } = open(pipeline({ stt, llm, tts, vad: scriptedVad() }));
    translator.append(bytes(800));
    translator.finish();
    await expect.poll(() => llm.calls.length, { timeout: 5_000 }).toBe(4);
    expect(reports.some(({ type }) => type === "spoken")).toBe(false);
    await translator.done;
    const order = reports.flatMap(({ type }) => (type === "translated" || type === "spoken" ? [type] : []));
    expect(order.lastIndexOf("translated")).toBeLessThan(order.indexOf("spoken"));
  });

  it("drops everything at once when it is stopped", async () => {
    const tts = scriptedTts({ speak: [{ wait: Infinity }] });
    const { translator, reports } = open(
      pipeline({ stt: scriptedStt(), llm: scriptedLlm(echo), tts, vad: scriptedVad() }),
    );
    translator.append(bytes(800));
    translator.finish();
    await expect.poll(() => tts.calls.length).toBe(1);
    translator.stop();
    await translator.done;
    expect(tts.calls[0]?.state).toBe("aborted");
    expect(reports.filter(({ type }) => type === "failed" || type === "spoken")).toEqual([]);
  });

  it("speaks faster when it falls behind", async () => {
    const tts = scriptedTts({ speak: [{ ms: 12_000 }] });
    const stt = scriptedStt({ hear: "one" });
    const { translator } = open(pipeline({ stt, llm: scriptedLlm(echo), tts, vad: scriptedVad() }));
    for (let turn = 0; turn < 6; turn++) translator.append(Buffer.concat([bytes(600), bytes(600, 0)]));
    translator.finish();
    await translator.done;
    const speeds = tts.calls.map(({ request }) => request.speed);
    expect(speeds[0]).toBe(1);
    expect(speeds.at(-1)).toBe(1.4);
  });
});
