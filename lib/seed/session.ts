/** One conversation of the demo, as the recorder would have written it down. */
import { randomBytes, randomInt } from "node:crypto";
import { conversations, items, realtimeSessions, responses, sessionEvents } from "../db/schema/index";
import type { Transaction } from "../db/client";
import type { Line, Talk } from "./talks";
import { addCalls } from "./tools";

export const MODEL = "antiphon";

type NewItem = typeof items.$inferInsert;
type NewResponse = typeof responses.$inferInsert;
type NewEvent = typeof sessionEvents.$inferInsert;

export interface SeedSession {
  readonly orgId: string;
  readonly keyId: string;
  readonly agentId: string | null;
  readonly startedAt: Date;
  readonly talk: Talk;
}

/** What it adds to the usage of its day. */
export type SeedSums = Readonly<Record<string, number>>;

export async function addSession(tx: Transaction, given: SeedSession): Promise<SeedSums> {
  const { orgId, keyId, agentId, startedAt, talk } = given;
  const id = wireId("sess");
  const writer = new Writer({ orgId, sessionId: id, startedAt });
  for (const line of talk.lines) writer.say(line);
  if (talk.error !== undefined) writer.refuse(talk.error);
  const { tokens, cost: costMicros } = writer;
  const durationMs = writer.now + 900 + randomInt(2_000);
  const endedAt = new Date(startedAt.getTime() + durationMs);
  const errors = talk.error === undefined ? 0 : 1;
  const input = tokens.inputAudioTokens + tokens.inputTextTokens;
  const output = tokens.outputAudioTokens + tokens.outputTextTokens;
  await tx.insert(realtimeSessions).values({
    ...(agentId !== null && { agentId, agentVersion: 1 }),
    ...{ id, orgId, keyId, model: MODEL, transport: randomInt(3) === 0 ? "webrtc" : "websocket", status: "ended" },
    ...{ startedAt, endedAt, seenAt: endedAt, endCode: 1000, durationMs, errors, costMicros },
    ...{ items: writer.items.length, responses: writer.responses.length, inputTokens: input, outputTokens: output },
    interruptions: talk.lines.filter(({ interrupted }) => interrupted).length,
    heardMs: writer.responses.find(({ heardMs }) => heardMs !== null)?.heardMs ?? null,
    preview: talk.lines[0]?.words ?? null,
    config: { type: "realtime", model: MODEL, instructions: "You answer for a small shop. Be brief and friendly." },
  });
  await tx.insert(conversations).values({ id: id.replace("sess_", "conv_"), orgId, sessionId: id });
  await addCalls(tx, { orgId, sessionId: id, at: startedAt });
  await tx.insert(items).values(writer.items);
  await tx.insert(responses).values(writer.responses);
  await tx.insert(sessionEvents).values(writer.events);
  return { sessions: 1, responses: writer.responses.length, durationMs, errors, costMicros, ...tokens };
}

/** As the server names things on the wire. */
const wireId = (kind: "sess" | "resp" | "call"): string => `${kind}_${randomBytes(12).toString("hex")}`;

/** Milliseconds that a text takes to say. */
const spoken = (words: string): number => 400 + words.length * 62;

class Writer {
  /** Since the session's start. */
  now = 700;
  cost = 0;
  readonly tokens = { inputAudioTokens: 0, inputTextTokens: 0, outputAudioTokens: 0, outputTextTokens: 0 };
  readonly items: NewItem[] = [];
  readonly responses: NewResponse[] = [];
  readonly events: NewEvent[] = [];
  private speechStopped: number | null = null;

  constructor(private readonly of: { readonly orgId: string; readonly sessionId: string; readonly startedAt: Date }) {
    this.event("out", "session.created", { session: { id: of.sessionId, model: MODEL } });
  }

  say(line: Line): void {
    if (line.who === "user") return this.ask(line);
    if (line.tool) this.call(line.tool);
    this.answer(line);
  }

  refuse(message: string): void {
    this.event("in", "response.cancel", {});
    this.event("out", "error", { error: { type: "invalid_request_error", message } });
  }

  private ask({ words }: Line): void {
    const from = this.now;
    const item_id = `item_${this.items.length + 1}`;
    this.event("out", "input_audio_buffer.speech_started", { item_id, audio_start_ms: from });
    this.now += spoken(words) + 500;
    this.speechStopped = this.now;
    this.event("out", "input_audio_buffer.speech_stopped", { item_id, audio_end_ms: this.now });
    this.event("out", "input_audio_buffer.committed", { item_id });
    this.item({ role: "user", transcript: words, saidFromMs: from, saidToMs: this.now });
    this.event("out", "conversation.item.input_audio_transcription.completed", { item_id, transcript: words });
  }

