/** Speaks without a key and without a network. Put a provider of your own, or of `antiphon/providers/*`, in any place. */
import { missingStt, pipeline } from "antiphon";
import { createFlite, createOffline, createSilero } from "antiphon/providers/local";

export const engine = pipeline({
  stt: missingStt("This example only reads. Put a recogniser in examples/engine.ts."),
  llm: createOffline(),
  tts: await createFlite(),
  vad: await createSilero(),
});
