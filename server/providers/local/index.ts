export { createFlite, type FliteOptions } from "./flite";
export { FLITE_VOICE_NAMES, FLITE_VOICES } from "./flite-voices";
