import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TurnPause } from "../engine/types";
import { createTurnEstimator } from "./estimator";
import { hum } from "./test-voice";

const estimator = createTurnEstimator();
const SILENT = { samples: new Int16Array(0), sampleRate: 24_000 };

function judge(transcript: string, pause: Partial<TurnPause> = {}): number {
  const signal = new AbortController().signal;
  return estimator.judge({ transcript, language: "en", audio: SILENT, pauseMs: 100, signal, ...pause }) as number;
}

const DONE = `
Yes. | No, thanks. | okay bye | thank you very much | Good morning! | hello there | never mind | That's it.
what time is it | What's the weather like in Boston? | how are you | where am I | who is it for | What are you looking at
where does she come from | what's that for | can you turn it on | do you have any rooms for tomorrow
turn the lights off | switch it on please | log me in | stop the music | play some jazz | tell me a joke
set an alarm for six fifteen in the morning | remind me to call the dentist tomorrow | add milk to my shopping list
I'd like a large pizza with mushrooms | I don't know what it is | yes I would love to | I said I can't | I think so
if it rains tomorrow cancel the picnic | when I get home turn on the lights | because I was late I missed the train
although the food was cold the service was very good | either tomorrow or on Friday
my phone number is five five five oh one two three four five six | you can call me at 555-012-3456
my pin is four seven one one | my zip code is nine four one oh seven | The card is 4111 1111 1111 1111
my email address is john dot miller at gmail dot com | it's anna@example.org | on the third of May
wake me at seven thirty | it costs thirty five dollars | that's all I need | this is what I want
is the light on | the meeting is tomorrow isn't it | I've never been here before | and that would be great
`;

const OPEN = `
um | I'd like, uh | so | Well, | I think we should, um | and | let me see | you know
I would like to | I'd like a | can you | could you please | I want | I need | please send | what is the | what's
how do I | I was wondering if | I was wondering | do you know | my name is | it's | let's meet at the | give me | tell them
I'm looking for | send a message to | what is the weather going to be in | book a flight from Chicago to
my sister and | because | I want the red one because | she told me that | she told me that the doctor
if it rains tomorrow | when I get home | if you | as soon as the package arrives | either tomorrow morning
I would like a large | the first thing is | for example | such as | I want to | more than | at least | very
my phone number is | my phone number is five five five | my phone number is 555 0123 | call me at nine one seven
my card number is four one one one two two two two | the code is seven three | my zip code is nine four
my email address is | my email address is john dot | my email is john dot miller at | it's john dot miller at gmail dot
my name is Catherine spelled C A T | S M I | the address is forty two | it is twelve times | seven double
we are interested in | yesterday I | and then | my birthday is on the twenty | I'd like to know what your
`;

const cases = (lines: string): string[] => lines.trim().split(/\s*[|\n]\s*/);

describe("the words alone", () => {
  it.each(cases(DONE))("done: %s", (transcript) => {
    expect(judge(transcript)).toBeGreaterThan(0.7);
  });

  it.each(cases(OPEN))("not done: %s", (transcript) => {
    expect(judge(transcript)).toBeLessThan(0.35);
  });

  it("does not trust a full stop, which recognisers put behind anything", () => {
    expect(judge("I would like to.")).toBeLessThan(0.1);
    expect(judge("My phone number is five five five.")).toBeLessThan(0.2);
    expect(judge("I would like a pizza.")).toBeGreaterThan(judge("I would like a pizza"));
  });

  it("hears three dots, a dash and a comma", () => {
    for (const mark of ["...", "…", " –", ","]) {
      expect(judge(`I would like a pizza${mark}`)).toBeLessThan(judge("I would like a pizza") - 0.2);
    }
  });

  it("judges the last sentence, and numbers across sentences", () => {
    expect(judge("I'd like a pizza. And")).toBeLessThan(0.1);
    expect(judge("Because. I was late again today.")).toBeGreaterThan(0.7);
    expect(judge("My phone number is 555. 012.")).toBeLessThan(0.3);
    expect(judge("My phone number is 555. 012. 3456.")).toBeGreaterThan(0.8);
  });

  it("knows a list without an end", () => {
    expect(judge("We need eggs, milk, bread")).toBeLessThan(0.35);
    expect(judge("We need eggs, milk, bread and butter")).toBeGreaterThan(0.7);
  });
});

