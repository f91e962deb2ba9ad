import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  isStillSilent,
  nextTurn,
  SILENT,
  type TurnEffect,
  type TurnEvent,
  type TurnFrame,
  type TurnSettings,
  type TurnState,
} from "./turn";

const settings: TurnSettings = { threshold: 0.5, prefixPaddingMs: 300, minSpeechMs: 60, silenceDurationMs: 500 };
const FRAME_MS = 32;

type Marks = Pick<TurnFrame, "certain" | "faint">;

function frames(probabilities: readonly number[], fromMs = 0, marks: Marks = {}): TurnEvent[] {
  return probabilities.map((probability, index) => ({
    type: "frame",
    startMs: fromMs + index * FRAME_MS,
    endMs: fromMs + (index + 1) * FRAME_MS,
    probability,
    ...marks,
  }));
}

function run(events: readonly TurnEvent[], with_ = settings, from: TurnState = SILENT) {
  const effects: TurnEffect[] = [];
  let state = from;
  for (const event of events) {
    const step = nextTurn(state, event, with_);
    state = step.state;
    effects.push(...step.effects);
  }
  return { state, effects };
}

const times = (count: number, probability: number): number[] => Array.from({ length: count }, () => probability);

describe("every state × event", () => {
  const speaking: TurnState = {
    phase: "speaking",
    onsetMs: 1000,
    voicedUntilMs: 2000,
    clearUntilMs: 2000,
    pause: undefined,
  };
  const lagging: TurnState = { ...speaking, clearUntilMs: 1936 };
  const faded: TurnState = { ...speaking, clearUntilMs: 1500 };
  const paused: TurnState = { ...speaking, pause: { untilMs: 2064, patienceMs: undefined } };
  const rising: TurnState = { ...SILENT, onsetMs: 2000 };
  const frame = (probability: number, endMs: number, marks: Marks = {}): TurnEvent => ({
    type: "frame",
    startMs: endMs - FRAME_MS,
    endMs,
    probability,
    ...marks,
  });

  it.each<[string, TurnState, TurnEvent, string, readonly string[]]>([
    ["silent, quiet frame", SILENT, frame(0.1, 32), "silent", []],
    ["silent, first loud frame", SILENT, frame(0.9, 32), "silent", []],
    [
      "silent, a frame of which the detector is certain",
      SILENT,
      frame(0.9, 32, { certain: true }),
      "speaking",
      ["speech-started"],
    ],
    ["silent, certain of what is below the threshold", SILENT, frame(0.4, 32, { certain: true }), "silent", []],
    ["rising, second loud frame", rising, frame(0.9, 2064), "speaking", ["speech-started"]],
    ["rising, quiet frame", rising, frame(0.1, 2064), "silent", []],
    ["silent, reset", rising, { type: "reset" }, "silent", []],
    ["speaking, loud frame", speaking, frame(0.9, 2032), "speaking", []],
    ["speaking, half-loud frame counts as speech", speaking, frame(0.4, 2600), "speaking", []],
    ["speaking, one quiet frame", speaking, frame(0.1, 2032), "speaking", []],
    ["speaking, two quiet frames", speaking, frame(0.1, 2064), "speaking", ["speech-paused"]],
    ["speaking, one quiet frame after faint ones", lagging, frame(0.1, 2032), "speaking", ["speech-paused"]],
    ["speaking, faint frame counts as speech", lagging, frame(0.4, 2600, { faint: true }), "speaking", []],
    ["speaking, silence counts from what was clear", lagging, frame(0.1, 2436), "silent", ["speech-stopped"]],
    [
      "speaking, but not from longer ago than the detector may lag",
      faded,
      frame(0.1, 2400),
      "speaking",
      ["speech-paused"],
    ],
    ["speaking, long silence at once", speaking, frame(0.1, 2512), "silent", ["speech-stopped"]],
    ["speaking, patience means nothing", speaking, { type: "patience", ms: 0 }, "speaking", []],
    ["speaking, reset", speaking, { type: "reset" }, "silent", []],
    ["silent, patience means nothing", SILENT, { type: "patience", ms: 0 }, "silent", []],
    ["paused, short silence", paused, frame(0.1, 2400), "speaking", []],
    ["paused, long silence", paused, frame(0.1, 2512), "silent", ["speech-stopped"]],
    ["paused, loud frame", paused, frame(0.9, 2400), "speaking", ["speech-resumed"]],
    ["paused, patience", paused, { type: "patience", ms: 100 }, "speaking", []],
    ["paused for longer than the patience", paused, { type: "patience", ms: 64 }, "silent", ["speech-stopped"]],
    [
      "paused with patience spent",
      { ...paused, pause: { untilMs: 2064, patienceMs: 100 } },
      frame(0.1, 2128),
      "silent",
      ["speech-stopped"],
    ],
    [
      "paused with more patience",
      { ...paused, pause: { untilMs: 2064, patienceMs: 4_000 } },
      frame(0.1, 5_000),
      "speaking",
      [],
    ],
    ["paused, reset", paused, { type: "reset" }, "silent", []],
  ])("%s", (_name, state, event, phase, effects) => {
    const step = nextTurn(state, event, settings);
    expect(step.state.phase).toBe(phase);
    expect(step.effects.map((effect) => effect.type)).toEqual(effects);
  });
});

