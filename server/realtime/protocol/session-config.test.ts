import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultSessionConfig, mergeSessionConfig, parseSessionConfig, toSessionResource } from "./session-config";
import type { RealtimeConfig, SessionConfigInput } from "./session-config";
import { checkServerEvent } from "./server-events";

const base = defaultSessionConfig({ model: "gpt-realtime", voice: "marin" });

function parsed(session: unknown): SessionConfigInput {
  const result = parseSessionConfig(session);
  if (!result.ok) throw result.error;
  return result.config;
}

const merged = (current: RealtimeConfig, session: object): RealtimeConfig =>
  mergeSessionConfig(current, parsed({ type: "realtime", ...session }));

function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  }
  return value;
}

// ---------------------------------------------------------------- arbitrary valid sessions

const some = <T extends Record<string, fc.Arbitrary<unknown>>>(fields: T) => fc.record(fields, { requiredKeys: [] });
const text = fc.string({ maxLength: 20 });
const name = fc.string({ minLength: 1, maxLength: 20 });
const format = fc.constantFrom(
  { type: "audio/pcm", rate: 24_000 },
  { type: "audio/pcm" },
  { rate: 48_000 },
  { type: "audio/pcm", rate: 8_000 },
  { rate: 16_000 },
  { type: "audio/pcmu" },
  { type: "audio/pcma" },
);
const unit = fc.double({ min: 0, max: 1, noNaN: true });
const nullable = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const typed = (type: string, fields: Record<string, fc.Arbitrary<unknown>>) =>
  some(fields).map((rest) => ({ type, ...rest }));

const turnDetection = fc.oneof(
  typed("server_vad", {
    threshold: unit,
    prefix_padding_ms: fc.nat(),
    silence_duration_ms: fc.nat(),
    idle_timeout_ms: nullable(fc.integer({ min: 5_000, max: 30_000 })),
    create_response: fc.boolean(),
    interrupt_response: fc.boolean(),
  }),
  typed("semantic_vad", { eagerness: fc.constantFrom("low", "medium", "high", "auto"), create_response: fc.boolean() }),
);
const transcription = some({ model: name, language: text, languages: fc.array(text, { maxLength: 3 }), prompt: text });
const noiseReduction = some({ type: fc.constantFrom("near_field", "far_field"), strength: unit });
const tool = fc.oneof(
  fc.record(
    { type: fc.constant("function"), name, parameters: fc.constant({ type: "object" }) },
    { requiredKeys: ["name"] },
  ),
  fc.record({
    type: fc.constant("mcp"),
    server_label: name,
    headers: fc.dictionary(name, text, { noNullPrototype: true }),
    authorization: name,
  }),
);

const session = some({
  model: name,
  instructions: text,
  output_modalities: fc.constantFrom(["text"], ["audio"]),
  audio: some({
    input: some({
      format,
      noise_reduction: nullable(noiseReduction),
      transcription: nullable(transcription),
      turn_detection: nullable(turnDetection),
    }),
    output: some({
      format,
      voice: fc.oneof(name, fc.record({ id: name })),
      speed: fc.double({ min: 0.25, max: 1.5, noNaN: true }),
    }),
  }),
  include: nullable(fc.constant(["item.input_audio_transcription.logprobs"])),
  max_output_tokens: fc.oneof(fc.constant("inf"), fc.integer({ min: 1, max: 4096 })),
  tools: fc.array(tool, { maxLength: 3 }),
  tool_choice: fc.oneof(
    fc.constantFrom("auto", "none", "required"),
    fc.record({ type: fc.constant("function"), name }),
  ),
  parallel_tool_calls: fc.boolean(),
  prompt: nullable(fc.record({ id: name, version: nullable(text) })),
  reasoning: some({ effort: fc.constantFrom("minimal", "low", "high") }),
  tracing: nullable(fc.oneof(fc.constant("auto"), some({ workflow_name: text, metadata: fc.jsonValue() }))),
  truncation: fc.oneof(
    fc.constantFrom("auto", "disabled"),
    fc.record({ type: fc.constant("retention_ratio"), retention_ratio: unit }),
  ),
}).map((fields) => {
  // jsonValue may make a key that is refused on purpose.
  const plain: Record<string, unknown> = JSON.parse(JSON.stringify(fields).replaceAll("__proto__", "proto"));
  return { type: "realtime", ...plain };
});

/** Every leaf of `value`, with its path; arrays and empty objects are leaves. */
function leaves(value: unknown, path: string[] = []): [string, unknown][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [[path.join("."), value]];
  if (Object.keys(value).length === 0) return [[path.join("."), value]];
  return Object.entries(value).flatMap(([key, entry]) => leaves(entry, [...path, key]));
}

/** What is replaced as a whole when it is named. */
const CHOICES = [
  "tracing.metadata",
  "audio.input.format",
  "audio.output.format",
  "audio.output.voice",
  "tool_choice",
  "prompt",
];

