/** The waveforms of both sides on one axis of time. */
export interface Recorded {
  readonly durationMs: number;
  /** How loud it gets, piece by piece, from 0 to 100. Null: nobody knows. */
  readonly peaks: readonly number[] | null;
}

const BINS = 600;
/** Whispers are drawn larger than they are, silence is not. */
const QUIETEST = 10;

/** One list of heights from 0 to 1 for each recording: as long as each other, and as high as the loudest of all. */
export function shapesOf(recordings: readonly Recorded[]): number[][] {
  const axisMs = Math.max(1, ...recordings.map(({ durationMs }) => durationMs));
  const loudest = Math.max(QUIETEST, ...recordings.flatMap(({ peaks }) => peaks ?? []));
  return recordings.map(({ durationMs, peaks }) => {
    const known = peaks ?? [];
    const pieceMs = durationMs / Math.max(1, known.length);
    return Array.from({ length: BINS }, (_, bin) => {
      const from = Math.floor((bin * axisMs) / BINS / pieceMs);
      const to = Math.max(from + 1, Math.ceil(((bin + 1) * axisMs) / BINS / pieceMs));
      return Math.max(0, ...known.slice(from, to)) / loudest;
    });
  });
}
