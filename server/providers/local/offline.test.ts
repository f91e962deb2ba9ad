import { describe, expect, it } from "vitest";
import { UNHEARD } from "../../realtime/engine/prompt";
import type { PromptItem, PromptPart } from "../../realtime/engine/types";
import { ask, assistant, eventsOf, requestOf, tool, user } from "./__fixtures__/ask-offline";
import { createOffline } from "./offline";
import { HOW_TO_CONNECT } from "./offline/connect";

const from = (role: "user" | "system", ...content: PromptPart[]): PromptItem => ({ type: "message", role, content });
const image: PromptPart = { type: "image", url: "data:image/png;base64,AA==", detail: "auto" };

describe("the offline responder's stream", () => {
  it("gives words one by one, then one finish", async () => {
    expect(await eventsOf([user("what time is it")])).toEqual([
      { type: "text", text: "It" },
      { type: "text", text: " is" },
      { type: "text", text: " 2:05" },
      { type: "text", text: " PM." },
      { type: "finish", reason: "stop" },
    ]);
  });

  it("streams a call's arguments in small pieces", async () => {
    const tools = [tool("get_weather", { city: { type: "string" } })];
    const events = await eventsOf([user("what is the weather in san francisco")], { tools });
    expect(events[0]).toEqual({ type: "tool-call", index: 0, name: "get_weather" });
    expect(events.filter(({ type }) => type === "tool-arguments").length).toBeGreaterThan(1);
    expect(events.slice(-2)).toEqual([
      { type: "tool-call-done", index: 0 },
      { type: "finish", reason: "tool_calls" },
    ]);
  });

  it("stops at the limit of output tokens", async () => {
    expect(await ask("count to ten", { maxOutputTokens: 4 })).toEqual({
      text: "1, 2, 3, 4,",
      calls: [],
      finish: "length",
    });
    expect((await ask("count to four", { maxOutputTokens: 4 })).finish).toBe("stop");
  });

  it("makes no half of a call", async () => {
    const tools = [tool("get_weather", { city: { type: "string" } })];
    const answer = await ask("what is the weather in san francisco", { tools, maxOutputTokens: 2 });
    expect(answer).toEqual({ text: "", calls: [], finish: "length" });
  });

  it("throws the signal's reason before and during the stream", async () => {
    const llm = createOffline();
    const gone = llm.generate(requestOf([user("hi")], { signal: AbortSignal.abort("gone") }));
    await expect(gone[Symbol.asyncIterator]().next()).rejects.toBe("gone");
    const controller = new AbortController();
    const words = llm
      .generate(requestOf([user("count to ten")], { signal: controller.signal }))
      [Symbol.asyncIterator]();
    await words.next();
    controller.abort("enough");
    await expect(words.next()).rejects.toBe("enough");
  });

  it("tells the time where it was told to be", async () => {
    const llm = createOffline({ now: () => new Date("2026-11-21T14:05:00Z"), timeZone: "Asia/Tokyo", locale: "en-GB" });
    let text = "";
    for await (const event of llm.generate(requestOf([user("what time is it")])))
      if (event.type === "text") text += event.text;
    expect(text).toBe("It is 23:05.");
  });

  it("refuses a time zone that does not exist", () => {
    expect(() => createOffline({ timeZone: "Mars/Olympus" })).toThrow(RangeError);
  });
});

describe("what the offline responder is given", () => {
  it("greets when nothing was said yet", async () => {
    expect((await ask([])).text).toMatch(/^Hello! I am antiphon's built-in offline responder/);
    expect((await ask([from("system", { type: "text", text: "Be kind." })])).text).toMatch(/^Hello!/);
  });

  it("hears speech by its transcript", async () => {
    const heard = from("user", { type: "audio", audio: undefined, transcript: "count to two" });
    expect((await ask([heard])).text).toBe("1, 2.");
  });

  it.each<[string, PromptPart]>([
    ["no transcript", { type: "audio", audio: undefined, transcript: null }],
    ["an empty transcript", { type: "audio", audio: undefined, transcript: "" }],
    ["the engine's words for speech without transcript", { type: "text", text: UNHEARD }],
    ["blanks", { type: "text", text: " \n" }],
  ])("says that it understood nothing: %s", async (_, part) => {
    expect((await ask([from("user", part)])).text).toBe("I could not make out any words. Please say it again.");
  });

  it("is honest about pictures", async () => {
    const blind = "I cannot see pictures; that takes a real model.";
    const question: PromptPart = { type: "text", text: "what is in this picture" };
    expect((await ask([from("user", image)])).text).toBe(`${blind} ${HOW_TO_CONNECT}`);
    expect((await ask([from("user", question, image)])).text).toBe(`${blind} ${HOW_TO_CONNECT}`);
    expect((await ask([from("user", image), user("what is this")])).text).toBe(`${blind} ${HOW_TO_CONNECT}`);
    expect((await ask([from("user", image, { type: "text", text: "count to two" })])).text).toBe(`${blind} 1, 2.`);
    const later = [from("user", image), assistant(`${blind} ${HOW_TO_CONNECT}`), user("count to two")];
    expect((await ask(later)).text).toBe("1, 2.");
  });

  it("names the session's tools among what it can do", async () => {
    const { text } = await ask("what can you do", { tools: [tool("get_weather"), tool("setLight")] });
    expect(text).toContain("I can also use your tools: get weather and set light.");
  });
});