/** What was replaced as a whole because it became something of another kind. */
function wholes(before: RealtimeConfig, after: RealtimeConfig): string[] {
  const kind = (value: unknown): unknown =>
    typeof value === "object" && value !== null && "type" in value ? value.type : value === null ? null : typeof value;
  const changed: [string, unknown, unknown][] = [
    ["audio.input.turn_detection", before.audio.input.turn_detection, after.audio.input.turn_detection],
    ["truncation", before.truncation, after.truncation],
    ["tracing", before.tracing, after.tracing],
  ];
  return changed.filter(([, old, now]) => kind(old) !== kind(now)).map(([path]) => path);
}

describe("session configuration", () => {
  it("begins with the documented defaults", () => {
    expect(base).toMatchObject({
      output_modalities: ["audio"],
      max_output_tokens: "inf",
      tool_choice: "auto",
      tools: [],
      truncation: "auto",
      tracing: null,
      audio: {
        input: {
          format: { type: "audio/pcm", rate: 24000 },
          noise_reduction: null,
          transcription: null,
          turn_detection: {
            type: "server_vad",
            threshold: 0.5,
            prefix_padding_ms: 300,
            silence_duration_ms: 500,
            idle_timeout_ms: null,
            create_response: true,
            interrupt_response: true,
          },
        },
        output: { format: { type: "audio/pcm", rate: 24000 }, voice: "marin", speed: 1 },
      },
    });
  });

  it("null switches turn detection off, and naming it again brings its defaults back", () => {
    const off = merged(base, { audio: { input: { turn_detection: null } } });
    expect(off.audio.input.turn_detection).toBeNull();
    const on = merged(off, { audio: { input: { turn_detection: { type: "server_vad", threshold: 0.8 } } } });
    expect(on.audio.input.turn_detection).toEqual({ ...base.audio.input.turn_detection, threshold: 0.8 });
  });

  it("a change within one type of turn detection keeps the rest; another type starts from its own defaults", () => {
    const tuned = merged(base, {
      audio: { input: { turn_detection: { type: "server_vad", silence_duration_ms: 900 } } },
    });
    const again = merged(tuned, { audio: { input: { turn_detection: { type: "server_vad", threshold: 0.2 } } } });
    expect(again.audio.input.turn_detection).toMatchObject({ silence_duration_ms: 900, threshold: 0.2 });
    const semantic = merged(again, { audio: { input: { turn_detection: { type: "semantic_vad" } } } });
    expect(semantic.audio.input.turn_detection).toEqual({
      type: "semantic_vad",
      eagerness: "auto",
      create_response: true,
      interrupt_response: true,
    });
    const back = merged(semantic, { audio: { input: { turn_detection: { type: "server_vad" } } } });
    expect(back.audio.input.turn_detection).toEqual(base.audio.input.turn_detection);
  });

  it("noise reduction starts at full strength and keeps its strength when only its type changes", () => {
    const near = merged(base, { audio: { input: { noise_reduction: { type: "near_field" } } } });
    expect(near.audio.input.noise_reduction).toEqual({ type: "near_field", strength: 1 });
    const softer = merged(near, { audio: { input: { noise_reduction: { strength: 0.3 } } } });
    const far = merged(softer, { audio: { input: { noise_reduction: { type: "far_field" } } } });
    expect(far.audio.input.noise_reduction).toEqual({ type: "far_field", strength: 0.3 });
  });

  it("a transcription keeps the fields that an update does not name", () => {
    const first = merged(base, { audio: { input: { transcription: { model: "whisper-1", language: "en" } } } });
    const second = merged(first, { audio: { input: { transcription: { prompt: "Names: Ada." } } } });
    expect(second.audio.input.transcription).toEqual({ model: "whisper-1", language: "en", prompt: "Names: Ada." });
  });

  it("reasoning, tracing and truncation keep what an update of the same kind does not name", () => {
    const first = merged(base, {
      reasoning: { effort: "low" },
      tracing: { workflow_name: "w", group_id: "g" },
      truncation: { type: "retention_ratio", retention_ratio: 0.8, token_limits: { post_instructions: 5000 } },
    });
    const second = merged(first, {
      reasoning: {},
      tracing: { group_id: "h" },
      truncation: { type: "retention_ratio", retention_ratio: 0.5, token_limits: {} },
    });
    expect(second).toMatchObject({
      reasoning: { effort: "low" },
      tracing: { workflow_name: "w", group_id: "h" },
      truncation: { type: "retention_ratio", retention_ratio: 0.5, token_limits: { post_instructions: 5000 } },
    });
    expect(merged(second, { tracing: "auto", truncation: "disabled" })).toMatchObject({
      tracing: "auto",
      truncation: "disabled",
    });
  });

  it("replaces arrays, choices and formats whole", () => {
    const first = merged(base, {
      tools: [{ name: "a" }, { name: "b" }],
      tool_choice: { type: "function", name: "a" },
      audio: { output: { format: { type: "audio/pcmu" } } },
    });
    const second = merged(first, { tools: [{ name: "c" }], tool_choice: "none", audio: { output: { format: {} } } });
    expect(second.tools).toEqual([{ type: "function", name: "c" }]);
    expect(second.tool_choice).toBe("none");
    expect(second.audio.output.format).toEqual({ type: "audio/pcm", rate: 24000 });
  });

  it("shows the session without the secrets of its MCP tools", () => {
    const config = merged(base, {
      tools: [{ type: "mcp", server_label: "s", authorization: "secret-1", headers: { "X-Key": "secret-2" } }],
    });
    const shown = JSON.stringify(toSessionResource(config, { id: "sess_1", expiresAt: 1 }));
    expect(shown).not.toContain("secret");
    expect(shown).toContain("X-Key");
    expect(JSON.stringify(config)).toContain("secret-1");
  });

  it("names the session in the path of what is wrong with it", () => {
    const result = parseSessionConfig({ type: "realtime", audio: { output: { speed: 3 } } });
    expect(result).toMatchObject({ ok: false, error: { param: "session.audio.output.speed" } });
    expect(parseSessionConfig(null)).toMatchObject({ ok: false, error: { code: "invalid_type", param: "session" } });
    expect(parseSessionConfig(JSON.parse('{"type":"realtime","__proto__":{}}'))).toMatchObject({
      ok: false,
      error: { code: "unknown_parameter", param: "session.__proto__" },
    });
  });

  it("property: session configuration validation: a valid session is accepted and takes effect, field by field", () => {
    fc.assert(
      fc.property(session, (asked) => {
        const config = mergeSessionConfig(base, parsed(asked));
        const effective = new Map(leaves(config));
        for (const [path, value] of leaves(parsed(asked))) {
          if (typeof value === "object" && value !== null && !Array.isArray(value)) continue;
          expect([path, effective.get(path)]).toEqual([path, value]);
        }
      }),
    );
  });

  it("property: session configuration validation: a merge never drops or changes what the update did not name", () => {
    fc.assert(
      fc.property(session, session, (first, second) => {
        const before = freeze(mergeSessionConfig(base, parsed(first)));
        const patch = freeze(parsed(second));
        const after = mergeSessionConfig(before, patch);
        const named = leaves(patch).map(([path]) => path);
        const kinds = new Set(wholes(before, after));
        for (const path of named) kinds.add(CHOICES.find((choice) => path.startsWith(choice)) ?? path);
        const touched = (path: string): boolean =>
          [...kinds].some((other) => other === path || other.startsWith(`${path}.`) || path.startsWith(`${other}.`));
        const result = new Map(leaves(after));
        for (const [path, value] of leaves(before)) {
          if (!touched(path)) expect([path, result.get(path)]).toEqual([path, value]);
        }
      }),
    );
  });

  it("property: session configuration validation: merging twice is merging once, and an empty update changes nothing", () => {
    fc.assert(
      fc.property(session, (asked) => {
        const patch = parsed(asked);
        const once = mergeSessionConfig(base, patch);
        expect(mergeSessionConfig(once, patch)).toEqual(once);
        expect(mergeSessionConfig(once, parsed({ type: "realtime" }))).toEqual(once);
      }),
    );
  });

  it("property: session configuration validation: whatever is in force can be shown, as the official types have it", () => {
    fc.assert(
      fc.property(session, session, (first, second) => {
        const config = mergeSessionConfig(mergeSessionConfig(base, parsed(first)), parsed(second));
        const shown = toSessionResource(config, { id: "sess_1", expiresAt: 1_800_000_000 });
        expect(checkServerEvent({ type: "session.updated", event_id: "event_1", session: shown })).toBeNull();
      }),
    );
  });

  it("property: session configuration validation: one bad field refuses the whole update and touches nothing", () => {
    const bad = fc.constantFrom<[string, (s: Record<string, unknown>) => void]>(
      ["session.foo", (s) => (s["foo"] = 1)],
      ["session.instructions", (s) => (s["instructions"] = 5)],
      ["session.max_output_tokens", (s) => (s["max_output_tokens"] = 5000)],
      ["session.audio", (s) => (s["audio"] = [])],
      ["session.tools", (s) => (s["tools"] = "none")],
      ["session.truncation", (s) => (s["truncation"] = "maybe")],
      ["session.type", (s) => delete s["type"]],
    );
    fc.assert(
      fc.property(session, bad, (asked, [param, spoil]) => {
        const spoiled = structuredClone(asked);
        spoil(spoiled);
        const before = structuredClone(spoiled);
        const result = parseSessionConfig(freeze(spoiled));
        expect(result).toMatchObject({ ok: false, error: { param } });
        expect(spoiled).toEqual(before);
      }),
    );
  });
});
