/** Every error a client can be told about: its type, its code, its exact words, and the field that caused it. */

/** The `error` object of an `error` event and of REST error answers. */
export interface ErrorBody {
  type: string;
  code: string | null;
  message: string;
  param: string | null;
  event_id: string | null;
}

export interface ErrorDetails {
  readonly type?: string;
  readonly code?: string | null;
  readonly param?: string | null;
}

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
  /** More clients or messages than the server can carry just now, or a client that stopped reading. */
  tryAgainLater: 1013,
  /** A missing or wrong key. */
  unauthorized: 3000,
  /** A malformed request: no model, an unknown model, a wrong intent. */
  badRequest: 4000,
} as const;
export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode];

/** An error that is the client's to know. Its message is safe to send. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
  /** The family, for example `invalid_request_error`. */
  readonly type: string;
  readonly code: string | null;
  /** Path of the field that caused it, for example `session.audio.input.format.rate`. */
  readonly param: string | null;

  constructor(message: string, details: ErrorDetails = {}) {
    super(message);
    this.type = details.type ?? "invalid_request_error";
    this.code = details.code ?? null;
    this.param = details.param ?? null;
  }

  /** The wire form; `eventId` is the id that the client gave the event which caused the error. */
  toBody(eventId: string | null): ErrorBody {
    return { type: this.type, code: this.code, message: this.message, param: this.param, event_id: eventId };
  }

  /** The close reason that goes with this error, as the official service words it. */
  get closeReason(): string {
    return this.code === null ? this.type : `${this.type}.${this.code}`;
  }
}

const fail = (code: string | null, message: string, param: string | null = null): ProtocolError =>
  new ProtocolError(message, { code, param });

/** `'a'`, `'a' and 'b'`, `'a', 'b', and 'c'`. */
function listOf(values: readonly string[]): string {
  const quoted = values.map((value) => `'${value}'`);
  if (quoted.length <= 2) return quoted.join(" and ");
  return `${quoted.slice(0, -1).join(", ")}, and ${quoted.at(-1)}`;
}

/** Long values are shortened, so that an error is never larger than what caused it. */
function shorten(value: string): string {
  return value.length <= 200 ? value : `${value.slice(0, 200)}…`;
}

const connection = {
  invalidApiKey: (maskedKey: string) => fail("invalid_api_key", `Incorrect API key provided: ${maskedKey}.`),
  missingApiKey: () => fail(null, "Missing bearer or basic authentication in header"),
  invalidModel: (name: string) =>
    fail("invalid_model", `Model "${shorten(name)}" is not supported in realtime mode.`, "model"),
  missingModel: () =>
    fail("missing_model", "You must provide a model parameter, for example '?model=gpt-realtime'.", "model"),
  invalidIntent: (intent: string) => fail("invalid_intent", `Invalid intent '${shorten(intent)}'.`),
  sessionExpired: (minutes: number) =>
    fail("session_expired", `Your session hit the maximum duration of ${minutes} minutes.`),
  rateLimitExceeded: (message: string) =>
    new ProtocolError(message, { type: "rate_limit_error", code: "rate_limit_exceeded" }),
  serverError: (message = "The server had an error while processing your request. Sorry about that!") =>
    new ProtocolError(message, { type: "server_error", code: "server_error" }),
};

const frames = {
  invalidJson: (detail: string) => fail("invalid_json", `Invalid event: failed to parse JSON value. ${detail}`),
  notAnObject: (got: string) => fail("invalid_event", `Invalid event: expected a JSON object, but got ${got} instead.`),
  nestedTooDeep: (levels: number) => fail("invalid_event", `Invalid event: nested more than ${levels} levels deep.`),
  binaryFrame: () => fail("invalid_event", "Expected a text WebSocket message; binary frames are not supported."),
  invalidEventType: (value: string, supported: readonly string[]) =>
    errorsOfShape.unsupportedValue("type", value, supported),
};

