/** Every error a client can be told about, in the official service's words, and the codes connections close with. */
import { fieldErrors } from "./field-errors";
import { ProtocolError, requestError, shorten } from "./protocol-error";

export { ProtocolError } from "./protocol-error";
export type { ErrorBody, ErrorDetails } from "./protocol-error";

/** Why a WebSocket was closed. Codes below 3000 are the WebSocket standard's, the others the official service's. */
export const CloseCode = {
  /** The conversation ended as agreed, its maximum duration included. */
  normal: 1000,
  /** The server is shutting down. */
  goingAway: 1001,
  /** A rule was broken, for example a connection that never authenticated. */
  policyViolation: 1008,
  /** One frame was larger than the server accepts. */
  messageTooBig: 1009,
  /** A fault of ours. */
  serverError: 1011,
  /** More than the server can carry just now, or a client that stopped reading. */
  tryAgainLater: 1013,
  /** A missing or wrong key. */
  unauthorized: 3000,
  /** A malformed request: no model, an unknown model, a wrong intent. */
  badRequest: 4000,
} as const;
export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode];

const connectionErrors = {
  /** `maskedKey` must not reveal the key. */
  invalidApiKey: (maskedKey: string) =>
    requestError("invalid_api_key", `Incorrect API key provided: ${shorten(maskedKey)}.`),
  missingApiKey: () => requestError(null, "Missing bearer or basic authentication in header"),
  invalidModel: (name: string) =>
    requestError("invalid_model", `Model "${shorten(name)}" is not supported in realtime mode.`, "model"),
  missingModel: () =>
    requestError("missing_model", "You must provide a model parameter, for example '?model=gpt-realtime'.", "model"),
  /** Transcription sessions name their model in their configuration. */
  modelWithIntent: () =>
    requestError(
      "invalid_model",
      "You must not provide a model parameter for transcription sessions. " +
        "Name the model in 'session.audio.input.transcription.model'.",
    ),
  invalidIntent: (intent: string) => requestError("invalid_intent", `Invalid intent '${shorten(intent)}'.`),
  invalidCallId: (id: string) =>
    requestError("invalid_call_id", `No live session found for call_id '${shorten(id)}'.`, "call_id"),
  callNotFound: (id: string) => requestError("call_not_found", `No call with id '${shorten(id)}' found.`, "call_id"),
  sessionNotFound: (id: string) =>
    requestError("session_not_found", `No session with id '${shorten(id)}' found.`, "id"),
  sessionExpired: (minutes: number) =>
    requestError("session_expired", `Your session hit the maximum duration of ${minutes} minutes.`),
  rateLimitExceeded: (message: string) =>
    new ProtocolError(message, { type: "rate_limit_error", code: "rate_limit_exceeded" }),
  /** A fault of ours; say nothing of its cause. */
  serverError: (message = "The server had an error while processing your request. Sorry about that!") =>
    new ProtocolError(message, { type: "server_error", code: "server_error" }),
};

const frameErrors = {
  invalidJson: (detail: string) =>
    requestError("invalid_json", `Invalid event: failed to parse JSON value. ${shorten(detail)}`),
  /** `got` carries its article: "an array". */
  notAnObject: (got: string) =>
    requestError("invalid_event", `Invalid event: expected a JSON object, but got ${got} instead.`),
  nestedTooDeep: (levels: number) =>
    requestError("invalid_event", `Invalid event: nested more than ${levels} levels deep.`),
  tooManyValues: (max: number) => requestError("invalid_event", `Invalid event: more than ${max} values in one event.`),
  binaryFrame: () =>
    requestError("invalid_event", "Expected a text WebSocket message; binary frames are not supported."),
  invalidEventType: (value: string, supported: readonly string[]) =>
    fieldErrors.unsupportedValue("type", value, supported),
  /** A session was asked to become a session of another type. */
  wrongSessionType: (given: string, actual: string) =>
    requestError(
      "invalid_value",
      `Passing a ${given} session update event to a ${actual} session is not allowed.`,
      "session.type",
    ),
  /** A known event in a session of a kind that does not know it. */
  wrongEvent: (type: string, kind: string, supported: readonly string[]) => {
    const { message } = fieldErrors.unsupportedValue("type", type, supported);
    return requestError("invalid_value", `${message} This is a ${kind} session.`, "type");
  },
};

