export { createFlite, type FliteOptions } from "./flite";
export { FLITE_VOICE_NAMES, FLITE_VOICES } from "./flite-voices";
export { createRnnoise } from "./rnnoise";
export { createSilero, type SileroOptions } from "./silero/silero";
export { createPocketsphinx, findPocketsphinx, type PocketsphinxFound, type PocketsphinxOptions } from "./pocketsphinx";
export { createWhisperCli, findWhisperCli, type WhisperCliFound, type WhisperCliOptions } from "./whisper-cli";
export { findOllama, type OllamaFound } from "./ollama";
export { createOffline, type OfflineOptions } from "./offline";
export { createSmartTurn, type SmartTurnOptions } from "./smart-turn/smart-turn";
