import { describe, expect, it } from "vitest";
import type { ClientEvent } from "../../../server/realtime/protocol/client-events";
import type { ServerEvent, ServerEventBody } from "../../../server/realtime/protocol/server-events";
import { defaultSessionConfig, toSessionResource } from "../../../server/realtime/protocol/session-config";
import { encodePcm } from "./base64";
import { emptyConversation, isReplying, reduceConversation, shownTurns } from "./conversation-state";
import type { ConversationInput, ConversationState } from "./conversation-types";

const config = defaultSessionConfig({ model: "antiphon", voice: "alloy" });
const listening = { ...config, audio: { ...config.audio, input: { ...config.audio.input, transcription: {} } } };
const session = toSessionResource(listening, { id: "sess_1", expiresAt: 2_000_000_000 });
const audio = (ms: number): string => encodePcm(new Int16Array(ms * 24));
const inPart = { response_id: "resp_1", item_id: "item_r", output_index: 0, content_index: 0 };

/** A conversation to which events are given one after the other, each at its own time. */
function conversation() {
  let state: ConversationState = emptyConversation;
  const give = (input: ConversationInput): void => {
    state = reduceConversation(state, input);
  };
  const it = {
    get state() {
      return state;
    },
    get last() {
      return state.turns.at(-1);
    },
    from: (event: ServerEventBody, at = 0) => {
      give({ type: "received", event: { event_id: "event_x", ...event } as ServerEvent, at });
      return it;
    },
    to: (event: ClientEvent, at = 0) => {
      give({ type: "sent", event, at });
      return it;
    },
    cut: (itemId: string, heardMs: number) => {
      give({ type: "cut", itemId, heardMs });
      return it;
    },
    disconnect: () => {
      give({ type: "disconnected" });
      return it;
    },
  };
  return it.from({ type: "session.created", session });
}

type ResponseOf = Extract<ServerEventBody, { type: "response.done" }>["response"];
const response = (patch: Partial<ResponseOf> = {}): ResponseOf => ({
  object: "realtime.response",
  id: "resp_1",
  status: "in_progress",
  status_details: null,
  output: [],
  conversation_id: "conv_1",
  output_modalities: ["audio"],
  max_output_tokens: "inf",
  audio: { output: { format: { type: "audio/pcm", rate: 24_000 }, voice: "alloy" } },
  usage: null,
  metadata: null,
  ...patch,
});

const stored = { object: "realtime.item", status: "in_progress" } as const;
const userItem = (id: string, content: "audio" | string): ServerEventBody => ({
  type: "conversation.item.added",
  previous_item_id: null,
  item: {
    ...stored,
    id,
    type: "message",
    role: "user",
    content: [content === "audio" ? { type: "input_audio", transcript: null } : { type: "input_text", text: content }],
  },
});
const replyItem: ServerEventBody = {
  type: "response.output_item.added",
  response_id: "resp_1",
  output_index: 0,
  item: { ...stored, id: "item_r", type: "message", role: "assistant", content: [] },
};

/** A reply of two clauses of one second each, all of it arrived. */
const spoken = (talk = conversation()) =>
  talk
    .to({ type: "response.create" }, 1000)
    .from({ type: "response.created", response: response() }, 1010)
    .from(replyItem, 1200)
    .from({ type: "response.output_audio_transcript.delta", ...inPart, delta: "Good morning to you. " }, 1300)
    .from({ type: "response.output_audio.delta", ...inPart, delta: audio(1000) }, 1350)
    .from({ type: "response.output_audio_transcript.delta", ...inPart, delta: "How are you today?" }, 1400)
    .from({ type: "response.output_audio.delta", ...inPart, delta: audio(1000) }, 1450);

