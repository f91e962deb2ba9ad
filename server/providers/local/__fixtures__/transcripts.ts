import type { Pcm } from "../../../realtime/audio/pcm";
import type { SpeechToText, TranscribeRequest, TranscriptEvent } from "../../../realtime/engine/types";

/** A tone: sound of some length for recognisers that do not listen. */
export function tone(seconds: number, sampleRate = 16_000): Pcm {
  const samples = Int16Array.from({ length: Math.round(seconds * sampleRate) }, (_, i) => 8_000 * Math.sin(i / 6));
  return { samples, sampleRate };
}

/** Every event of one transcription. */
export async function transcriptOf(
  stt: SpeechToText,
  request: Partial<TranscribeRequest> & { readonly audio: Pcm },
): Promise<TranscriptEvent[]> {
  const events: TranscriptEvent[] = [];
  for await (const event of stt.transcribe({ signal: new AbortController().signal, ...request })) events.push(event);
  return events;
}

/** The text of one transcription. */
export async function textOf(
  stt: SpeechToText,
  request: Partial<TranscribeRequest> & { readonly audio: Pcm },
): Promise<string> {
  const last = (await transcriptOf(stt, request)).at(-1);
  if (last?.type !== "done") throw new Error("The transcript did not end.");
  return last.text;
}

/** Words that were added, lost or taken for others, by which `heard` differs from `said`. */
export function wordErrors(said: readonly string[], heard: readonly string[]): number {
  let row = Array.from({ length: heard.length + 1 }, (_, j) => j);
  for (const [i, word] of said.entries()) {
    const next = [i + 1];
    for (const [j, other] of heard.entries()) {
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (word === other ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1)!;
}
