import fc from "fast-check";
import { expect, it } from "vitest";
import type { Item } from "../protocol/items";
import { checkLog } from "./errors.suite";
import { Talk } from "./rig";
import { memory } from "./rigs";

/** What people and clients do while the session guesses; tones are speech to the scripted detector. */
type Step =
  { readonly speak: number } | { readonly pause: number } | { readonly yield: number } | { readonly do: number };

const DEEDS: readonly Record<string, unknown>[] = [
  { type: "input_audio_buffer.commit" },
  { type: "input_audio_buffer.clear" },
  { type: "response.create" },
  { type: "response.cancel" },
  {
    type: "conversation.item.create",
    item: { type: "message", role: "user", content: [{ type: "input_text", text: "a" }] },
  },
  ...["server_vad", "semantic_vad", null].map((type) => ({
    type: "session.update",
    session: { type: "realtime", audio: { input: { turn_detection: type === null ? null : { type } } } },
  })),
  {
    type: "session.update",
    session: {
      type: "realtime",
      audio: { input: { turn_detection: { type: "server_vad", create_response: false, silence_duration_ms: 200 } } },
    },
  },
];

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ speak: fc.integer({ min: 60, max: 900 }) }) },
  { weight: 6, arbitrary: fc.record({ pause: fc.integer({ min: 60, max: 900 }) }) },
  { weight: 4, arbitrary: fc.record({ yield: fc.integer({ min: 0, max: 6 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.nat(DEEDS.length - 1) }) },
);

it.each(["reply", "transcribe", "off"] as const)(
  "random walks over turns with speculate %s: turns alternate, guesses stay unseen, every turn becomes one item",
  { timeout: 60_000 },
  async (speculate) => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 3, maxLength: 16 }), async (steps) => {
        const talk = await Talk.open(memory, {
          turnTaking: { speculate },
          stt: { hear: (_request, index) => `words ${index}` },
          llm: { reply: (_request, index) => `Reply ${index}. And more.` },
          tts: { msPerChar: 4 },
        });
        for (const step of steps) {
          if ("speak" in step) talk.appendTone(step.speak);
          else if ("pause" in step) talk.appendSilence(step.pause);
          else if ("do" in step) talk.send(DEEDS[step.do]!);
          else await new Promise((resolve) => setTimeout(resolve, step.yield));
        }
        talk.send({ type: "session.update", session: { type: "realtime", instructions: "the end" } });
        await talk.next(
          "session.updated",
          ({ session }) => "instructions" in session && session.instructions === "the end",
        );
        while (talk.all("response.created").length > talk.all("response.done").length) {
          await new Promise((resolve) => setTimeout(resolve, 2));
        }
        talk.link.close();
        checkLog(talk);
        checkTurns(talk);
      }),
      { numRuns: 25 },
    );
  },
);

function checkTurns(talk: Talk): void {
  const committed = new Set<string>();
  let open: string | undefined;
  let lastMs = 0;
  for (const event of talk.link.events) {
    switch (event.type) {
      case "input_audio_buffer.speech_started":
        expect(event.audio_start_ms).toBeGreaterThanOrEqual(0);
        open = event.item_id;
        break;
      case "input_audio_buffer.speech_stopped":
        // A commit by hand, a clear or a change of detection may have ended the turn before: then no stop comes.
        expect(event.item_id).toBe(open);
        expect(event.audio_end_ms).toBeGreaterThanOrEqual(lastMs);
        lastMs = event.audio_end_ms;
        break;
      case "input_audio_buffer.committed":
        expect(committed.has(event.item_id)).toBe(false);
        committed.add(event.item_id);
        if (open !== undefined) expect(event.item_id).toBe(open);
        open = undefined;
        break;
      case "input_audio_buffer.cleared":
        open = undefined;
        break;
      case "session.updated":
        // Switched off, detection forgets the turn; changed, it goes on.
        if (event.session.type === "realtime" && event.session.audio.input.turn_detection === null) open = undefined;
        break;
      default:
    }
  }
  const items = talk.all("conversation.item.added").map(({ item }) => item as Item);
  expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
  const spoken = items.filter((item) => item.type === "message" && item.role === "user" && hasAudio(item));
  expect(new Set(spoken.map(({ id }) => id))).toEqual(committed);
  // One model call answers a response or was a guess; a guess is never told of, and never answers twice.
  const answers = talk.all("response.output_audio_transcript.done").map(({ transcript }) => transcript);
  const whole = answers.filter((transcript) => transcript.endsWith("And more."));
  expect(new Set(whole).size).toBe(whole.length);
}

const hasAudio = (item: Item): boolean =>
  item.type === "message" && item.role === "user" && item.content.some(({ type }) => type === "input_audio");
