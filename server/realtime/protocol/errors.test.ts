import { describe, expect, it } from "vitest";
import { CloseCode, errors } from "./errors";
import type { ProtocolError } from "./errors";

const row = (error: ProtocolError) => [error.code, error.message, error.param];

describe("errors say what the official service says", () => {
  it.each([
    [errors.missingApiKey(), null, "Missing bearer or basic authentication in header", null],
    [errors.invalidApiKey("sk-…abcd"), "invalid_api_key", "Incorrect API key provided: sk-…abcd.", null],
    [errors.invalidModel("x"), "invalid_model", 'Model "x" is not supported in realtime mode.', "model"],
    [
      errors.invalidEventType("nope", ["session.update", "response.create", "response.cancel"]),
      "invalid_value",
      "Invalid value: 'nope'. Supported values are: 'session.update', 'response.create', and 'response.cancel'.",
      "type",
    ],
    [errors.unknownParameter("session.x"), "unknown_parameter", "Unknown parameter: 'session.x'.", "session.x"],
    [
      errors.missingParameter("session.type"),
      "missing_required_parameter",
      "Missing required parameter: 'session.type'.",
      "session.type",
    ],
    [
      errors.binaryFrame(),
      "invalid_event",
      "Expected a text WebSocket message; binary frames are not supported.",
      null,
    ],
    [
      errors.integerBelowMin("session.audio.input.format.rate", 24000, 16000),
      "integer_below_min_value",
      "Invalid 'session.audio.input.format.rate': integer below minimum value. Expected a value >= 24000, but got 16000 instead.",
      "session.audio.input.format.rate",
    ],
    [
      errors.stringTooLong("item.id", 32, 40),
      "string_above_max_length",
      "Invalid 'item.id': string too long. Expected a string with maximum length 32, but got a string with length 40 instead.",
      "item.id",
    ],
    [
      errors.itemDeleteNotFound("x"),
      "item_delete_invalid_item_id",
      "Error deleting item: the item with id 'x' does not exist.",
      null,
    ],
    [
      errors.itemRetrieveNotFound("x"),
      "item_retrieve_invalid_item_id",
      "Error retrieving item: the item with id 'x' does not exist.",
      null,
    ],
    [
      errors.itemTruncateNotFound("x"),
      "item_truncate_invalid_item_id",
      "Error truncating item: the item with id 'x' does not exist.",
      null,
    ],
    [
      errors.previousItemNotFound("x"),
      "item_create_invalid_previous_item_id",
      "Error adding item: the previous item with id 'x' does not exist.",
      "previous_item_id",
    ],
    [
      errors.duplicateItemId("x"),
      "item_create_duplicate_item_id",
      "Error adding item: an item with id 'x' already exists.",
      null,
    ],
    [
      errors.invalidToolCallId("x"),
      "invalid_tool_call_id",
      "Tool call ID 'x' not found in conversation.",
      "item.call_id",
    ],
    [
      errors.onlyAudioCanBeTruncated(),
      "unsupported_content_type",
      "Only model output audio messages can be truncated",
      null,
    ],
    [
      errors.truncateBeyondAudio(6350, 8160),
      "invalid_value",
      "Audio content of 6350ms is already shorter than 8160ms",
      "audio_end_ms",
    ],
    [
      errors.bufferTooSmall(0),
      "input_audio_buffer_commit_empty",
      "Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, but buffer only has 0.00ms of audio.",
      null,
    ],
    [
      errors.activeResponse("resp_X"),
      "conversation_already_has_active_response",
      "Conversation already has an active response in progress: resp_X. Wait until the response is finished before creating a new one.",
      null,
    ],
    [errors.noActiveResponse(), "response_cancel_not_active", "Cancellation failed: no active response found", null],
    [
      errors.voiceLocked(),
      "cannot_update_voice",
      "Cannot update a conversation's voice if assistant audio is present.",
      null,
    ],
    [errors.sessionExpired(60), "session_expired", "Your session hit the maximum duration of 60 minutes.", null],
  ])("%s", (error, code, message, param) => {
    expect(row(error)).toEqual([code, message, param]);
    expect(error.type).toBe("invalid_request_error");
  });

  it("names the family where it is another", () => {
    expect(errors.rateLimitExceeded("Slow down.").type).toBe("rate_limit_error");
    expect(errors.serverError().type).toBe("server_error");
  });

  it("puts the client's event id into the body", () => {
    expect(errors.noActiveResponse().toBody("mine")).toEqual({
      type: "invalid_request_error",
      code: "response_cancel_not_active",
      message: "Cancellation failed: no active response found",
      param: null,
      event_id: "mine",
    });
  });

  it("never echoes a long value whole", () => {
    const long = "x".repeat(1_000_000);
    for (const error of [
      errors.unknownParameter(long),
      errors.invalidModel(long),
      errors.itemDeleteNotFound(long),
      errors.invalidEventType(long, ["a"]),
      errors.invalidJson(long),
    ]) {
      expect(JSON.stringify(error.toBody(null)).length).toBeLessThan(1_000);
    }
  });

  it("gives the close reason as type and code, within what a close frame can carry", () => {
    expect(errors.invalidModel("x").closeReason).toBe("invalid_request_error.invalid_model");
    expect(errors.missingApiKey().closeReason).toBe("invalid_request_error");
    expect(CloseCode).toMatchObject({ normal: 1000, unauthorized: 3000, badRequest: 4000 });
  });
});
