/** The session as `session.created` and `session.updated` echo it. */
import { z } from "zod";
import { audioFormat, maxOutputTokens, voice } from "./primitives";
import type { SessionConfig } from "./session-config";
import { prompt, reasoning, tool, toolChoice } from "./tools";
import { tracing, transcription, truncation } from "./session-schema";

const turnDetection = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("server_vad"),
    threshold: z.number(),
    prefix_padding_ms: z.number(),
    silence_duration_ms: z.number(),
    idle_timeout_ms: z.number().nullable(),
    create_response: z.boolean(),
    interrupt_response: z.boolean(),
  }),
  z.strictObject({
    type: z.literal("semantic_vad"),
    eagerness: z.enum(["low", "medium", "high", "auto"]),
    create_response: z.boolean(),
    interrupt_response: z.boolean(),
  }),
]);

export const sessionResource = z.strictObject({
  object: z.literal("realtime.session"),
  id: z.string().min(1),
  type: z.literal("realtime"),
  model: z.string(),
  /** Seconds since the epoch. */
  expires_at: z.int(),
  instructions: z.string(),
  output_modalities: z.array(z.enum(["text", "audio"])),
  audio: z.strictObject({
    input: z.strictObject({
      format: audioFormat,
      noise_reduction: z.strictObject({ type: z.enum(["near_field", "far_field"]), strength: z.number() }).nullable(),
      transcription: transcription.nullable(),
      turn_detection: turnDetection.nullable(),
    }),
    output: z.strictObject({ format: audioFormat, voice, speed: z.number() }),
  }),
  include: z.array(z.enum(["item.input_audio_transcription.logprobs"])).nullable(),
  max_output_tokens: maxOutputTokens,
  tools: z.array(tool),
  tool_choice: toolChoice,
  parallel_tool_calls: z.boolean().optional(),
  prompt: prompt.nullable(),
  reasoning: reasoning.optional(),
  tracing: tracing.nullable(),
  truncation,
});
export type SessionResource = z.output<typeof sessionResource>;

type Tool = SessionConfig["tools"][number];

/** A tool without its secrets: whoever holds a short-lived key may read the session, not the keys that it was given. */
function withoutSecrets(tool: Tool): Tool {
  if (tool.type !== "mcp") return tool;
  const headers = tool.headers && Object.fromEntries(Object.keys(tool.headers).map((name) => [name, "<redacted>"]));
  return { ...tool, authorization: undefined, headers };
}

/** What the client is shown. `expiresAt` in seconds since the epoch. */
export function toSessionResource(
  config: SessionConfig,
  session: { readonly id: string; readonly expiresAt: number },
): SessionResource {
  const { parallel_tool_calls, reasoning: effort, ...rest } = config;
  return {
    object: "realtime.session",
    id: session.id,
    expires_at: session.expiresAt,
    ...rest,
    output_modalities: [...config.output_modalities],
    include: config.include && [...config.include],
    tools: config.tools.map(withoutSecrets),
    ...(parallel_tool_calls === null ? {} : { parallel_tool_calls }),
    ...(effort === null ? {} : { reasoning: effort }),
  };
}