describe("other languages", () => {
  it("go by punctuation, not by English words", () => {
    expect(judge("Ich gehe so", { language: "de" })).toBe(judge("Ich gehe nach Hause", { language: "de" }));
    expect(judge("Wie spät ist es?", { language: "de" })).toBeGreaterThan(0.7);
    expect(judge("Ich möchte gern …", { language: "de" })).toBeLessThan(0.2);
    expect(judge("今何時ですか？", { language: "ja" })).toBeGreaterThan(0.7);
  });

  it("are told from English by their words when nobody says", () => {
    expect(judge("Quiero reservar una mesa para", { language: undefined })).toBe(0.5);
    expect(judge("I would like to reserve a table for", { language: undefined })).toBeLessThan(0.1);
    expect(judge("I would like to", { language: "en-GB" })).toBeLessThan(0.1);
  });
});

describe("the sound alone", () => {
  const sentence = [
    { ms: 300, from: 130, to: 150 },
    { ms: 250, from: 140, to: 135 },
    { ms: 350, from: 145, to: 130 },
  ];
  const falling = hum([...sentence, { ms: 350, from: 125, to: 90, fade: 0.15 }]);
  const drawn = hum([...sentence, { ms: 600, from: 140, to: 140 }]);

  it("tells an end from a thought", () => {
    expect(judge("", { audio: falling })).toBeGreaterThan(0.65);
    expect(judge("", { audio: drawn })).toBeLessThan(0.3);
  });

  it("counts beside the words, and less than they do", () => {
    expect(judge("I can come on Monday", { audio: falling })).toBeGreaterThan(
      judge("I can come on Monday", { audio: drawn }) + 0.1,
    );
    expect(judge("I would like to", { audio: falling })).toBeLessThan(0.15);
    expect(judge("Yes.", { audio: drawn })).toBeGreaterThan(0.8);
  });

  it("can be left out", () => {
    const deaf = createTurnEstimator({ prosody: false });
    const pause = { transcript: "", language: "en", pauseMs: 0, signal: new AbortController().signal };
    expect(deaf.judge({ ...pause, audio: falling })).toBe(0.5);
  });
});

describe("whatever comes", () => {
  const samples = fc.int16Array({ maxLength: 4_000 });
  const rate = fc.oneof(fc.constantFrom(8_000, 16_000, 24_000), fc.integer({ min: -1, max: 400_000 }));
  const word = fc.constantFrom(...cases(`${OPEN}|${DONE}`), "@", "4", "…", "a-b", "'", "double");
  const transcript = fc.oneof(
    fc.string({ unit: "binary", maxLength: 200 }),
    fc.array(word, { maxLength: 12 }).map((words) => words.join(" ")),
  );

  it("the answer is a probability and nothing is thrown", () => {
    fc.assert(
      fc.property(transcript, samples, rate, fc.double(), fc.option(fc.string(), { nil: undefined }), (...all) => {
        const [text, heard, sampleRate, pauseMs, language] = all;
        const answer = judge(text, { audio: { samples: heard, sampleRate }, pauseMs, language });
        expect(answer).toBeGreaterThanOrEqual(0);
        expect(answer).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("silence only adds to it", () => {
    fc.assert(
      fc.property(transcript, fc.nat(9_000), fc.nat(9_000), (text, a, b) => {
        const [shorter, longer] = [Math.min(a, b), Math.max(a, b)];
        expect(judge(text, { pauseMs: longer })).toBeGreaterThanOrEqual(judge(text, { pauseMs: shorter }));
      }),
    );
  });

  it("8 s of audio and a long transcript take less than 5 ms of a processor", () => {
    const audio = hum(
      Array.from({ length: 20 }, () => ({ ms: 360, from: 140, to: 110 })),
      { rate: 24_000 },
    );
    const text = "I would like to know whether you have five eggs, and ".repeat(200);
    const times = Array.from({ length: 30 }, () => {
      const before = process.cpuUsage();
      judge(text, { audio });
      return process.cpuUsage(before).user;
    });
    // The best of them, since the first ones compile; on a busy machine a clock would tell of others.
    expect(Math.min(...times)).toBeLessThan(5_000);
  });
});
