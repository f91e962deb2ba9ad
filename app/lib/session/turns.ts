/** A session as turns: what the user said, and the replies and tools that it led to, each with the time it took. */
import { type RecordedItem, type ToolCall, toolCallsOf } from "./tool-calls";

export interface RecordedResponse {
  readonly id: string;
  readonly status: string;
  readonly speechStoppedMs: number | null;
  readonly transcribedMs: number | null;
  readonly createdMs: number;
  readonly firstTokenMs: number | null;
  readonly firstAudioMs: number | null;
  readonly doneMs: number | null;
  readonly heardMs: number | null;
}

export const STAGES = ["Understanding", "Starting", "Thinking", "Writing", "First sound", "Speaking"] as const;
export type Stage = (typeof STAGES)[number];

/** In milliseconds since the session's start. */
export interface Span<L> {
  readonly label: L;
  readonly fromMs: number;
  readonly toMs: number;
}

export type TurnRow<R> =
  | { readonly kind: "reply"; readonly response: R; readonly spans: readonly Span<Stage>[]; readonly fromMs: number }
  | { readonly kind: "tool"; readonly call: ToolCall; readonly fromMs: number; readonly toMs: number };

export interface Turn<R> {
  readonly key: string;
  /** What the user said; empty where nobody did, or where words are not kept. */
  readonly said: string;
  readonly startMs: number;
  readonly rows: readonly TurnRow<R>[];
}

interface Recorded<R> {
  readonly items: readonly RecordedItem[];
  readonly responses: readonly R[];
}

/** Turns in which something was done about what was said. */
export function turnsOf<R extends RecordedResponse>({ items, responses }: Recorded<R>): Turn<R>[] {
  const questions = items.filter(({ type, role }) => type === "message" && role === "user");
  const turnAt = (ms: number): number => questions.findLastIndex(({ atMs }) => atMs <= ms);
  const rows = new Map<number, TurnRow<R>[]>();
  const add = (row: TurnRow<R>, ms: number): void => {
    const turn = turnAt(ms);
    rows.set(turn, [...(rows.get(turn) ?? []), row]);
  };
  for (const response of responses)
    add(
      { kind: "reply", response, spans: stagesOf(response), fromMs: response.speechStoppedMs ?? response.createdMs },
      response.createdMs,
    );
  for (const call of toolCallsOf(items).calls.values())
    add({ kind: "tool", call, fromMs: call.fromMs, toMs: call.toMs ?? call.fromMs }, call.fromMs);
  return [...rows]
    .sort(([a], [b]) => a - b)
    .map(([turn, all]) => ({
      key: questions[turn]?.id ?? "",
      said: questions[turn]?.transcript ?? "",
      startMs: Math.min(...all.map(({ fromMs }) => fromMs)),
      rows: all.sort((a, b) => a.fromMs - b.fromMs),
    }));
}

/** From the end of speech to the end of the reply. What was done on a guess, before speech ended, took nobody's time. */
function stagesOf(response: RecordedResponse): Span<Stage>[] {
  const { speechStoppedMs, transcribedMs, createdMs, firstTokenMs, firstAudioMs, doneMs } = response;
  const marks: readonly (readonly [label: Stage, mark: number | null])[] = [
    ["Understanding", transcribedMs],
    ["Starting", createdMs],
    ["Thinking", firstTokenMs],
    ["First sound", firstAudioMs],
    [firstAudioMs === null ? "Writing" : "Speaking", doneMs],
  ];
  let from = speechStoppedMs ?? createdMs;
  return marks.flatMap(([label, mark]): Span<Stage>[] => {
    if (mark === null || mark <= from) return [];
    const span = { label, fromMs: from, toMs: mark };
    from = mark;
    return [span];
  });
}

/** How much time the drawing shows: all that people wait for. What is spoken after goes on behind its edge. */
export function shownMs(turns: readonly Turn<RecordedResponse>[]): number {
  const waits = turns.flatMap(({ startMs, rows }) =>
    rows.map((row) => {
      if (row.kind === "tool") return row.toMs - startMs;
      const { firstAudioMs, firstTokenMs, doneMs, createdMs } = row.response;
      return (firstAudioMs ?? firstTokenMs ?? doneMs ?? createdMs) - startMs;
    }),
  );
  return Math.max(500, ...waits) * 1.4;
}
