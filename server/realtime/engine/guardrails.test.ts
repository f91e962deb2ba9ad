import { describe, expect, it } from "vitest";
import { guardReply, type Guardrail, type GuardReport } from "./guardrails";
import type { ReplyEvent } from "./types";

const pcm = (ms: number) => ({ samples: new Int16Array(ms * 24), sampleRate: 24_000 });
const speech = (text: string): ReplyEvent[] => [
  { type: "speech", text },
  { type: "audio", audio: pcm(10) },
];
const finish: ReplyEvent = { type: "finish", reason: "stop" };
const about = { sessionId: "sess_1", responseId: "resp_1", tenant: "acme" };

async function* stream(events: readonly ReplyEvent[]): AsyncGenerator<ReplyEvent> {
  yield* events;
}

async function guard(events: readonly ReplyEvent[], guardrails: readonly Guardrail[], speaks = true) {
  const reports: GuardReport[] = [];
  const out: ReplyEvent[] = [];
  const speak = (text: string) => stream([...speech(text), finish]);
  const { signal } = new AbortController();
  const options = { guardrails, about, signal, speak: speaks ? speak : undefined };
  for await (const event of guardReply(stream(events), { ...options, report: (report) => void reports.push(report) }))
    out.push(event);
  return { out, reports, said: out.map((event) => ("text" in event ? event.text : event.type)) };
}

const never = (word: string): Guardrail => ({
  name: "never",
  check: ({ text }) => (text.includes(word) ? "stop" : "pass"),
});

describe("guardrails", () => {
  it("let pass what is right, untouched", async () => {
    const events = [...speech("Good day. "), ...speech("How are you?"), finish];
    const { out, reports } = await guard(events, [never("secret")]);
    expect(out).toEqual(events);
    expect(reports).toEqual([]);
  });

  it("stop before the clause, with nothing of its sound", async () => {
    const { out, reports } = await guard(
      [...speech("Fine. "), ...speech("The secret is 7."), finish],
      [never("secret")],
    );
    expect(out).toEqual([...speech("Fine. "), { type: "finish", reason: "content_filter" }]);
    expect(reports).toEqual([{ guardrail: "never", verdict: "stop", text: "The secret is 7." }]);
  });

  const mask: Guardrail = { name: "mask", check: ({ text }) => (/\d/.test(text) ? { replace: "A number. " } : "pass") };
  it("put other words and their sound in its place, and go on after it", async () => {
    const { said, reports } = await guard([...speech("It is 7. "), ...speech("Bye."), finish], [mask]);
    expect(said).toEqual(["A number. ", "audio", "Bye.", "audio", "finish"]);
    expect(reports.map(({ verdict }) => verdict)).toEqual(["replace"]);
  });

  it("end the reply where no other words can be spoken", async () => {
    const { said } = await guard([...speech("It is 7. "), ...speech("Bye."), finish], [mask], false);
    expect(said).toEqual(["finish"]);
  });

  it("hear text clause by clause, however it comes", async () => {
    const heard: string[] = [];
    const listen: Guardrail = {
      name: "listen",
      check: ({ text, before }) => {
        heard.push(`${before}|${text}`);
        return "pass";
      },
    };
    const texts = ["One mo", "ment. Here", " it is. Secret"].map((text): ReplyEvent => ({ type: "text", text }));
    const { said } = await guard([...texts, finish], [listen, never("Secret")]);
    expect(said.join("")).toBe("One moment. Here it is. finish");
    expect(heard).toEqual(["|One moment. ", "One moment. |Here it is. ", "One moment. Here it is. |Secret"]);
  });

  it("run in order, each on what the one before it left", async () => {
    const { said } = await guard([...speech("It is 7. "), finish], [mask, never("number")]);
    expect(said).toEqual(["finish"]);
  });

  it.each([
    ["pass", ["Fine.", "audio", "finish"]],
    ["stop", ["finish"]],
  ] as const)("that fail or are late count as %s", async (onFailure, expected) => {
    const broken: Guardrail = { name: "broken", onFailure, check: () => Promise.reject(new Error("down")) };
    const late: Guardrail = { name: "late", onFailure, timeoutMs: 10, check: () => new Promise(() => undefined) };
    for (const guardrail of [broken, late]) {
      const { said, reports } = await guard([...speech("Fine."), finish], [guardrail]);
      expect(said).toEqual(expected);
      expect(reports).toMatchObject([{ guardrail: guardrail.name, verdict: "failed" }]);
    }
  });

  describe("of sound that is one with that of other words", () => {
    const joined = (text: string): ReplyEvent => ({ type: "speech", text, joins: true });
    const sound = (ms: number): ReplyEvent => ({ type: "audio", audio: pcm(ms) });

    it("judge clauses, however their words come", async () => {
      const events = [joined("Good "), joined("day. How "), joined("are you?"), sound(10), finish];
      const { said, reports } = await guard(events, [never("secret")]);
      expect(said.join("|")).toBe("Good day. |audio|How are you?|finish");
      expect(reports).toEqual([]);
    });

    it("let out no more of it than the words that passed account for", async () => {
      const early = await guard([sound(100), joined("Fine. "), joined("The secret is 7."), finish], [never("secret")]);
      expect(early.said).toEqual(["Fine. ", "audio", "finish"]);
      const late = [joined("Fine. And"), sound(400), sound(400), joined(" the secret is 7."), finish];
      expect((await guard(late, [never("secret")])).said).toEqual(["Fine. ", "audio", "audio", "finish"]);
      const far = [joined("Fine. And"), sound(600), sound(400), joined(" the secret is 7."), finish];
      expect((await guard(far, [never("secret")])).said).toEqual(["Fine. ", "audio", "finish"]);
    });

    it("let out the rest when all words have passed, and nothing that had none", async () => {
      const slow = [joined("Fine."), sound(5_000), sound(5_000), finish];
      expect((await guard(slow, [never("secret")])).said).toEqual(["Fine.", "audio", "audio", "finish"]);
      const { out } = await guard([sound(100), finish], [never("secret")]);
      expect(out).toEqual([{ type: "finish", reason: "content_filter" }]);
    });

    it("hold no more than two minutes of sound without words", async () => {
      const events = [...Array.from({ length: 13 }, () => sound(10_000)), joined("Well."), finish];
      expect((await guard(events, [never("secret")])).said).toEqual(["finish"]);
    });

    it("end the reply after the words that they put in a clause's place", async () => {
      const events = [joined("Good day. It is 7. "), sound(100), joined("And more."), sound(100), finish];
      const { said, out } = await guard(events, [mask]);
      expect(said).toEqual(["Good day. ", "audio", "audio", "A number. ", "audio", "finish"]);
      expect(out.at(-1)).toEqual({ type: "finish", reason: "content_filter" });
      expect((await guard(events, [mask], false)).said).toEqual(["Good day. ", "audio", "audio", "finish"]);
    });
  });
});