const missingItem =
  (code: string, action: string, param: string | null = null) =>
  (id: string) =>
    requestError(code, `Error ${action} with id '${shorten(id)}' does not exist.`, param);

const itemErrors = {
  itemDeleteNotFound: missingItem("item_delete_invalid_item_id", "deleting item: the item"),
  itemRetrieveNotFound: missingItem("item_retrieve_invalid_item_id", "retrieving item: the item"),
  itemTruncateNotFound: missingItem("item_truncate_invalid_item_id", "truncating item: the item"),
  previousItemNotFound: missingItem(
    "item_create_invalid_previous_item_id",
    "adding item: the previous item",
    "previous_item_id",
  ),
  duplicateItemId: (id: string) =>
    requestError(
      "item_create_duplicate_item_id",
      `Error adding item: an item with id '${shorten(id)}' already exists.`,
    ),
  tooManyItems: (max: number) =>
    requestError("conversation_item_limit_reached", `Error adding item: the conversation already has ${max} items.`),
  referenceNotFound: (id: string, param: string) =>
    requestError("invalid_value", `Item with id '${shorten(id)}' not found in conversation.`, param),
  invalidToolCallId: (callId: string) =>
    requestError(
      "invalid_tool_call_id",
      `Tool call ID '${shorten(callId)}' not found in conversation.`,
      "item.call_id",
    ),
  onlyAudioCanBeTruncated: () =>
    requestError("unsupported_content_type", "Only model output audio messages can be truncated"),
  truncateBeyondAudio: (haveMs: number, askedMs: number) =>
    requestError("invalid_value", `Audio content of ${haveMs}ms is already shorter than ${askedMs}ms`, "audio_end_ms"),
};

const turnErrors = {
  bufferTooSmall: (ms: number) =>
    requestError(
      "input_audio_buffer_commit_empty",
      "Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, " +
        `but buffer only has ${ms.toFixed(2)}ms of audio.`,
    ),
  inputAudioBufferFull: (maxBytes: number) =>
    requestError(
      "input_audio_buffer_full",
      `Error appending input audio: the buffer holds at most ${maxBytes} bytes. Commit or clear it first.`,
      "audio",
    ),
  talkTooFast: (maxBytes: number) =>
    requestError(
      "input_audio_buffer_full",
      `Error appending input audio: ${maxBytes} bytes wait to be translated already. Send it more slowly.`,
      "audio",
    ),
  activeResponse: (responseId: string) =>
    requestError(
      "conversation_already_has_active_response",
      `Conversation already has an active response in progress: ${responseId}. ` +
        "Wait until the response is finished before creating a new one.",
    ),
  contextLengthExceeded: (tokens: number, most: number) =>
    requestError(
      "context_length_exceeded",
      "Your input exceeds the context window of this model. Please adjust your input and try again. " +
        `Instructions, tools and conversation have ${tokens} tokens, of which ${most} fit.`,
    ),
  noActiveResponse: () => requestError("response_cancel_not_active", "Cancellation failed: no active response found"),
  /** What the model gave a tool a second time, after it was told what was wrong with the first. */
  invalidToolArguments: (name: string, problem: string) =>
    new ProtocolError(`The model called '${shorten(name)}' with arguments that do not fit: ${shorten(problem)}`, {
      type: "server_error",
      code: "invalid_tool_arguments",
    }),
  mcpListFailed: (label: string, reason: string) =>
    new ProtocolError(`Listing the tools of MCP server '${shorten(label)}' failed: ${shorten(reason)}`, {
      type: "server_error",
      code: "mcp_list_tools_failed",
    }),
  voiceLocked: () =>
    requestError("cannot_update_voice", "Cannot update a conversation's voice if assistant audio is present."),
};

/** One factory for each error a client can be told about. */
export const errors = { ...connectionErrors, ...frameErrors, ...fieldErrors, ...itemErrors, ...turnErrors };
