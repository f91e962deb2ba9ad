import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ServerEventBody } from "../protocol/server-events";
import {
  nextResponse,
  startResponse,
  type ResponseEffect,
  type ResponseHead,
  type ResponseInput,
  type ResponseState,
} from "./response";

const head: ResponseHead = {
  id: "resp_1",
  conversationId: "conv_1",
  resource: {
    output_modalities: ["audio"],
    max_output_tokens: "inf",
    metadata: null,
    audio: { output: { voice: "awb", format: { type: "audio/pcm", rate: 24_000 } } },
  },
};
const usage = {
  total_tokens: 0,
  input_tokens: 0,
  output_tokens: 0,
  input_token_details: {
    text_tokens: 0,
    audio_tokens: 0,
    image_tokens: 0,
    cached_tokens: 0,
    cached_tokens_details: { text_tokens: 0, audio_tokens: 0, image_tokens: 0 },
  },
  output_token_details: { text_tokens: 0, audio_tokens: 0 },
};
const finish = (reason: "stop" | "length" | "tool_calls" | "content_filter"): ResponseInput => ({
  type: "finish",
  reason,
  usage,
});
const cancel: ResponseInput = { type: "cancel", reason: "client_cancelled", usage };
const failure: ResponseInput = {
  type: "fail",
  error: { type: "server_error", code: "stt_failed", message: "no" },
  usage,
};
const audio: ResponseInput = { type: "audio", bytes: Buffer.from([1, 2]) };

function play(inputs: readonly ResponseInput[]) {
  let ids = 0;
  const makeId = (prefix: string): string => `${prefix}_${(ids += 1)}`;
  const first = startResponse(head);
  let state: ResponseState = first.state;
  const effects: ResponseEffect[] = [...first.effects];
  for (const input of inputs) {
    const step = nextResponse(state, input, makeId);
    state = step.state;
    effects.push(...step.effects);
  }
  const events = effects.flatMap((effect): ServerEventBody[] => (effect.type === "emit" ? [effect.event] : []));
  return {
    state,
    effects,
    events,
    types: effects.map((effect) => (effect.type === "emit" ? effect.event.type : effect.type)),
  };
}

describe("the order of events", () => {
  it("of a text reply", () => {
    expect(play([{ type: "text", text: "Hi" }, { type: "text", text: " you" }, finish("stop")]).types).toEqual([
      "response.created",
      "response.output_item.added",
      "open-item",
      "response.content_part.added",
      "words",
      "response.output_text.delta",
      "words",
      "response.output_text.delta",
      "response.output_text.done",
      "response.content_part.done",
      "close-item",
      "response.output_item.done",
      "response.done",
    ]);
  });

  it("of a spoken reply", () => {
    expect(
      play([{ type: "speech", text: "Hi." }, audio, { type: "speech", text: " You." }, audio, finish("stop")]).types,
    ).toEqual([
      "response.created",
      "response.output_item.added",
      "open-item",
      "response.content_part.added",
      "words",
      "response.output_audio_transcript.delta",
      "audio",
      "response.output_audio.delta",
      "words",
      "response.output_audio_transcript.delta",
      "audio",
      "response.output_audio.delta",
      "response.output_audio.done",
      "response.output_audio_transcript.done",
      "response.content_part.done",
      "close-item",
      "response.output_item.done",
      "response.done",
    ]);
  });

  it("of two calls whose arguments come mixed", () => {
    const { types, state } = play([
      { type: "text", text: "One moment." },
      { type: "tool-call", index: 0, name: "a", callId: "call_a" },
      { type: "tool-call", index: 1, name: "b" },
      { type: "tool-arguments", index: 0, delta: '{"x"' },
      { type: "tool-arguments", index: 1, delta: "{}" },
      { type: "tool-arguments", index: 0, delta: ":1}" },
      { type: "tool-call-done", index: 1 },
      finish("tool_calls"),
    ]);
    expect(state.items.map(({ kind, text, status }) => [kind, text, status])).toEqual([
      ["text", "One moment.", "completed"],
      ["call", '{"x":1}', "completed"],
      ["call", "{}", "completed"],
    ]);
    expect(types.indexOf("response.output_text.done")).toBeLessThan(types.lastIndexOf("open-item"));
    expect(types.filter((type) => type === "response.function_call_arguments.done")).toHaveLength(2);
  });

  it("of nothing at all", () => {
    expect(play([finish("stop")]).types).toEqual(["response.created", "response.done"]);
  });
});

