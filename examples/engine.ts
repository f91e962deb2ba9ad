/** Speaks without a key and without a network. Put a provider of your own, or of `antiphon/providers/*`, in any place. */
import { missingStt, pipeline } from "antiphon";
import { createFlite, createSilero } from "antiphon/providers/local";
import { scriptedLlm } from "antiphon/testing";

export const engine = pipeline({
  stt: missingStt("This example only reads. Put a recogniser in examples/engine.ts."),
  llm: scriptedLlm({ reply: "Hello. I always say the same. Put a language model in examples slash engine." }),
  tts: await createFlite(),
  vad: await createSilero(),
});