describe("the user's side", () => {
  it("shows a typed message once the server has it", () => {
    expect(conversation().from(userItem("item_1", "hello")).last).toMatchObject({
      kind: "user",
      source: "text",
      text: "hello",
    });
  });

  it("goes from listening over partial words to the transcript", () => {
    const talk = conversation().from({
      type: "input_audio_buffer.speech_started",
      item_id: "item_1",
      audio_start_ms: 0,
    });
    expect(talk.last).toMatchObject({ id: "item_1", status: "listening" });
    talk.from({ type: "input_audio_buffer.speech_stopped", item_id: "item_1", audio_end_ms: 900 });
    talk
      .from({ type: "input_audio_buffer.committed", item_id: "item_1", previous_item_id: null })
      .from(userItem("item_1", "audio"));
    expect(talk.state.turns).toHaveLength(1);
    expect(talk.last).toMatchObject({ status: "transcribing", text: "" });
    const heard = { item_id: "item_1", content_index: 0 };
    talk.from({ type: "conversation.item.input_audio_transcription.delta", ...heard, delta: "what ti" });
    expect(talk.last).toMatchObject({ status: "transcribing", text: "what ti" });
    const usage = { type: "duration", seconds: 1 } as const;
    talk.from({
      type: "conversation.item.input_audio_transcription.completed",
      ...heard,
      transcript: "What time is it?",
      usage,
    });
    expect(talk.last).toMatchObject({ status: "done", text: "What time is it?" });
  });

  it("keeps what was said above the reply, though its words come later", () => {
    const talk = conversation()
      .from({ type: "input_audio_buffer.committed", item_id: "item_1", previous_item_id: null })
      .from({ type: "response.created", response: response() })
      .from({
        type: "conversation.item.input_audio_transcription.failed",
        item_id: "item_1",
        content_index: 0,
        error: { type: "server_error", message: "No recogniser is connected." },
      });
    expect(talk.state.turns.map(({ kind }) => kind)).toEqual(["user", "assistant"]);
    expect(talk.state.turns[0]).toMatchObject({ status: "failed", problem: "No recogniser is connected." });
  });
});

describe("the assistant's side", () => {
  it("thinks, speaks and is done", () => {
    const talk = conversation().from({ type: "response.created", response: response() });
    expect(talk.last).toMatchObject({ kind: "assistant", status: "thinking" });
    expect(isReplying(talk.state)).toBe(true);
    spoken(talk);
    talk.from({
      type: "response.output_audio_transcript.done",
      ...inPart,
      transcript: "Good morning to you. How are you today?",
    });
    talk.from({ type: "response.done", response: response({ status: "completed" }) });
    expect(talk.last).toMatchObject({ status: "done", audioMs: 2000, text: "Good morning to you. How are you today?" });
    expect(isReplying(talk.state)).toBe(false);
  });

  it("measures from the request to the first sound, once", () => {
    expect(spoken().last).toMatchObject({ latency: { totalMs: 350, silenceMs: 0 } });
  });

  it("measures hands-free from the end of speech, before turn detection waited", () => {
    const talk = conversation()
      .from({ type: "input_audio_buffer.speech_stopped", item_id: "item_1", audio_end_ms: 900 }, 5000)
      .from({ type: "response.created", response: response() }, 5001)
      .from(replyItem, 5050)
      .from({ type: "response.output_audio.delta", ...inPart, delta: audio(100) }, 5200);
    expect(talk.last).toMatchObject({ latency: { totalMs: 700, silenceMs: 500 } });
  });

  it("measures a held turn from its commit, not from the response.create behind it", () => {
    const talk = conversation()
      .to({ type: "input_audio_buffer.commit" }, 100)
      .to({ type: "response.create" }, 140)
      .from({ type: "response.created", response: response() }, 150)
      .from(replyItem, 160)
      .from({ type: "response.output_text.delta", ...inPart, delta: "Hi" }, 300);
    expect(talk.last).toMatchObject({ text: "Hi", latency: { totalMs: 200 } });
  });

  it("is cut to the words that were heard, and nothing that still comes is added", () => {
    const talk = spoken().cut("item_r", 1500);
    expect(talk.last).toMatchObject({ status: "interrupted", heardMs: 1500, text: "Good morning to you. How are" });
    talk.from({ type: "response.output_audio_transcript.delta", ...inPart, delta: " More." });
    talk.from({ type: "response.output_audio_transcript.done", ...inPart, transcript: "All of it." });
    talk.from({ type: "conversation.item.truncated", item_id: "item_r", content_index: 0, audio_end_ms: 1500 });
    const details = { type: "cancelled", reason: "client_cancelled" } as const;
    talk.from({ type: "response.done", response: response({ status: "cancelled", status_details: details }) });
    expect(talk.last).toMatchObject({ status: "interrupted", heardMs: 1500, text: "Good morning to you. How are" });
  });

  it("stays interrupted when all of it had been sent before", () => {
    const talk = spoken().from({ type: "response.done", response: response({ status: "completed" }) });
    expect(talk.cut("item_r", 1000).last).toMatchObject({ status: "interrupted", text: "Good morning to you." });
  });

  it("says why it failed, also when nothing had been said", () => {
    const error = { type: "server_error", message: "The model does not answer." };
    const talk = conversation()
      .from({ type: "response.created", response: response() })
      .from({
        type: "response.done",
        response: response({ status: "failed", status_details: { type: "failed", error } }),
      });
    expect(talk.last).toMatchObject({ status: "failed", problem: "The model does not answer." });
  });

  it("shows a tool call in place of the thinking", () => {
    const call = { response_id: "resp_1", item_id: "item_t", output_index: 0, call_id: "call_1" };
    const talk = conversation()
      .from({ type: "response.created", response: response() })
      .from({
        type: "response.output_item.added",
        response_id: "resp_1",
        output_index: 0,
        item: { ...stored, id: "item_t", type: "function_call", name: "weather", arguments: "", call_id: "call_1" },
      })
      .from({ type: "response.function_call_arguments.delta", ...call, delta: '{"city":' })
      .from({ type: "response.function_call_arguments.done", ...call, name: "weather", arguments: '{"city":"Oslo"}' })
      .from({ type: "response.done", response: response({ status: "completed" }) });
    expect(talk.state.turns).toEqual([
      expect.objectContaining({ kind: "tool", name: "weather", arguments: '{"city":"Oslo"}', status: "streaming" }),
    ]);
  });

  it("leaves no empty turn behind a reply that said nothing", () => {
    const talk = conversation()
      .from({ type: "response.created", response: response() })
      .from({ type: "response.done", response: response({ status: "completed" }) });
    expect(talk.state.turns).toEqual([]);
  });
});

