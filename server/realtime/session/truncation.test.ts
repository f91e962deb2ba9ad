import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitContext, type Room, type Weighed } from "./truncation";

/** "u10 a5 c3:x o4:x": user, assistant, call and output, with their tokens and calls; the id is the place. */
function items(text: string): Weighed[] {
  const kinds = { u: "user", a: "other", c: "call", o: "output" } as const;
  return text.split(" ").map((word, index) => {
    const [, kind = "a", tokens, callId] = /^([uaco])(\d+)(?::(\w+))?$/.exec(word) ?? [];
    return {
      id: String(index),
      tokens: Number(tokens),
      kind: kinds[kind as keyof typeof kinds],
      ...(callId !== undefined && { callId }),
    };
  });
}

const room = (limit: number, retain = limit, window = limit): Room => ({ window, limit, retain });
const dropped = (text: string, where: Room, before: string[] = []): string =>
  [...fitContext(items(text), where, new Set(before)).dropped].sort((a, b) => Number(a) - Number(b)).join(" ");

describe("fitContext", () => {
  const table: [string, string, Room, string[], string][] = [
    ["keeps all that fits", "u10 a10 u10", room(30), [], ""],
    ["drops the oldest, and no more than it must", "u10 a10 u10 a10 u10", room(35), [], "0 1"],
    ["drops down to what is to be retained", "u10 a10 u10 a10 u10", room(45, 30), [], "0 1"],
    ["leaves out again what was left out, though it would fit", "u10 a10 u10", room(30), ["0"], "0"],
    ["keeps the newest user turn whatever it weighs", "u10 a10 u90", room(50), [], "0 1"],
    ["keeps what followed the newest user turn, if it can", "u10 a10 u20 a5", room(30), [], "0 1"],
    ["drops a call together with its output", "c10:x u5 o10:x u5", room(15), [], "0 2"],
    ["counts what both weigh", "c10:x u5 o10:x u5 a1 u5", room(20), [], "0 2"],
    ["keeps the call of the newest output", "c10:x a50 u5 o10:x", room(30), [], "1"],
    ["brings a call back when its output comes", "c10:x u5 o10:x u5", room(40), ["0"], ""],
    ["does not bring back a pair", "c10:x u5 o10:x u5", room(40), ["0", "2"], "0 2"],
    ["keeps nothing but the newest when nothing may be retained", "u1 a1 u1 a1 u1", room(4, 0), [], "0 1 2 3"],
    ["forgets items that are gone", "u1", room(10), ["7"], ""],
  ];
  it.each(table)("%s", (_, text, where, before, expected) => expect(dropped(text, where, before)).toBe(expected));

  it("says when even the newest does not fit", () => {
    expect(fitContext(items("u10 u90"), { window: 50, limit: 20, retain: 20 }, new Set())).toMatchObject({
      fits: false,
      tokens: 90,
    });
    expect(fitContext(items("u10 u40"), { window: 50, limit: 20, retain: 20 }, new Set())).toMatchObject({
      fits: true,
      tokens: 40,
    });
    expect(fitContext([], room(0), new Set())).toMatchObject({ fits: true, tokens: 0 });
  });

  const tokens = fc.nat(50);
  const conversation = fc
    .array(
      fc.oneof(
        fc.record({ kind: fc.constantFrom("user" as const, "other" as const), tokens }),
        fc.record({
          kind: fc.constantFrom("call" as const, "output" as const),
          tokens,
          callId: fc.constantFrom("a", "b", "c", "d"),
        }),
      ),
      { maxLength: 30 },
    )
    .map((list): Weighed[] => list.map((each, index) => ({ ...each, id: String(index) })));
  const anyRoom = fc
    .tuple(fc.nat(400), fc.nat(400), fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([window, less, ratio]): Room => {
      const limit = Math.min(window, less);
      return { window, limit, retain: Math.floor(limit * ratio) };
    });
  const anything = fc.tuple(conversation, anyRoom, fc.uniqueArray(fc.nat(29).map(String)));

  it("holds its promises for any conversation", () => {
    fc.assert(
      fc.property(anything, ([list, where, earlier]) => {
        const before = new Set(earlier);
        const fit = fitContext(list, where, before);
        const kept = list.filter(({ id }) => !fit.dropped.has(id));
        const sum = kept.reduce((total, item) => total + item.tokens, 0);
        expect(fit.tokens).toBe(sum);
        expect(fit.fits).toBe(sum <= where.window);
        // What must be answered is there.
        const newest = [list.at(-1), list.findLast(({ kind }) => kind === "user")].filter((item) => item !== undefined);
        for (const item of newest) expect(kept).toContain(item);
        // Calls and outputs stay together.
        const calls = new Set(kept.map(({ callId }) => callId));
        for (const { callId, id } of list)
          if (callId !== undefined) expect(fit.dropped.has(id)).toBe(!calls.has(callId));
        // It fits, or nothing was left to drop.
        const needed = (item: Weighed): boolean =>
          newest.some((each) => each === item || (each.callId !== undefined && each.callId === item.callId));
        if (sum > where.limit) expect(kept.every(needed)).toBe(true);
        // The oldest go first: nothing newly dropped is wholly younger than something kept.
        const start = (item: Weighed): number =>
          list.findIndex(({ id, callId }) => id === item.id || (callId !== undefined && callId === item.callId));
        const oldestKept = Math.min(...kept.filter((item) => !needed(item)).map(start));
        for (const item of list)
          if (fit.dropped.has(item.id) && !before.has(item.id)) expect(start(item)).toBeLessThan(oldestKept);
      }),
    );
  });

  it("drops nothing more while there is room, and comes to the same when asked again", () => {
    fc.assert(
      fc.property(anything, ([list, where]) => {
        const first = fitContext(list, where, new Set());
        const total = list.reduce((sum, item) => sum + item.tokens, 0);
        if (total <= where.limit) expect(first.dropped.size).toBe(0);
        expect(fitContext(list, where, first.dropped)).toEqual(first);
      }),
    );
  });
});
