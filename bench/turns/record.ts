/** The whole set as heard: every sentence with its hesitations and without, by two voices each. */
import { createFlite, createSilero } from "../../server/providers/local";
import { pausesIn, type HeardPause } from "./listen";
import { SENTENCES, type Sentence } from "./sentences";
import { speak, type Spoken } from "./speech";

export interface Recording {
  readonly half: Sentence["half"];
  readonly voice: string;
  readonly spoken: Spoken;
  readonly pauses: readonly HeardPause[];
}

const VOICES = ["kal16", "awb", "rms", "slt"];
/** Silences of hesitating people, in ms, in turn. */
const PAUSES_MS = [400, 900, 600, 1_500, 500, 1_200, 700, 800];
const AT_ONCE = 2;

export async function record(): Promise<Recording[]> {
  const tts = await createFlite({ workers: AT_ONCE });
  const vad = await createSilero();
  const tasks = SENTENCES.flatMap(tellings);
  const recordings: Recording[] = [];
  const work = async (): Promise<void> => {
    for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) {
      const { half, ...telling } = task;
      const spoken = await speak(tts, telling);
      recordings.push({ half, voice: telling.voice, spoken, pauses: await pausesIn(vad, spoken.audio) });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  await tts.close?.();
  await vad.close?.();
  return recordings;
}

interface Task {
  readonly half: Sentence["half"];
  readonly parts: readonly string[];
  readonly voice: string;
  readonly pausesMs: readonly number[];
}

function tellings({ half, parts, fluent }: Sentence, index: number): Task[] {
  // The halves take turns, so that both get all voices and all lengths.
  const pair = Math.floor(index / 2);
  return [0, 1].flatMap((second) => {
    const voice = VOICES[(pair + second * (1 + (Math.floor(pair / 4) % 3))) % VOICES.length]!;
    const pausesMs = parts.slice(1).map((_, at) => PAUSES_MS[(pair * 3 + at + second * 4) % PAUSES_MS.length]!);
    const hesitant = { half, parts, voice, pausesMs };
    return parts.length > 1 ? [hesitant, { half, parts: [fluent], voice, pausesMs: [] }] : [hesitant];
  });
}