describe("a spoken turn", () => {
  it("starts at the onset less the padding and stops after the silence", () => {
    const { effects } = run(frames([...times(20, 0), ...times(30, 0.9), ...times(20, 0)]));
    expect(effects).toEqual([
      { type: "speech-started", audioStartMs: 20 * FRAME_MS - 300 },
      { type: "speech-paused", sinceMs: 50 * FRAME_MS, atMs: 52 * FRAME_MS },
      { type: "speech-stopped", audioEndMs: 50 * FRAME_MS + 16 * FRAME_MS },
    ]);
  });

  it("never begins before the audio does", () => {
    expect(run(frames(times(3, 0.9))).effects).toEqual([{ type: "speech-started", audioStartMs: 0 }]);
  });

  it("a click of one frame is not speech", () => {
    expect(run(frames([0, 0.9, 0, 0.9, 0])).effects).toEqual([]);
  });

  it("needs the time that is asked for, however certain the detector is", () => {
    const patient = { ...settings, minSpeechMs: 200 };
    expect(run(frames(times(6, 1), 0, { certain: true }), patient).effects).toEqual([]);
    expect(run(frames(times(7, 1), 0, { certain: true }), patient).effects).toHaveLength(1);
  });

  it("ends where its last clear frame did, when faint ones come after it", () => {
    const spoken = frames(times(10, 0.9));
    const faint = frames(times(2, 0.9), 10 * FRAME_MS, { faint: true });
    const { effects } = run([...spoken, ...faint, ...frames(times(20, 0), 12 * FRAME_MS)]);
    expect(effects).toEqual([
      { type: "speech-started", audioStartMs: 0 },
      { type: "speech-paused", sinceMs: 10 * FRAME_MS, atMs: 13 * FRAME_MS },
      { type: "speech-stopped", audioEndMs: 26 * FRAME_MS },
    ]);
  });

  it("is not over while the detector believes in it, however faint it is", () => {
    const { state, effects } = run([...frames(times(10, 0.9)), ...frames(times(40, 0.9), 320, { faint: true })]);
    expect([state.phase, effects.length]).toEqual(["speaking", 1]);
  });

  it("bridges a pause shorter than the silence", () => {
    const { effects } = run(frames([...times(10, 0.9), ...times(14, 0), ...times(10, 0.9), ...times(17, 0)]));
    expect(effects.map((effect) => effect.type)).toEqual([
      "speech-started",
      "speech-paused",
      "speech-resumed",
      "speech-paused",
      "speech-stopped",
    ]);
  });
});

it("random walks keep the invariants: alternation, pauses within turns, order of times, nothing owed after a reset", () => {
  const marks = fc.record({ certain: fc.boolean(), faint: fc.boolean() });
  const step = fc.oneof(
    { weight: 30, arbitrary: fc.record({ loud: fc.boolean(), frames: fc.integer({ min: 1, max: 30 }), marks }) },
    { weight: 1, arbitrary: fc.constant("reset" as const) },
    { weight: 5, arbitrary: fc.record({ patience: fc.nat(3000) }) },
  );
  const anySettings = fc.record({
    threshold: fc.double({ min: 0, max: 1, noNaN: true }),
    prefixPaddingMs: fc.nat(2000),
    minSpeechMs: fc.nat(300),
    silenceDurationMs: fc.nat(2000),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), anySettings, (steps, chosen) => {
      let state = SILENT;
      let at = 0;
      let open: number | undefined;
      let lastStop = 0;
      let paused = false;
      const feed = (event: TurnEvent): void => {
        const result = nextTurn(state, event, chosen);
        if (event.type === "frame" && isStillSilent(state, event.probability, chosen.threshold)) {
          expect(result).toEqual({ state, effects: [] });
        }
        state = result.state;
        for (const effect of result.effects) {
          switch (effect.type) {
            case "speech-started":
              expect(open).toBeUndefined();
              open = effect.audioStartMs;
              break;
            case "speech-paused":
              expect([open !== undefined, paused]).toEqual([true, false]);
              expect(effect.atMs).toBeGreaterThan(effect.sinceMs);
              paused = true;
              break;
            case "speech-resumed":
              expect(paused).toBe(true);
              paused = false;
              break;
            case "speech-stopped":
              expect(open).toBeDefined();
              expect(effect.audioEndMs).toBeGreaterThanOrEqual(open ?? Infinity);
              expect(effect.audioEndMs).toBeGreaterThanOrEqual(lastStop);
              lastStop = effect.audioEndMs;
              open = undefined;
              paused = false;
              break;
            default:
              effect satisfies never;
          }
        }
        expect(state.phase === "speaking").toBe(open !== undefined);
      };
      for (const each of steps) {
        if (each === "reset") {
          open = undefined;
          paused = false;
          feed({ type: "reset" });
        } else if ("patience" in each) {
          feed({ type: "patience", ms: each.patience });
        } else {
          for (const event of frames(times(each.frames, each.loud ? 1 : 0), at, each.marks)) feed(event);
          at += each.frames * FRAME_MS;
        }
      }
    }),
  );
});
