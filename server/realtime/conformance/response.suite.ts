import { describe, expect, it } from "vitest";
import { audioInEvents, readingIt, Talk, type Rig } from "./rig";

const TEXT_TURN = [
  "conversation.item.added",
  "conversation.item.done",
  "response.created",
  "response.output_item.added",
  "conversation.item.added",
  "response.content_part.added",
  "response.output_text.delta",
  "response.output_text.done",
  "response.content_part.done",
  "conversation.item.done",
  "response.output_item.done",
  "response.done",
  "rate_limits.updated",
];

export function responseSuite(rig: Rig): void {
  const itReads = readingIt(rig);
  describe("responses", () => {
    it("a text turn comes in the official order", async () => {
      const talk = await Talk.open(rig, { llm: { reply: "Good day to you." } });
      talk.say("Hi");
      const response = await talk.respond({ output_modalities: ["text"] });
      await talk.next("rate_limits.updated");
      expect(talk.typesFrom("conversation.item.added")).toEqual(TEXT_TURN);
      expect(response).toMatchObject({
        status: "completed",
        output_modalities: ["text"],
        output: [
          {
            type: "message",
            role: "assistant",
            status: "completed",
            content: [{ type: "output_text", text: "Good day to you." }],
          },
        ],
      });
      expect(
        talk
          .all("response.output_text.delta")
          .map((event) => event.delta)
          .join(""),
      ).toBe("Good day to you.");
      expect(talk.parts.tts.calls).toHaveLength(0);
    });

    itReads("an audio turn carries its words and its sound", async () => {
      const talk = await Talk.open(rig, { llm: { reply: "Good day. How are you?" }, tts: { msPerChar: 20 } });
      talk.say("Hi");
      const response = await talk.respond();
      const done = [
        "response.output_audio.done",
        "response.output_audio_transcript.done",
        "response.content_part.done",
        "conversation.item.done",
        "response.output_item.done",
        "response.done",
      ];
      expect(
        talk
          .types()
          .filter((type) => done.includes(type))
          .slice(-done.length),
      ).toEqual(done);
      const bytes = talk
        .all("response.output_audio.delta")
        .reduce((sum, event) => sum + Buffer.from(event.delta, "base64").length, 0);
      const spokenMs = ("Good day.".length + "How are you?".length) * 20;
      expect(bytes / 48).toBe(audioInEvents(rig) ? spokenMs : 0);
      expect(response.output[0]).toMatchObject({
        content: [{ type: "output_audio", transcript: "Good day. How are you?" }],
      });
      expect(response.usage?.output_token_details.audio_tokens).toBe(Math.ceil(spokenMs / 50));
      expect(talk.all("response.output_text.delta")).toHaveLength(0);
    });

    it.runIf(audioInEvents(rig)).each(["audio/pcmu", "audio/pcma"])("speaks %s", async (type) => {
      const talk = await Talk.open(rig, { llm: { reply: "Hi there." }, tts: { msPerChar: 50 } });
      await talk.update({ audio: { output: { format: { type } } } });
      talk.say("Hi");
      const response = await talk.respond();
      expect(response.audio.output.format).toEqual({ type });
      const bytes = talk
        .all("response.output_audio.delta")
        .reduce((sum, event) => sum + Buffer.from(event.delta, "base64").length, 0);
      expect(bytes).toBe(9 * 50 * 8);
    });

    it.runIf(audioInEvents(rig)).each([8_000, 16_000, 24_000, 48_000])("speaks PCM at %i Hz", async (rate) => {
      const talk = await Talk.open(rig, { llm: { reply: "Hi there." }, tts: { msPerChar: 50 } });
      const format = { type: "audio/pcm", rate };
      talk.say("Hi");
      const response = await talk.respond({ audio: { output: { format } } });
      expect(response.audio.output.format).toEqual(format);
      const bytes = talk
        .all("response.output_audio.delta")
        .reduce((sum, event) => sum + Buffer.from(event.delta, "base64").length, 0);
      expect(bytes).toBe((9 * 50 * rate * 2) / 1000);
      expect(response.usage?.output_token_details.audio_tokens).toBe(9);
    });

    it("overrides hold for one response only", async () => {
      const talk = await Talk.open(rig);
      await talk.update({ instructions: "Base." });
      talk.say("Hi");
      const response = await talk.respond({
        instructions: "Once.",
        output_modalities: ["text"],
        max_output_tokens: 7,
        metadata: { topic: "test" },
        tools: [{ type: "function", name: "look" }],
        tool_choice: "none",
        reasoning: { effort: "low" },
      });
      expect(response).toMatchObject({ metadata: { topic: "test" }, max_output_tokens: 7 });
      await talk.respond();
      const [once, then] = talk.parts.llm.calls.map((call) => call.request);
      expect(once).toMatchObject({
        instructions: "Once.",
        maxOutputTokens: 7,
        toolChoice: "none",
        tools: [{ name: "look" }],
        reasoningEffort: "low",
      });
      expect(then).toMatchObject({ instructions: "Base.", maxOutputTokens: undefined, toolChoice: "auto", tools: [] });
    });

    it("only one at a time in a conversation", async () => {
      const talk = await Talk.open(rig, { llm: { reply: ["Well", { wait: Infinity }] } });
      talk.say("Hi");
      talk.send({ type: "response.create" });
      const { response } = await talk.next("response.created");
      const error = await talk.refused({ type: "response.create", event_id: "second" });
      expect(error).toMatchObject({ code: "conversation_already_has_active_response", event_id: "second" });
      expect(error.message).toContain(response.id);
      talk.send({ type: "response.cancel" });
      expect((await talk.next("response.done")).response).toMatchObject({
        id: response.id,
        status: "cancelled",
        status_details: { type: "cancelled", reason: "client_cancelled" },
      });
      expect(talk.all("response.done")).toHaveLength(1);
    });

    it("a cancel closes every part and aborts the provider", async () => {
      const talk = await Talk.open(rig, { llm: { reply: ["Well then. And so", { wait: Infinity }] } });
      talk.say("Hi");
      talk.send({ type: "response.create" });
      await talk.speaking();
      talk.send({ type: "response.cancel" });
      const { response } = await talk.next("response.done");
      expect(talk.types().slice(-8)).toEqual(
        expect.arrayContaining([
          "response.output_audio.done",
          "response.output_audio_transcript.done",
          "response.content_part.done",
          "conversation.item.done",
          "response.output_item.done",
          "response.done",
        ]),
      );
      expect(response.output[0]?.status).toBe("incomplete");
      expect(talk.parts.llm.calls[0]?.state).toBe("aborted");
      expect(await talk.refused({ type: "response.cancel", event_id: "late" })).toMatchObject({
        code: "response_cancel_not_active",
        message: "Cancellation failed: no active response found",
        event_id: "late",
      });
    });

    it("beside the conversation, while another runs, with an input of its own", async () => {
      const talk = await Talk.open(rig, {
        llm: { reply: (_request, index) => (index === 0 ? ["Well", { wait: Infinity }] : "yes") },
      });
      talk.say("remember me", {});
      const remembered = (await talk.next("conversation.item.done")).item.id;
      talk.send({ type: "response.create", response: { output_modalities: ["text"] } });
      await talk.next("response.output_text.delta");
      const aside = await talk.respond({
        conversation: "none",
        output_modalities: ["text"],
        metadata: { kind: "aside" },
        input: [
          { type: "item_reference", id: remembered },
          { type: "message", role: "user", content: [{ type: "input_text", text: "Is it about me?" }] },
        ],
      });
      expect(aside).toMatchObject({ status: "completed", conversation_id: null, metadata: { kind: "aside" } });
      expect(talk.parts.llm.calls[1]?.request.items).toHaveLength(2);
      const aside_item = aside.output[0]!.id;
      expect(await talk.refused({ type: "conversation.item.retrieve", item_id: aside_item })).toMatchObject({
        code: "item_retrieve_invalid_item_id",
      });
      talk.send({ type: "response.cancel" });
      expect((await talk.next("response.done")).response.conversation_id).toMatch(/^conv_/);
    });

    itReads("an input may bring audio of its own", async () => {
      const talk = await Talk.open(rig, { stt: { hear: "what time is it" } });
      const audio = Buffer.alloc(9600).toString("base64");
      await talk.respond({
        conversation: "none",
        output_modalities: ["text"],
        input: [{ type: "message", role: "user", content: [{ type: "input_audio", audio }] }],
      });
      expect(JSON.stringify(talk.parts.llm.calls[0]?.request.items)).toContain("what time is it");
    });

    it("an unknown reference is refused at its place", async () => {
      const talk = await Talk.open(rig);
      expect(
        await talk.refused({
          type: "response.create",
          response: { input: [{ type: "item_reference", id: "item_no" }] },
        }),
      ).toMatchObject({ param: "response.input[0].id" });
    });

    it("a length limit makes it incomplete", async () => {
      const talk = await Talk.open(rig, { llm: { reply: ["Once upon", { finish: "length" }] } });
      talk.say("tell");
      expect(await talk.respond({ output_modalities: ["text"] })).toMatchObject({
        status: "incomplete",
        status_details: { type: "incomplete", reason: "max_output_tokens" },
      });
    });

    it("a provider's failure ends the response, not the session", async () => {
      const talk = await Talk.open(rig, {
        llm: { reply: (_request, index) => (index === 0 ? ["Well", { fail: "secret detail" }] : "Fine.") },
      });
      talk.say("Hi");
      const failed = await talk.respond({ output_modalities: ["text"] });
      expect(failed).toMatchObject({ status: "failed", status_details: { type: "failed" } });
      expect(JSON.stringify(talk.link.events)).not.toContain("secret detail");
      expect(await talk.respond({ output_modalities: ["text"] })).toMatchObject({ status: "completed" });
    });

    it("the provider's own token figures are passed on", async () => {
      const talk = await Talk.open(rig, {
        llm: { reply: "Hi.", usage: { inputTokens: 111, outputTokens: 22, cachedInputTokens: 100 } },
      });
      talk.say("Hi");
      const { usage } = await talk.respond({ output_modalities: ["text"] });
      expect(usage).toEqual({
        total_tokens: 133,
        input_tokens: 111,
        output_tokens: 22,
        input_token_details: {
          text_tokens: 111,
          audio_tokens: 0,
          image_tokens: 0,
          cached_tokens: 100,
          cached_tokens_details: { text_tokens: 100, audio_tokens: 0, image_tokens: 0 },
        },
        output_token_details: { text_tokens: 22, audio_tokens: 0 },
      });
    });
  });

  describe("function calls", () => {
    const tools = [
      {
        type: "function",
        name: "weather",
        description: "The weather",
        parameters: { type: "object", properties: { city: { type: "string" } } },
      },
      { type: "function", name: "clock" },
    ];

    it("several in one response, their outputs as items, then the answer", async () => {
      const talk = await Talk.open(rig, {
        llm: {
          reply: (_request, index) =>
            index === 0
              ? [
                  { toolCall: { name: "weather", arguments: { city: "Bergen" }, callId: "call_w" } },
                  { toolCall: { name: "clock", arguments: {} } },
                ]
              : "It rains, at noon.",
        },
      });
      await talk.update({ tools, output_modalities: ["text"] });
      talk.say("Weather and time?");
      const response = await talk.respond();
      expect(response.output).toMatchObject([
        {
          type: "function_call",
          name: "weather",
          call_id: "call_w",
          arguments: '{"city":"Bergen"}',
          status: "completed",
        },
        { type: "function_call", name: "clock", arguments: "{}", status: "completed" },
      ]);
      const deltas = talk.all("response.function_call_arguments.delta").filter((event) => event.call_id === "call_w");
      expect(deltas.length).toBeGreaterThan(1);
      expect(deltas.map((event) => event.delta).join("")).toBe('{"city":"Bergen"}');
      for (const item of response.output) {
        if (item.type !== "function_call") throw new Error("not a call");
        talk.send({
          type: "conversation.item.create",
          item: { type: "function_call_output", call_id: item.call_id, output: '"rain"' },
        });
        await talk.next("conversation.item.done", (event) => event.item.type === "function_call_output");
      }
      expect((await talk.respond()).output[0]).toMatchObject({ content: [{ text: "It rains, at noon." }] });
      expect(talk.parts.llm.calls[1]?.request.items.map((item) => item.type)).toEqual([
        "message",
        "tool-call",
        "tool-call",
        "tool-result",
        "tool-result",
      ]);
    });

    it.each([
      ["auto", "auto"],
      ["none", "none"],
      ["required", "required"],
      [{ type: "function", name: "clock" }, { name: "clock" }],
    ])("tool_choice %j reaches the model", async (tool_choice, expected) => {
      const talk = await Talk.open(rig);
      await talk.update({ tools, tool_choice, output_modalities: ["text"] });
      talk.say("x");
      await talk.respond();
      expect(talk.parts.llm.calls[0]?.request.toolChoice).toEqual(expected);
    });

    it("words before a call are spoken to their end", async () => {
      const talk = await Talk.open(rig, {
        llm: { reply: ["Let me look.", { toolCall: { name: "clock", arguments: {} } }] },
      });
      await talk.update({ tools });
      talk.say("time?");
      const response = await talk.respond();
      expect(response.output.map((item) => item.type)).toEqual(["message", "function_call"]);
      expect(response.output.every((item) => item.status === "completed")).toBe(true);
    });
  });
}
