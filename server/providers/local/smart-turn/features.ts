import { floatFromPcm } from "../../../realtime/audio/float";
import type { Pcm } from "../../../realtime/audio/pcm";
import { resampleAll } from "../../../realtime/audio/resample";
import { logMel, MEL_BANDS, MEL_HOP, MEL_RATE, normalise } from "./log-mel";

export const HEARD_SECONDS = 8;
const SAMPLES = HEARD_SECONDS * MEL_RATE;
/** What the model looks at: one picture, 80 bands high and 800 frames wide. */
export const FEATURES_SHAPE = [1, MEL_BANDS, SAMPLES / MEL_HOP] as const;

/** The last 8 seconds as Smart Turn wants them: the speech at the end, silence in front of it where there is less. */
export async function featuresOf(audio: Pcm): Promise<Float32Array<ArrayBuffer>> {
  const { samples } = await resampleAll(audio, MEL_RATE);
  const heard = samples.subarray(Math.max(0, samples.length - SAMPLES));
  const padded = new Float32Array(SAMPLES);
  floatFromPcm(heard, padded.subarray(SAMPLES - heard.length));
  normalise(padded);
  return logMel(padded);
}
