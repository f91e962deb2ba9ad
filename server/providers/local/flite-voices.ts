/** A voice that is built into Flite, and how it is set for a name. */
export interface FliteVoice {
  /** Flite's own name for it. */
  readonly flite: (typeof FLITE_VOICES)[number];
  /** Factor on its pitch; 1 is its own. `rms` takes none. */
  readonly pitch: number;
  /** Factor that brings all voices to about the same loudness. */
  readonly gain: number;
  /** Flite's `duration_stretch` at the voice's own pace. */
  readonly stretch: number;
}

/** The voices of Flite that speak anything (its sixth, `awb_time`, only tells the time). `kal` has 8 kHz, the others 16. */
export const FLITE_VOICES = ["kal", "kal16", "awb", "rms", "slt"] as const;

const OWN = {
  kal: { gain: 0.9, stretch: 1.1 },
  kal16: { gain: 2.2, stretch: 1.1 },
  awb: { gain: 1, stretch: 1 },
  rms: { gain: 1.1, stretch: 1 },
  slt: { gain: 0.6, stretch: 1 },
} as const;

/** OpenAI's voices, as unlike each other as five voices and their pitch can make them; low, middle and high of each. */
const OPENAI_VOICES: readonly (readonly [name: string, flite: FliteVoice["flite"], pitch: number])[] = [
  ["alloy", "kal16", 1],
  ["ash", "rms", 1],
  ["ballad", "awb", 1],
  ["coral", "slt", 1],
  ["echo", "kal", 1],
  ["sage", "slt", 0.85],
  ["shimmer", "slt", 1.25],
  ["verse", "awb", 1.3],
  ["marin", "kal16", 1.4],
  ["cedar", "awb", 0.8],
];

const VOICES: ReadonlyMap<string, FliteVoice> = new Map([
  ...FLITE_VOICES.map((name) => [name, { flite: name, pitch: 1, ...OWN[name] }] as const),
  ...OPENAI_VOICES.map(([name, flite, pitch]) => [name, { flite, pitch, ...OWN[flite] }] as const),
]);

/** Every name that may be asked for: Flite's own, then OpenAI's. */
export const FLITE_VOICE_NAMES: readonly string[] = [...VOICES.keys()];

/** Throws an Error that lists the voices when there is none of that name. */
export function fliteVoice(name: string): FliteVoice {
  const voice = VOICES.get(name);
  if (!voice) throw new Error(`Flite has no voice "${name}". Its voices: ${FLITE_VOICE_NAMES.join(", ")}.`);
  return voice;
}