  private call({ name, arguments: given, output, ms }: NonNullable<Line["tool"]>): void {
    const call_id = wireId("call");
    const [args, result] = [JSON.stringify(given), JSON.stringify(output)];
    const responseId = this.respond({ tookMs: 180, status: "completed", heard: false });
    const content = { type: "function_call", status: "completed", name, arguments: args, call_id };
    this.item({ type: "function_call", content, transcript: `${name} ${args}`, responseId });
    this.event("out", "response.function_call_arguments.done", { call_id, name, arguments: args });
    this.now += ms;
    const answer = { type: "function_call_output", call_id, output: result };
    this.event("in", "conversation.item.create", { item: answer });
    this.item({ type: "function_call_output", content: answer, transcript: result });
  }

  private answer({ words, interrupted = false }: Line): void {
    const thinkingMs = 240 + randomInt(420);
    const heardMs = Math.round(spoken(words) * (interrupted ? 0.8 : 1));
    const status = interrupted ? "cancelled" : "completed";
    const from = this.now + thinkingMs;
    const responseId = this.respond({ tookMs: thinkingMs + heardMs, status, heard: true, thinkingMs });
    this.item({
      role: "assistant",
      transcript: words,
      responseId,
      saidFromMs: from,
      saidToMs: this.now,
      ...(interrupted && { interrupted, heardMs, status: "incomplete" }),
    });
    this.now += interrupted ? 0 : 600 + randomInt(900);
  }

  private respond(how: { tookMs: number; status: string; heard: boolean; thinkingMs?: number }): string {
    const { tookMs, status, heard, thinkingMs = tookMs } = how;
    const id = wireId("resp");
    const stopped = this.speechStopped;
    const createdMs = this.now;
    this.speechStopped = null;
    this.event("out", "response.created", { response: { id, status: "in_progress" } });
    this.now += tookMs;
    const [inputTokens, outputTokens] = this.spend(heard);
    this.event("out", "response.done", { response: { id, status } });
    this.responses.push({
      ...{ id, orgId: this.of.orgId, sessionId: this.of.sessionId, model: MODEL, status },
      ...{ inputTokens, outputTokens, costMicros: inputTokens * 18 + outputTokens * 52 },
      statusDetails: status === "cancelled" ? { type: "cancelled", reason: "turn_detected" } : null,
      speechStoppedMs: stopped,
      transcribedMs: stopped === null ? null : createdMs + Math.round(thinkingMs * 0.3),
      createdMs,
      firstTokenMs: createdMs + Math.round(thinkingMs * 0.7),
      firstAudioMs: heard ? createdMs + thinkingMs : null,
      doneMs: this.now,
      heardMs: heard ? thinkingMs : null,
      at: new Date(this.of.startedAt.getTime() + createdMs),
    });
    return id;
  }

  private spend(heard: boolean): readonly [input: number, output: number] {
    const [inputAudio, inputText, outputAudio, outputText] = heard ? [30, 60, 50, 14] : [0, 90, 0, 22];
    this.tokens.inputAudioTokens += inputAudio;
    this.tokens.inputTextTokens += inputText;
    this.tokens.outputAudioTokens += outputAudio;
    this.tokens.outputTextTokens += outputText;
    this.cost += (inputAudio + inputText) * 18 + (outputAudio + outputText) * 52;
    return [inputAudio + inputText, outputAudio + outputText];
  }

  private item(fields: Partial<NewItem> & { readonly transcript: string }): void {
    const position = this.items.length + 1;
    const { role = null, transcript, type = "message", status = "completed" } = fields;
    const part = { type: role === "user" ? "input_audio" : "output_audio", transcript };
    this.items.push({
      ...{ sessionId: this.of.sessionId, orgId: this.of.orgId, id: `item_${position}`, position, type, status },
      content: { type, role, status, content: [part] },
      atMs: this.now,
      doneMs: this.now,
      ...fields,
    });
  }

  private event(direction: "in" | "out", type: string, payload: object): void {
    const { orgId, sessionId } = this.of;
    const seq = this.events.length + 1;
    this.events.push({ orgId, sessionId, seq, direction, type, atMs: this.now, payload: { type, ...payload } });
  }
}
