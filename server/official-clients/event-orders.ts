/** In which order the official service tells of a turn: each type where it comes first. */

const afterParts = ["response.content_part.done", "response.output_item.done", "response.done", "rate_limits.updated"];
const gaBegin = ["response.created", "response.output_item.added", "response.content_part.added"];
const gaSpeech = [
  "response.output_audio_transcript.delta",
  "response.output_audio.delta",
  "response.output_audio.done",
  "response.output_audio_transcript.done",
];
const heard = [
  "input_audio_buffer.speech_started",
  "input_audio_buffer.speech_stopped",
  "input_audio_buffer.committed",
];
/** Beside the turn, at any time after its item. */
export const transcribed = [
  "conversation.item.input_audio_transcription.delta",
  "conversation.item.input_audio_transcription.completed",
];

export const gaTextTurn = [
  "conversation.item.added",
  "conversation.item.done",
  ...gaBegin,
  "response.output_text.delta",
  "response.output_text.done",
  ...afterParts,
];

export const gaSpokenTurn = [
  ...heard,
  "conversation.item.added",
  "conversation.item.done",
  ...gaBegin,
  ...gaSpeech,
  ...afterParts,
];

export const gaFunctionCall = [
  "response.created",
  "response.output_item.added",
  "conversation.item.added",
  "response.function_call_arguments.delta",
  "response.function_call_arguments.done",
  "conversation.item.done",
  "response.output_item.done",
  "response.done",
  "rate_limits.updated",
];

const older = (type: string): string =>
  type
    .replace("response.output_text.", "response.text.")
    .replace("response.output_audio_transcript.", "response.audio_transcript.")
    .replace("response.output_audio.", "response.audio.")
    .replace("conversation.item.added", "conversation.item.created");

/** The beta tells the same in its own words, and of an item once. */
const beta = (order: readonly string[]): string[] =>
  order.filter((type) => type !== "conversation.item.done").map(older);

export const betaTextTurn = beta(gaTextTurn);
export const betaSpokenTurn = beta(gaSpokenTurn);
export const betaFunctionCall = beta(gaFunctionCall);
