import { stretched } from "../audio/stretch";
import type { TextToSpeech } from "./types";

/**
 * A voice that obeys `speed`: the same object if it does so itself, otherwise one that speaks at its own pace and is
 * stretched in time, at the same pitch.
 */
export function withSpeed(tts: TextToSpeech): TextToSpeech {
  if (tts.capabilities.speed) return tts;
  return {
    name: tts.name,
    local: tts.local,
    capabilities: { ...tts.capabilities, speed: true },
    get voices() {
      return tts.voices;
    },
    get defaultVoice() {
      return tts.defaultVoice;
    },
    synthesize({ speed, ...request }) {
      const audio = tts.synthesize({ ...request, speed: 1 });
      return speed === 1 ? audio : stretched(audio, speed);
    },
    close: async () => tts.close?.(),
  };
}
