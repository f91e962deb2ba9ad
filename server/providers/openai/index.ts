/** `antiphon/providers/openai`: the stages, and models that hear and speak, over any OpenAI-compatible endpoint. Needs the package `openai`. */
export { openaiLanguageModel, type OpenAILanguageModelOptions } from "./language-model";
export { openaiRealtimeTranscription, type OpenAIRealtimeTranscriptionOptions } from "./realtime-transcription";
export { openaiSpeechModel, type OpenAISpeechModelOptions } from "./speech-model";
export { openaiSpeechToText, type OpenAISpeechToTextOptions } from "./speech-to-text";
export { openaiTextToSpeech, type OpenAITextToSpeechOptions } from "./text-to-speech";
export type { OpenAIEndpoint } from "./endpoint";
