/** Errors in words that a beta client knows: GA fields are called by the names that it gave them. */
import type { ErrorBody } from "../errors";

/** Deeper paths first. */
const NAMES: readonly (readonly [ga: string, beta: string])[] = [
  ["session.audio.input.format", "session.input_audio_format"],
  ["session.audio.input.transcription", "session.input_audio_transcription"],
  ["session.audio.input.noise_reduction", "session.input_audio_noise_reduction"],
  ["session.audio.input.turn_detection", "session.turn_detection"],
  ["session.audio.output.format", "session.output_audio_format"],
  ["session.audio.output.voice", "session.voice"],
  ["session.audio.output.speed", "session.speed"],
  ["session.output_modalities", "session.modalities"],
  ["session.max_output_tokens", "session.max_response_output_tokens"],
  ["session.type", "type"],
  ["response.audio.output.format", "response.output_audio_format"],
  ["response.audio.output.voice", "response.voice"],
  ["response.output_modalities", "response.modalities"],
  ["response.max_output_tokens", "response.max_response_output_tokens"],
];

export function toBetaParam(param: string): string {
  const found = NAMES.find(([ga]) => param === ga || param.startsWith(`${ga}.`) || param.startsWith(`${ga}[`));
  return found ? found[1] + param.slice(found[0].length) : param;
}

export function toBetaError(error: ErrorBody): ErrorBody {
  // A GA name that the client wrote itself, and which it must find again.
  if (error.code === "unknown_parameter") return error;
  const { param, message } = error;
  const named = NAMES.reduce((text, [ga, beta]) => text.replaceAll(`'${ga}`, `'${beta}`), message);
  return { ...error, message: named, param: param && toBetaParam(param) };
}
