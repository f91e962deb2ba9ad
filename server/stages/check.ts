/** One small request to a provider, as real as a session's: it costs a word, or a second of silence. */
import { EngineError, type EngineStage } from "../realtime/engine/errors";
import type { RelayEngine } from "../realtime/engine/relay";
import type { SpeechModel } from "../realtime/engine/speech-model";
import type {
  LanguageModel,
  SpeechToText,
  TextToSpeech,
  VadStream,
  VoiceActivityDetector,
} from "../realtime/engine/types";
import { reachUpstream } from "../realtime/relay/greeting";

/** Enough for a word, also of a model that thinks first. */
const MOST_TOKENS = 64;
const RATE = 16_000;

const GREETING = {
  sessionId: "sess_check",
  instructions: "Answer with one word.",
  items: [{ type: "message", role: "user", content: [{ type: "text", text: "Hello" }] }],
  tools: [],
  toolChoice: "auto",
  parallelToolCalls: undefined,
  maxOutputTokens: MOST_TOKENS,
  reasoningEffort: undefined,
} as const;

export async function checkLlm(llm: LanguageModel, signal: AbortSignal): Promise<string> {
  let said = "";
  for await (const event of llm.generate({ ...GREETING, model: llm.name, signal }))
    if (event.type === "text") said += event.text;
  return answered(said);
}

/** In words: that it hears is shown by no less than speech. */
export async function checkSpeech(speech: SpeechModel, signal: AbortSignal): Promise<string> {
  let said = "";
  const asked = { modality: "text", voice: speech.defaultVoice, model: speech.name } as const;
  for await (const event of speech.converse({ ...GREETING, ...asked, signal }))
    if (event.type === "text" || event.type === "speech") said += event.text;
  return answered(said);
}

function answered(said: string): string {
  return said.trim() === "" ? "It took a greeting, and answered without words." : `It answered: “${short(said)}”`;
}

export async function checkTts(tts: TextToSpeech, signal: AbortSignal): Promise<string> {
  let seconds = 0;
  for await (const { samples, sampleRate } of tts.synthesize({
    text: "Hello.",
    voice: tts.defaultVoice,
    speed: 1,
    signal,
  }))
    seconds += samples.length / sampleRate;
  if (seconds === 0) throw incomplete("tts", "The voice sent no audio.");
  return `The voice ${tts.defaultVoice} said “Hello.” in ${seconds.toFixed(1)} s of audio.`;
}

export async function checkStt(stt: SpeechToText, signal: AbortSignal): Promise<string> {
  const audio = { samples: new Int16Array(RATE), sampleRate: RATE };
  for await (const event of stt.transcribe({ audio, signal })) {
    if (event.type !== "done") continue;
    const heard = event.text.trim();
    return `It listened to a second of silence, and heard ${heard === "" ? "nothing" : `“${short(heard)}”`}.`;
  }
  throw incomplete("stt", "The recogniser ended without a transcript.");
}

export async function checkVad(vad: VoiceActivityDetector, signal: AbortSignal): Promise<string> {
  let stream: VadStream | undefined;
  try {
    const probability = await new Promise<number>((resolve, reject) => {
      stream = vad.open({ sampleRate: RATE, onFrame: (frame) => resolve(frame.probability), onError: reject });
      signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
      stream.push(new Int16Array(RATE / 2));
    });
    return `In silence it hears speech with a probability of ${(probability * 100).toFixed(0)} %.`;
  } finally {
    stream?.close();
  }
}

export async function checkRelay(
  relay: RelayEngine,
  { model, signal }: { readonly model: string; readonly signal: AbortSignal },
): Promise<string> {
  const engine = { ...relay, upstream: { ...relay.upstream, attempts: 1 } };
  const { upstream } = await reachUpstream({ engine, model, transcription: false, config: undefined, signal });
  upstream.close();
  return `A session with ${model} was opened there, and closed again.`;
}

function short(text: string): string {
  const words = text.trim().replace(/\s+/g, " ");
  return words.length > 60 ? `${words.slice(0, 60)}…` : words;
}

function incomplete(stage: EngineStage, message: string): EngineError {
  return new EngineError({ stage, code: "incomplete", message });
}