describe("what is shown", () => {
  it("says once what kept both a spoken turn and its reply from being understood", () => {
    const failed = (message: string) =>
      conversation()
        .from({ type: "input_audio_buffer.committed", item_id: "item_1", previous_item_id: null })
        .from({ type: "response.created", response: response() })
        .from({
          type: "conversation.item.input_audio_transcription.failed",
          item_id: "item_1",
          content_index: 0,
          error: { type: "server_error", message: "No recogniser is connected." },
        })
        .from({
          type: "response.done",
          response: response({
            status: "failed",
            status_details: { type: "failed", error: { type: "server_error", message } },
          }),
        }).state.turns;
    expect(shownTurns(failed("No recogniser is connected.")).map(({ kind }) => kind)).toEqual(["user"]);
    expect(shownTurns(failed("The model is away."))).toHaveLength(2);
  });
});

describe("the session", () => {
  it("locks the voice with the first audio", () => {
    expect(conversation().state.voiceLocked).toBe(false);
    expect(spoken().state.voiceLocked).toBe(true);
  });

  it("ends what was under way when the connection is lost, and marks where a new one begins", () => {
    const talk = spoken()
      .from({ type: "input_audio_buffer.speech_started", item_id: "item_2", audio_start_ms: 0 })
      .disconnect();
    expect(talk.state.turns.map((turn) => "status" in turn && turn.status)).toEqual(["interrupted"]);
    expect(isReplying(talk.state)).toBe(false);
    const next = (id: string): ServerEventBody => ({ type: "session.created", session: { ...session, id } });
    talk.from(next("sess_2")).from(next("sess_3"));
    expect(talk.state.turns.map(({ kind, id }) => [kind, id])).toEqual([
      ["assistant", "resp_1:0"],
      ["divider", "sess_3"],
    ]);
    expect(talk.state.voiceLocked).toBe(false);
  });

  it("forgets a deleted item, and the oldest turns of an endless conversation", () => {
    const talk = conversation()
      .from(userItem("item_1", "hello"))
      .from({ type: "conversation.item.deleted", item_id: "item_1" });
    expect(talk.state.turns).toEqual([]);
    for (let i = 0; i < 450; i++) talk.from(userItem(`item_n${i}`, "hello"));
    expect(talk.state.turns).toHaveLength(400);
    expect(talk.last?.id).toBe("item_n449");
  });
});
