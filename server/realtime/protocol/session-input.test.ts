import * as fc from "fast-check";
import { expect, it } from "vitest";
import { defaultSessionConfig, mergeSessionConfig, parseSessionConfig } from "./session-config";
import type { SessionConfigInput } from "./session-config";
import { mergeSessionInput } from "./session-input";

const some = <T extends Record<string, fc.Arbitrary<unknown>>>(fields: T) => fc.record(fields, { requiredKeys: [] });
const turnDetection = fc.oneof(
  fc.constant(null),
  some({ threshold: fc.constantFrom(0.1, 0.9), silence_duration_ms: fc.nat(900), create_response: fc.boolean() }).map(
    (fields) => ({ type: "server_vad", ...fields }),
  ),
  some({ eagerness: fc.constantFrom("low", "high") }).map((fields) => ({ type: "semantic_vad", ...fields })),
);
const format = fc.constantFrom({ type: "audio/pcmu" }, { type: "audio/pcm", rate: 24_000 });
const wish: fc.Arbitrary<SessionConfigInput> = some({
  model: fc.constantFrom("a", "b"),
  instructions: fc.string(),
  output_modalities: fc.constantFrom(["text"], ["audio"]),
  audio: some({
    input: some({
      format,
      turn_detection: turnDetection,
      transcription: fc.oneof(
        fc.constant(null),
        some({ model: fc.constant("m"), language: fc.constantFrom("en", "de") }),
      ),
      noise_reduction: fc.oneof(
        fc.constant(null),
        some({ type: fc.constantFrom("near_field", "far_field"), strength: fc.constantFrom(0, 0.5) }),
      ),
    }),
    output: some({ format, voice: fc.constantFrom("alloy", { id: "v1" }), speed: fc.constantFrom(0.5, 1.5) }),
  }),
  include: fc.constantFrom(null, ["item.input_audio_transcription.logprobs"]),
  tools: fc.constantFrom([], [{ type: "function", name: "f" }]),
  prompt: fc.constantFrom(null, { id: "p", variables: { a: "1" } }, { id: "q" }),
  tracing: fc.constantFrom(null, "auto", { workflow_name: "w", metadata: { a: 1 } }, { metadata: { b: 2 } }),
  reasoning: fc.constantFrom({}, { effort: "low" }, { effort: "high" }),
  truncation: fc.constantFrom(
    "auto",
    { type: "retention_ratio", retention_ratio: 0.5 },
    { type: "retention_ratio", retention_ratio: 0.8, token_limits: { post_instructions: 10 } },
  ),
}).map((fields) => {
  const parsed = parseSessionConfig({ type: "realtime", ...fields });
  if (!parsed.ok) throw parsed.error;
  return parsed.config;
});

it("session configuration: two wishes in one are the same as one after the other", () => {
  const begin = defaultSessionConfig({ model: "m", voice: "alloy" });
  fc.assert(
    fc.property(wish, wish, (first, second) => {
      const inOne = mergeSessionConfig(begin, mergeSessionInput(first, second));
      expect(inOne).toEqual(mergeSessionConfig(mergeSessionConfig(begin, first), second));
    }),
    { numRuns: 500 },
  );
});

it("session configuration: a wish alone stays as it is", () => {
  const alone: SessionConfigInput = { type: "realtime", instructions: "x" };
  expect(mergeSessionInput(undefined, alone)).toBe(alone);
});
