import { describe, expect, it } from "vitest";
import type { SessionInfo } from "../realtime/observers/types";
import type { ServerEvent } from "../realtime/protocol/server-events";
import type { Operation } from "./rows";
import { Track } from "./track";

const info: SessionInfo = {
  sessionId: "sess_1",
  conversationId: "conv_1",
  kind: "realtime",
  model: "antiphon",
  tenant: "org_1",
  transport: "memory",
  startedAt: 0,
};

/** What one session is written down with, after these events. */
function sumsAfter(...events: object[]): Record<string, unknown> {
  const written: Operation[] = [];
  const track = new Track({ info, emit: (operation) => void written.push(operation), now: () => 0 });
  events.forEach((event, at) => track.observe({ type: "server-event", at, event: event as ServerEvent }));
  track.flush();
  return Object.assign({}, ...written.map((operation) => (operation.type === "change" ? operation.set : {})));
}

const message = (id: string): object => ({ id, type: "message", role: "assistant", content: [] });
const created = (id: string): object => ({ type: "response.created", response: { id, status: "in_progress" } });
const done = (id: string, more: object = {}): object => ({
  type: "response.done",
  response: { id, status: "completed", output: [message(`item_of_${id}`)], ...more },
});
const overheard = { status: "cancelled", status_details: { type: "cancelled", reason: "turn_detected" } };
const truncated = (id: string): object => ({
  type: "conversation.item.truncated",
  item_id: id,
  content_index: 0,
  audio_end_ms: 9,
});

describe("interruptions of a session", () => {
  it("count once where a reply was still being made, before or after its item is cut", () => {
    const events = [created("a"), done("a", overheard), truncated("item_of_a")];
    expect(sumsAfter(...events)).toMatchObject({ interruptions: 1 });
    expect(sumsAfter(created("a"), truncated("item_of_a"), done("a", overheard))).toMatchObject({ interruptions: 1 });
  });

  it("count where a reply was made already, and was only being heard", () => {
    expect(sumsAfter(created("a"), done("a"), truncated("item_of_a"))).toMatchObject({ interruptions: 1 });
  });

  it("count where nothing of the reply was said yet, and not where the client gave it up", () => {
    expect(sumsAfter(created("a"), done("a", { ...overheard, output: [] }))).toMatchObject({ interruptions: 1 });
    const gaveUp = { status: "cancelled", status_details: { type: "cancelled", reason: "client_cancelled" } };
    expect(sumsAfter(created("a"), done("a", gaveUp))).toMatchObject({ interruptions: 0 });
  });
});
