import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { checkBetaEvent } from "../protocol/beta/server-events";
import { relay } from "../engine/relay";
import type { RealtimeHandler } from "../handler";
import { scriptedEngine, serve, testHandler } from "./test-support";
import { connectInMemory, tone } from "../testing";
import type { ScriptedLlmOptions } from "../testing";
import { ReferenceClient, type BetaFrame } from "./reference-client";

const BETA = { headers: { "openai-beta": "realtime=v1" } };

class BetaTalk {
  readonly reference = new ReferenceClient();
  private read = 0;
  private taken = 0;

  private constructor(private readonly client: ReturnType<typeof connectInMemory>["client"]) {}

  static open(llm: ScriptedLlmOptions = {}, query: Record<string, string> = {}): BetaTalk {
    return BetaTalk.on(testHandler({ engine: scriptedEngine(llm), validateEvents: "throw" }), query);
  }

  static on(handler: RealtimeHandler, query: Record<string, string> = {}): BetaTalk {
    const model = "intent" in query ? null : "antiphon";
    const { client } = connectInMemory(handler, { ...BETA, query, model });
    onTestFinished(() => void client.close());
    return new BetaTalk(client);
  }

  get events(): readonly BetaFrame[] {
    return this.client.events as unknown as BetaFrame[];
  }

  send(event: Record<string, unknown>): void {
    this.client.sendRaw(JSON.stringify(event));
  }

