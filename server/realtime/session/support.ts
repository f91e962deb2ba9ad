/** What the protocol allows and this server, or this engine, does not do: refused with a word, never ignored. */
import { wireFormat, type WireFormatName } from "../audio/formats";
import type { Engine } from "../engine/types";
import { errors } from "../protocol/errors";
import type { AudioInputConfig, RealtimeConfig, SessionConfig } from "../protocol/session-config";
import { inputWindow } from "./context-window";
import { requireTools } from "./tool-rules";
import type { ActingOptions } from "./types";

type Voice = RealtimeConfig["audio"]["output"]["voice"];

/** What the server behind a session can do. */
export interface SessionHost extends ActingOptions {
  readonly engine: Engine;
}

/** Throws for the first thing in a session's configuration that cannot be done. */
export function requireSupportedSession(config: SessionConfig, host: SessionHost): void {
  requireSupportedInput(config.audio.input, host.engine);
  switch (config.type) {
    case "realtime":
      return requireSupportedAnswers(config, host);
    case "transcription":
      return requireSilence(config.audio.input);
    default:
      return config satisfies never;
  }
}

function requireSupportedInput(input: AudioInputConfig, engine: Engine): void {
  if (input.noise_reduction !== null && engine.noise === undefined) {
    throw errors.unsupported("session.audio.input.noise_reduction", "This server has no noise reduction. Use null.");
  }
  if (input.turn_detection !== null && engine.vad === undefined) {
    throw errors.unsupported(
      "session.audio.input.turn_detection",
      "This server has no voice activity detector. Use null, and commit the audio yourself.",
    );
  }
  if (input.transcription?.delay !== undefined) {
    throw errors.unsupported(
      "session.audio.input.transcription.delay",
      "No recogniser of this server can trade delay for accuracy. Leave it out.",
    );
  }
}

/** Whoever only listens cannot speak up after a silence. */
function requireSilence({ turn_detection: detection }: AudioInputConfig): void {
  if (detection?.type !== "server_vad" || detection.idle_timeout_ms === null) return;
  throw errors.unsupported(
    "session.audio.input.turn_detection.idle_timeout_ms",
    "A transcription session never responds, so it has no idle timeout. Use null, or leave it out.",
  );
}

function requireSupportedAnswers(config: RealtimeConfig, { engine, tools = [], mcp, prompts }: SessionHost): void {
  if (config.prompt !== null && prompts === undefined)
    throw errors.unsupported(
      "session.prompt",
      "Stored prompts are not offered by this server. Use instructions and tools.",
    );
  requireTokenLimit(config, engine);
  requireVoice(config.audio.output.voice, engine, "session.audio.output.voice");
  const taken = new Set(tools.map((tool) => tool.name));
  requireTools(config.tools, config.tool_choice, { taken, mcp, where: "session" });
}

function requireTokenLimit({ truncation, max_output_tokens: output }: RealtimeConfig, engine: Engine): void {
  const limit = typeof truncation === "object" ? truncation.token_limits?.post_instructions : undefined;
  const most = inputWindow(engine, output === "inf" ? undefined : output);
  if (limit !== undefined && limit > most)
    throw errors.integerAboveMax("session.truncation.token_limits.post_instructions", most, limit);
}

export function requireVoice(voice: Voice, engine: Engine, param: string): void {
  const name = voiceName(voice);
  if (engine.voices !== undefined && !engine.voices.includes(name))
    throw errors.unsupportedValue(param, name, engine.voices);
}

export function voiceName(voice: Voice): string {
  return typeof voice === "string" ? voice : voice.id;
}

/** @throws ProtocolError when a call's session asks for a format in which its events would carry audio. */
export function requireTrackFormats(config: SessionConfig): void {
  requireTrackFormat(config.audio.input.format, "session.audio.input.format");
  if (config.type === "realtime") requireTrackFormat(config.audio.output.format, "session.audio.output.format");
}

/** @throws ProtocolError for anything but the default, which is what a track carries. */
export function requireTrackFormat(format: WireFormatName, param: string): void {
  if (wireFormat(format) === wireFormat({ type: "audio/pcm" })) return;
  throw errors.unsupported(param, "Over WebRTC the codec is Opus, as the offer says. Leave the format out.");
}