const errorsOfShape = {
  unknownParameter: (path: string) =>
    fail("unknown_parameter", `Unknown parameter: '${shorten(path)}'.`, shorten(path)),
  missingParameter: (path: string) =>
    fail("missing_required_parameter", `Missing required parameter: '${path}'.`, path),
  invalidValue: (param: string | null, message: string) => fail("invalid_value", message, param),
  /** A value outside of a closed set. */
  unsupportedValue: (param: string, value: string, supported: readonly string[]) =>
    fail("invalid_value", `Invalid value: '${shorten(value)}'. Supported values are: ${listOf(supported)}.`, param),
  /** `expected` and `got` carry their article: "a string", "an integer". */
  invalidType: (param: string, expected: string, got: string) =>
    fail("invalid_type", `Invalid type for '${param}': expected ${expected}, but got ${got} instead.`, param),
  integerBelowMin: (param: string, min: number, got: number) =>
    fail(
      "integer_below_min_value",
      `Invalid '${param}': integer below minimum value. Expected a value >= ${min}, but got ${got} instead.`,
      param,
    ),
  integerAboveMax: (param: string, max: number, got: number) =>
    fail(
      "integer_above_max_value",
      `Invalid '${param}': integer above maximum value. Expected a value <= ${max}, but got ${got} instead.`,
      param,
    ),
  decimalBelowMin: (param: string, min: number, got: number) =>
    fail(
      "decimal_below_min_value",
      `Invalid '${param}': decimal below minimum value. Expected a value >= ${min}, but got ${got} instead.`,
      param,
    ),
  decimalAboveMax: (param: string, max: number, got: number) =>
    fail(
      "decimal_above_max_value",
      `Invalid '${param}': decimal above maximum value. Expected a value <= ${max}, but got ${got} instead.`,
      param,
    ),
  stringTooLong: (param: string, max: number, got: number) =>
    fail(
      "string_above_max_length",
      `Invalid '${param}': string too long. Expected a string with maximum length ${max}, but got a string with length ${got} instead.`,
      param,
    ),
  stringTooShort: (param: string, min: number, got: number) =>
    got === 0
      ? fail(
          "empty_string",
          `Invalid '${param}': empty string. Expected a string with minimum length ${min}, but got an empty string instead.`,
          param,
        )
      : fail(
          "string_below_min_length",
          `Invalid '${param}': string too short. Expected a string with minimum length ${min}, but got a string with length ${got} instead.`,
          param,
        ),
  arrayTooLong: (param: string, max: number, got: number) =>
    fail(
      "array_above_max_length",
      `Invalid '${param}': array too long. Expected an array with maximum length ${max}, but got an array with length ${got} instead.`,
      param,
    ),
  arrayTooShort: (param: string, min: number, got: number) =>
    fail(
      got === 0 ? "empty_array" : "array_below_min_length",
      `Invalid '${param}': array too short. Expected an array with minimum length ${min}, but got an array with length ${got} instead.`,
      param,
    ),
  tooManyProperties: (param: string, max: number, got: number) =>
    fail(
      "object_above_max_properties",
      `Invalid '${param}': too many properties. Expected an object with at most ${max} properties, but got an object with ${got} properties instead.`,
      param,
    ),
  invalidAudio: (param: string) =>
    fail("invalid_value", `Invalid '${param}'. Expected base64-encoded audio bytes, but got an invalid value.`, param),
  audioTooLarge: (param: string, maxBytes: number, got: number) =>
    fail(
      "invalid_value",
      `Invalid '${param}': audio too large. Expected at most ${maxBytes} bytes of audio, but got ${got} bytes instead.`,
      param,
    ),
  /** Understood, but not something this server does. */
  unsupported: (param: string, message: string) => fail("unsupported_parameter", message, param),
};

const conversation = {
  itemDeleteNotFound: (id: string) =>
    fail("item_delete_invalid_item_id", `Error deleting item: the item with id '${shorten(id)}' does not exist.`),
  itemRetrieveNotFound: (id: string) =>
    fail("item_retrieve_invalid_item_id", `Error retrieving item: the item with id '${shorten(id)}' does not exist.`),
  itemTruncateNotFound: (id: string) =>
    fail("item_truncate_invalid_item_id", `Error truncating item: the item with id '${shorten(id)}' does not exist.`),
  previousItemNotFound: (id: string) =>
    fail(
      "item_create_invalid_previous_item_id",
      `Error adding item: the previous item with id '${shorten(id)}' does not exist.`,
      "previous_item_id",
    ),
  duplicateItemId: (id: string) =>
    fail("item_create_duplicate_item_id", `Error adding item: an item with id '${shorten(id)}' already exists.`),
  tooManyItems: (max: number) =>
    fail("conversation_item_limit_reached", `Error adding item: the conversation already has ${max} items.`),
  referenceNotFound: (id: string, param: string) =>
    fail("invalid_value", `Item with id '${shorten(id)}' not found in conversation.`, param),
  invalidToolCallId: (callId: string) =>
    fail("invalid_tool_call_id", `Tool call ID '${shorten(callId)}' not found in conversation.`, "item.call_id"),
  onlyAudioCanBeTruncated: () => fail("unsupported_content_type", "Only model output audio messages can be truncated"),
  truncateBeyondAudio: (haveMs: number, askedMs: number) =>
    fail("invalid_value", `Audio content of ${haveMs}ms is already shorter than ${askedMs}ms`, "audio_end_ms"),
  bufferTooSmall: (ms: number) =>
    fail(
      "input_audio_buffer_commit_empty",
      `Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, but buffer only has ${ms.toFixed(2)}ms of audio.`,
    ),
  activeResponse: (responseId: string) =>
    fail(
      "conversation_already_has_active_response",
      `Conversation already has an active response in progress: ${responseId}. Wait until the response is finished before creating a new one.`,
    ),
  noActiveResponse: () => fail("response_cancel_not_active", "Cancellation failed: no active response found"),
  voiceLocked: () => fail("cannot_update_voice", "Cannot update a conversation's voice if assistant audio is present."),
  /** A realtime session was asked to become a session of another type. */
  wrongSessionType: () =>
    fail(
      "invalid_value",
      "Passing a transcription session update event to a realtime session is not allowed.",
      "session.type",
    ),
};

/** One factory for each error, with the official service's wording. */
export const errors = { ...connection, ...frames, ...errorsOfShape, ...conversation };