  async next(type: string, where: (event: BetaFrame) => boolean = () => true): Promise<BetaFrame> {
    const deadline = Date.now() + 5_000;
    while (Date.now() < deadline) {
      for (; this.read < this.events.length;) {
        const event = this.events[this.read++];
        if (event?.type === type && where(event)) return event;
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    throw new Error(`No ${type} came. Events: ${this.events.map((event) => event.type).join(", ")}`);
  }

  append(ms: number, amplitude?: number): void {
    const { samples } = tone({ ms, ...(amplitude !== undefined && { amplitude }) });
    const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
    for (let at = 0; at < bytes.length; at += 960) {
      this.send({ type: "input_audio_buffer.append", audio: bytes.subarray(at, at + 960).toString("base64") });
    }
  }

  /** The types since the session began, without repetitions; every event held against the schemas and the client. */
  checked(): string[] {
    for (const event of this.events.slice(this.taken)) {
      expect(checkBetaEvent(event), JSON.stringify(event)).toBeNull();
      this.reference.take(event);
    }
    this.taken = this.events.length;
    const types = this.events.map((event) => event.type);
    return types.filter((type, index) => type !== types[index - 1]);
  }
}

const say = (text: string) => ({
  type: "conversation.item.create",
  item: { type: "message", role: "user", content: [{ type: "input_text", text }] },
});

describe("the beta dialect", () => {
  it("greets with a flat session and its conversation", async () => {
    const talk = BetaTalk.open();
    await talk.next("conversation.created");
    expect(talk.checked()).toEqual(["session.created", "conversation.created"]);
  });

  it("answers in words", async () => {
    const talk = BetaTalk.open({ reply: "It is noon." });
    talk.send(say("What time is it?"));
    talk.send({ type: "response.create", response: { modalities: ["text"], temperature: 0.9 } });
    const done = await talk.next("response.done");
    expect(done["response"]).toMatchObject({ status: "completed", modalities: ["text"], temperature: 0.9 });
    await talk.next("rate_limits.updated");
    expect(talk.checked()).toEqual([
      "session.created",
      "conversation.created",
      "conversation.item.created",
      "response.created",
      "response.output_item.added",
      "conversation.item.created",
      "response.content_part.added",
      "response.text.delta",
      "response.text.done",
      "response.content_part.done",
      "response.output_item.done",
      "response.done",
      "rate_limits.updated",
    ]);
    expect(talk.reference.items.map(({ content }) => content.map(({ text }) => text).join())).toEqual([
      "What time is it?",
      "It is noon.",
    ]);
  });

  it("takes what the first clients said first, and their mistakes in words that they look for", async () => {
    const talk = BetaTalk.open();
    talk.send({
      type: "session.update",
      session: {
        modalities: ["text", "audio"],
        instructions: "",
        voice: "verse",
        input_audio_format: "pcm16",
        output_audio_format: "pcm16",
        input_audio_transcription: null,
        turn_detection: null,
        tools: [],
        tool_choice: "auto",
        temperature: 0.8,
        max_response_output_tokens: 4096,
      },
    });
    expect((await talk.next("session.updated"))["session"]).toMatchObject({
      voice: "verse",
      turn_detection: null,
      max_response_output_tokens: 4096,
    });
    talk.send({ type: "input_audio_buffer.clear" });
    talk.send({ type: "input_audio_buffer.commit" });
    expect(Object((await talk.next("error"))["error"])["message"]).toContain("buffer");
    talk.send({ type: "conversation.item.delete", item_id: "nobody" });
    expect(Object((await talk.next("error"))["error"])["message"]).toContain("does not exist");
    talk.send({ type: "response.cancel" });
    expect(Object((await talk.next("error"))["error"])["message"]).toMatch(/^Cancellation failed/);
    talk.checked();
  });

  it("hears a turn and answers it with sound", async () => {
    const talk = BetaTalk.open({ reply: "It is noon." });
    talk.send({ type: "session.update", session: { input_audio_transcription: { model: "whisper-1" } } });
    expect((await talk.next("session.updated"))["session"]).toMatchObject({
      input_audio_transcription: { model: "whisper-1" },
    });
    talk.append(600);
    talk.append(1_000, 0);
    await talk.next("response.done");
    const types = talk.checked();
    for (const type of [
      "input_audio_buffer.speech_started",
      "input_audio_buffer.speech_stopped",
      "input_audio_buffer.committed",
      "conversation.item.input_audio_transcription.completed",
      "response.audio_transcript.delta",
      "response.audio.delta",
      "response.audio.done",
      "response.audio_transcript.done",
    ]) {
      expect(types).toContain(type);
    }
    expect(talk.reference.items.at(-1)?.content[0]?.transcript).toBe("It is noon.");
  });

  it("calls a function, whose arguments the client puts together from deltas", async () => {
    const talk = BetaTalk.open({
      reply: (_request, index) =>
        index === 0 ? [{ toolCall: { name: "clock", arguments: { zone: "utc" } } }] : "Noon.",
    });
    talk.send({
      type: "session.update",
      session: { modalities: ["text"], tools: [{ type: "function", name: "clock", parameters: { type: "object" } }] },
    });
    talk.send({ type: "response.create" });
    const call = await talk.next("response.function_call_arguments.done");
    expect(call).not.toHaveProperty("name");
    await talk.next("response.done");
    talk.checked();
    expect(JSON.parse(talk.reference.items[0]?.arguments ?? "")).toEqual({ zone: "utc" });
    talk.send({
      type: "conversation.item.create",
      item: { type: "function_call_output", call_id: call["call_id"], output: "12:00" },
    });
    talk.send({ type: "response.create" });
    expect((await talk.next("response.text.done"))["text"]).toBe("Noon.");
    talk.checked();
  });

  it("keeps a temperature, shows it and hands it to the model; not one of an update that was refused", async () => {
    const asked: (number | undefined)[] = [];
    const talk = BetaTalk.open({
      reply: (request) => {
        asked.push(request.temperature);
        return "Yes.";
      },
    });
    talk.send({ type: "session.update", session: { modalities: ["text"] } });
    expect((await talk.next("session.updated"))["session"]).toMatchObject({ temperature: 0.8 });
    talk.send({ type: "response.create" });
    await talk.next("response.done");
    talk.send({ type: "session.update", session: { temperature: 0.7 } });
    expect((await talk.next("session.updated"))["session"]).toMatchObject({ temperature: 0.7 });
    talk.send({
      type: "session.update",
      event_id: "mine",
      session: { temperature: 1, input_audio_noise_reduction: { type: "near_field" } },
    });
    expect((await talk.next("error"))["error"]).toMatchObject({
      param: "session.input_audio_noise_reduction",
      event_id: "mine",
    });
    talk.send({ type: "response.create" });
    expect((await talk.next("response.done"))["response"]).toMatchObject({ temperature: 0.7 });
    talk.send({ type: "response.create", response: { temperature: 1.1 } });
    await talk.next("response.done");
    expect(asked).toEqual([undefined, 0.7, 1.1]);
  });

  it("has transcription sessions of its own shape, which stay what they are", async () => {
    const talk = BetaTalk.open({}, { intent: "transcription" });
    const { session } = await talk.next("transcription_session.created");
    expect(session).toMatchObject({ object: "realtime.transcription_session", input_audio_format: "pcm16" });
    talk.send({
      type: "transcription_session.update",
      session: { input_audio_transcription: { model: "whisper-1", language: "en" } },
    });
    expect((await talk.next("transcription_session.updated"))["session"]).toMatchObject({
      input_audio_transcription: { model: "whisper-1", language: "en" },
    });
    talk.send({ type: "session.update", event_id: "wrong", session: { instructions: "Speak." } });
    expect((await talk.next("error"))["error"]).toMatchObject({
      message: "Passing a realtime session update event to a transcription session is not allowed.",
      param: "type",
      event_id: "wrong",
    });
    talk.append(600);
    talk.append(1_000, 0);
    await talk.next("conversation.item.input_audio_transcription.completed");
    expect(talk.checked()).not.toContain("conversation.created");
  });

  it("refuses what only GA knows, and a conversation an update for listening", async () => {
    const talk = BetaTalk.open();
    const refused = async (event: Record<string, unknown>) => {
      talk.send(event);
      return (await talk.next("error"))["error"];
    };
    expect(await refused({ type: "session.update", session: { type: "realtime" } })).toMatchObject({
      code: "unknown_parameter",
      param: "session.type",
    });
    expect(await refused({ type: "transcription_session.update", session: {} })).toMatchObject({
      message: "Passing a transcription session update event to a realtime session is not allowed.",
    });
  });

  it("is spoken over a session that another server holds", async () => {
    const upstream = await serve(
      testHandler({ engine: scriptedEngine({ reply: "It is noon." }), validateEvents: "throw" }),
    );
    const engine = relay({ url: `ws://${upstream}/v1/realtime`, apiKey: "sk-upstream" });
    const talk = BetaTalk.on(testHandler({ engine }));
    await talk.next("conversation.created");
    talk.send({ type: "session.update", session: { modalities: ["text"], temperature: 0.7 } });
    expect((await talk.next("session.updated"))["session"]).toMatchObject({ modalities: ["text"] });
    talk.send(say("What time is it?"));
    talk.send({ type: "response.create", response: { temperature: 1 } });
    await talk.next("response.done");
    talk.checked();
    expect(talk.reference.items.at(-1)?.content[0]?.text).toBe("It is noon.");
  });

  it("beta fields mean nothing to a GA client", async () => {
    const { client } = connectInMemory(testHandler());
    onTestFinished(() => void client.close());
    await client.next("session.created");
    const refused = async (event: object) => {
      client.sendRaw(JSON.stringify(event));
      return (await client.next("error")).error;
    };
    expect(await refused({ type: "session.update", session: { type: "realtime", temperature: 0.8 } })).toMatchObject({
      code: "unknown_parameter",
      param: "session.temperature",
    });
    expect(await refused({ type: "session.update", session: { type: "realtime", voice: "x" } })).toMatchObject({
      code: "unknown_parameter",
      param: "session.voice",
    });
    expect(await refused({ type: "session.update", session: { modalities: ["text"] } })).toMatchObject({
      code: "missing_required_parameter",
      param: "session.type",
    });
    expect(await refused({ type: "transcription_session.update", session: {} })).toMatchObject({
      code: "invalid_value",
      param: "type",
    });
  });

  const anyEvent = fc.constantFrom<Record<string, unknown>>(
    { type: "response.create" },
    { type: "response.create", response: { modalities: ["text"] } },
    { type: "response.create", response: { modalities: ["text", "audio"], output_audio_format: "g711_ulaw" } },
    { type: "response.create", response: { temperature: 2 } },
    { type: "response.cancel" },
    { type: "input_audio_buffer.commit" },
    { type: "input_audio_buffer.clear" },
    { type: "input_audio_buffer.append", audio: Buffer.alloc(9600, 9).toString("base64") },
    { type: "session.update", session: { input_audio_transcription: { model: "m" }, temperature: 1 } },
    { type: "session.update", session: { turn_detection: null } },
    { type: "session.update", session: { turn_detection: { type: "server_vad" } } },
    { type: "session.update", session: { output_audio_format: "g711_alaw", input_audio_format: "g711_ulaw" } },
    { type: "session.update", session: { type: "realtime" } },
    { ...say("a"), item: { ...say("a").item, id: "a" } },
    {
      type: "conversation.item.create",
      previous_item_id: "a",
      item: { type: "message", role: "assistant", content: [{ type: "text", text: "b" }] },
    },
    {
      type: "conversation.item.create",
      previous_item_id: "root",
      item: { type: "function_call", name: "f", call_id: "c", arguments: "{}" },
    },
    { type: "conversation.item.create", item: { type: "function_call_output", call_id: "c", output: "1" } },
    { type: "conversation.item.delete", item_id: "a" },
    { type: "conversation.item.retrieve", item_id: "a" },
    { type: "conversation.item.truncate", item_id: "a", content_index: 0, audio_end_ms: 0 },
    { type: "nonsense" },
  );

  it(
    "event order and id uniqueness hold for any sequence of events, as the reference client sees them",
    { timeout: 60_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyEvent, { minLength: 1, maxLength: 25 }), async (events) => {
          const talk = BetaTalk.open({ reply: "Well, yes. Of course." });
          for (const event of events) talk.send(event);
          talk.send({ type: "session.update", session: { instructions: "the end" } });
          await talk.next("session.updated", ({ session }) => Object(session)["instructions"] === "the end");
          const count = (type: string) => talk.events.filter((event) => event.type === type).length;
          while (count("response.created") > count("response.done"))
            await new Promise((resolve) => setTimeout(resolve, 2));
          talk.checked();
        }),
        { numRuns: 40 },
      );
    },
  );
});
