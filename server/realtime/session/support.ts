/** What the protocol allows and this server, or this engine, does not do: refused with a word, never ignored. */
import type { Engine } from "../engine/types";
import { errors } from "../protocol/errors";
import type { SessionConfig } from "../protocol/session-config";
import { inputWindow } from "./context-window";

type Tools = SessionConfig["tools"];
type ToolChoiceConfig = SessionConfig["tool_choice"];
type Voice = SessionConfig["audio"]["output"]["voice"];

/** Throws for the first thing in a session's configuration that cannot be done. */
export function requireSupportedSession(config: SessionConfig, engine: Engine): void {
  const { input, output } = config.audio;
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
  if (config.prompt !== null) throw unsupportedPrompt("session.prompt");
  requireTokenLimit(config, engine);
  requireVoice(output.voice, engine, "session.audio.output.voice");
  requireTools(config.tools, config.tool_choice, "session");
}

function requireTokenLimit({ truncation, max_output_tokens: output }: SessionConfig, engine: Engine): void {
  const limit = typeof truncation === "object" ? truncation.token_limits?.post_instructions : undefined;
  const most = inputWindow(engine, output === "inf" ? undefined : output);
  if (limit !== undefined && limit > most)
    throw errors.integerAboveMax("session.truncation.token_limits.post_instructions", most, limit);
}

export function unsupportedPrompt(param: string): Error {
  return errors.unsupported(param, "Stored prompts are not offered by this server yet. Use instructions and tools.");
}

export function requireVoice(voice: Voice, engine: Engine, param: string): void {
  const name = voiceName(voice);
  if (engine.voices !== undefined && !engine.voices.includes(name))
    throw errors.unsupportedValue(param, name, engine.voices);
}

export function voiceName(voice: Voice): string {
  return typeof voice === "string" ? voice : voice.id;
}

/** `where` is `session` or `response`. */
export function requireTools(tools: Tools, choice: ToolChoiceConfig, where: string): void {
  const names = new Set<string>();
  tools.forEach((tool, index) => {
    const at = `${where}.tools[${index}]`;
    if (tool.type === "mcp") throw errors.unsupported(`${at}.type`, "MCP tools are not offered by this server yet.");
    if (names.has(tool.name)) throw errors.invalidValue(`${at}.name`, `Two tools have the name '${tool.name}'.`);
    names.add(tool.name);
  });
  if (typeof choice === "string") return;
  const at = `${where}.tool_choice`;
  if (choice.type === "mcp") throw errors.unsupported(`${at}.type`, "MCP tools are not offered by this server yet.");
  if (!names.has(choice.name))
    throw errors.invalidValue(at, `Tool choice '${choice.name}' not found in 'tools' parameter.`);
}
