/** What an agent is, as the dashboard edits it and a version keeps it. */
import { z } from "zod";

const serverVad = z.strictObject({
  type: z.literal("server_vad"),
  threshold: z.number().min(0).max(1).optional(),
  prefix_padding_ms: z.int().min(0).max(10_000).optional(),
  silence_duration_ms: z.int().min(0).max(30_000).optional(),
  idle_timeout_ms: z.int().min(5_000).max(30_000).nullable().optional(),
  create_response: z.boolean().optional(),
  interrupt_response: z.boolean().optional(),
});
const semanticVad = z.strictObject({
  type: z.literal("semantic_vad"),
  eagerness: z.enum(["low", "medium", "high", "auto"]).optional(),
  create_response: z.boolean().optional(),
  interrupt_response: z.boolean().optional(),
});
const limit = z.int("Enter a whole number.").min(1, "A limit is at least 1.").max(2_000_000_000).nullable();
/** Millionths of the currency that prices are given in. */
const money = z.int().min(1, "An amount is more than 0.").max(1_000_000_000_000_000).nullable();

export const agentConfig = z.strictObject({
  /** Null: the one that the client asks for. */
  model: z.string().min(1).max(200).nullable().default(null),
  /** May hold `{{name}}`, for variables that a session gives. */
  instructions: z.string().max(100_000, "Instructions have at most 100,000 characters.").default(""),
  /** Null: the engine's own. */
  voice: z.string().min(1).max(200).nullable().default(null),
  modality: z.enum(["audio", "text"]).default("audio"),
  /** Null: the client says when a turn ends. Undefined: the server's defaults. */
  turnDetection: z.discriminatedUnion("type", [serverVad, semanticVad]).nullish(),
  noiseReduction: z.enum(["near_field", "far_field"]).nullable().default(null),
  transcription: z
    .strictObject({
      model: z.string().max(200).optional(),
      language: z.string().max(20).optional(),
      prompt: z.string().max(5_000).optional(),
    })
    .nullable()
    .default(null),
  speed: z.number().min(0.25).max(1.5).default(1),
  maxOutputTokens: z.int().min(1).max(4096).nullable().default(null),
  /** Ids of the organisation's tools. */
  tools: z.array(z.string()).max(128, "An agent has at most 128 tools.").default([]),
  toolChoice: z.enum(["auto", "none", "required"]).default("auto"),
  /** Ids of agents that it may hand over to. */
  handoffs: z.array(z.string()).max(32).default([]),
  /** Variables with their values where a session gives none. */
  variables: z
    .record(z.string().regex(/^[a-zA-Z_]\w{0,63}$/, "Names have letters, digits and _."), z.string().max(10_000))
    .default({}),
  limits: z
    .strictObject({
      requestsPerMinute: limit.optional(),
      tokensPerMinute: limit.optional(),
      concurrentSessions: limit.optional(),
      minutesPerDay: limit.optional(),
      minutesPerMonth: limit.optional(),
      costPerDayMicros: money.optional(),
      costPerMonthMicros: money.optional(),
    })
    .default({}),
});
export type AgentConfig = z.output<typeof agentConfig>;
export type AgentConfigInput = z.input<typeof agentConfig>;

export const agentName = z.string().trim().min(1, "Enter a name.").max(100, "A name has at most 100 characters.");
export const agentNote = z.string().trim().max(500).default("");