describe("every phase × input", () => {
  const running: ResponseInput[] = [{ type: "speech", text: "Well" }, audio];
  const inputs: readonly (readonly [string, ResponseInput, string])[] = [
    ["text", { type: "text", text: "x" }, "in_progress"],
    ["speech", { type: "speech", text: "x" }, "in_progress"],
    ["audio", audio, "in_progress"],
    ["tool-call", { type: "tool-call", index: 0, name: "f" }, "in_progress"],
    ["tool-arguments of no call", { type: "tool-arguments", index: 9, delta: "x" }, "in_progress"],
    ["tool-call-done of no call", { type: "tool-call-done", index: 9 }, "in_progress"],
    ["finish stop", finish("stop"), "completed"],
    ["finish tool_calls", finish("tool_calls"), "completed"],
    ["finish length", finish("length"), "incomplete"],
    ["finish content_filter", finish("content_filter"), "incomplete"],
    ["cancel", cancel, "cancelled"],
    ["fail", failure, "failed"],
  ];

  it.each(inputs)("running, %s", (_name, input, status) => {
    const { events, state } = play([...running, input]);
    const last = events.at(-1);
    if (status === "in_progress") {
      expect(state.phase).toBe("running");
      expect(last?.type).not.toBe("response.done");
    } else {
      expect(state.phase).toBe("done");
      expect(last).toMatchObject({ type: "response.done", response: { status, usage } });
      expect(state.items[0]?.status).toBe(status === "completed" ? "completed" : "incomplete");
    }
  });

  it.each(inputs)("done absorbs %s", (_name, input) => {
    const before = play([...running, cancel]);
    expect(play([...running, cancel, input]).effects).toHaveLength(before.effects.length);
  });

  it("audio may come before its words, and opens their message", () => {
    expect(play([audio, { type: "speech", text: "Hi", joins: true }]).types).toEqual([
      "response.created",
      "response.output_item.added",
      "open-item",
      "response.content_part.added",
      "audio",
      "response.output_audio.delta",
      "words",
      "response.output_audio_transcript.delta",
    ]);
    expect(play([{ type: "audio", bytes: Buffer.alloc(0) }]).types).toEqual(["response.created"]);
  });

  it("sound that is kept belongs to the words that were spoken", () => {
    const sound = {};
    const { effects, state } = play([{ type: "speech", text: "Hi" }, audio, { type: "kept", sound }]);
    expect(effects.at(-1)).toEqual({ type: "kept", itemId: state.items[0]?.id, sound });
    expect(
      play([
        { type: "text", text: "Hi" },
        { type: "kept", sound },
      ]).types,
    ).not.toContain("kept");
  });

  it("a failure says why", () => {
    expect(play([failure]).events.at(-1)).toMatchObject({
      response: { status: "failed", status_details: { type: "failed", error: { code: "stt_failed", message: "no" } } },
    });
  });
});

const anyInput: fc.Arbitrary<ResponseInput> = fc.oneof(
  { weight: 6, arbitrary: fc.string().map((text): ResponseInput => ({ type: "speech", text })) },
  { weight: 6, arbitrary: fc.string().map((text): ResponseInput => ({ type: "text", text })) },
  {
    weight: 6,
    arbitrary: fc
      .uint8Array({ maxLength: 8 })
      .map((bytes): ResponseInput => ({ type: "audio", bytes: Buffer.from(bytes) })),
  },
  { weight: 4, arbitrary: fc.nat(3).map((index): ResponseInput => ({ type: "tool-call", index, name: "f" })) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.nat(3), fc.string())
      .map(([index, delta]): ResponseInput => ({ type: "tool-arguments", index, delta })),
  },
  { weight: 3, arbitrary: fc.nat(3).map((index): ResponseInput => ({ type: "tool-call-done", index })) },
  { weight: 1, arbitrary: fc.constantFrom(finish("stop"), finish("length"), cancel, failure) },
);

it("response lifecycle: random walks keep one done, nothing after it, and close parts before items before the response", () => {
  fc.assert(
    fc.property(fc.array(anyInput, { maxLength: 80 }), (inputs) => {
      const { events } = play([...inputs, finish("stop")]);
      const openItems = new Set<string>();
      const openParts = new Set<string>();
      const text = new Map<string, string>();
      let done = 0;
      for (const event of events) {
        expect(done).toBe(0);
        switch (event.type) {
          case "response.output_item.added":
            expect(openItems.has(event.item.id)).toBe(false);
            openItems.add(event.item.id);
            text.set(event.item.id, "");
            break;
          case "response.content_part.added":
            expect(openItems.has(event.item_id)).toBe(true);
            openParts.add(event.item_id);
            break;
          case "response.output_text.delta":
          case "response.output_audio_transcript.delta":
            expect(openParts.has(event.item_id)).toBe(true);
            text.set(event.item_id, (text.get(event.item_id) ?? "") + event.delta);
            break;
          case "response.output_audio.delta":
          case "response.output_audio.done":
            expect(openParts.has(event.item_id)).toBe(true);
            break;
          case "response.function_call_arguments.delta":
            expect(openItems.has(event.item_id)).toBe(true);
            text.set(event.item_id, (text.get(event.item_id) ?? "") + event.delta);
            break;
          case "response.output_text.done":
            expect(event.text).toBe(text.get(event.item_id));
            break;
          case "response.output_audio_transcript.done":
            expect(event.transcript).toBe(text.get(event.item_id));
            break;
          case "response.function_call_arguments.done":
            expect(event.arguments).toBe(text.get(event.item_id));
            break;
          case "response.content_part.done":
            expect(openParts.delete(event.item_id)).toBe(true);
            break;
          case "response.output_item.done":
            expect(openParts.has(event.item.id)).toBe(false);
            expect(openItems.delete(event.item.id)).toBe(true);
            break;
          case "response.done":
            expect(openItems.size).toBe(0);
            done += 1;
            break;
          default:
            expect(event.type).toBe("response.created");
        }
      }
      expect(done).toBe(1);
    }),
    { numRuns: 300 },
  );
});
