/** One conversation with a realtime server: turns go out, words and audio come back. */
import { pcmToBytes, type Pcm } from "../realtime/audio/pcm";
import type { Connection } from "./connection";
import { CliError } from "./errors";
import { failureText, type TalkEvent } from "./events";

export interface ConversationOptions {
  readonly textOnly: boolean;
  /** Undefined: the server's own. */
  readonly voice: string | undefined;
  readonly hears: boolean;
  readonly output: ConversationOutput;
}

export interface ConversationOutput {
  /** Words of the reply, as they come. */
  words(text: string): void;
  audio(chunk: Buffer): void;
  /** What the server understood, and what went wrong without ending the turn. */
  note(text: string): void;
  /** The reply is complete. */
  end(): void;
}

/** Half a second of 24 kHz 16-bit audio. */
const CHUNK_BYTES = 24_000;
/** A transcript may come after the reply; it is worth this much waiting, in milliseconds. */
const TRANSCRIPT_GRACE_MS = 3_000;

export class Conversation {
  private awaitsTranscript = false;

  constructor(
    private readonly connection: Connection,
    private readonly options: ConversationOptions,
  ) {}

  /** Configures the session. Throws `CliError` with the server's words when it refuses. */
  async begin(): Promise<void> {
    await this.until("session.created");
    const { textOnly, voice, hears } = this.options;
    this.connection.send({
      type: "session.update",
      session: {
        type: "realtime",
        output_modalities: [textOnly ? "text" : "audio"],
        audio: {
          input: {
            format: { type: "audio/pcm", rate: 24_000 },
            turn_detection: null,
            ...(hears ? { transcription: { model: "gpt-4o-mini-transcribe" } } : {}),
          },
          output: { format: { type: "audio/pcm", rate: 24_000 }, ...(voice === undefined ? {} : { voice }) },
        },
      },
    });
    await this.until("session.updated");
  }

  /** Says `text` and waits for the whole reply. Throws `CliError` when there is none. */
  async say(text: string): Promise<void> {
    this.connection.send({
      type: "conversation.item.create",
      item: { type: "message", role: "user", content: [{ type: "input_text", text }] },
    });
    await this.reply();
  }

  /** Sends a recording at 24 kHz as one turn and waits for the whole reply. Throws `CliError` when there is none. */
  async speak({ samples }: Pcm): Promise<void> {
    const bytes = pcmToBytes(samples);
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
      const audio = bytes.subarray(at, at + CHUNK_BYTES).toString("base64");
      this.connection.send({ type: "input_audio_buffer.append", audio });
    }
    this.connection.send({ type: "input_audio_buffer.commit" });
    this.awaitsTranscript = true;
    await this.reply();
    while (this.awaitsTranscript) {
      const event = await this.connection.next(TRANSCRIPT_GRACE_MS).catch(() => undefined);
      if (event === undefined) return;
      this.handle(event);
    }
  }

  private async reply(): Promise<void> {
    this.connection.send({ type: "response.create" });
    await this.until("response.done");
    this.options.output.end();
  }

  private async until(type: TalkEvent["type"]): Promise<void> {
    for (;;) {
      const event = await this.connection.next();
      this.handle(event);
      if (event.type === type) return;
    }
  }

  /** Throws `CliError` for whatever leaves the turn without its reply. */
  private handle(event: TalkEvent): void {
    const { output } = this.options;
    switch (event.type) {
      case "session.created":
      case "session.updated":
        return;
      case "response.output_text.delta":
      case "response.output_audio_transcript.delta":
        return output.words(event.delta);
      case "response.output_audio.delta":
        return output.audio(Buffer.from(event.delta, "base64"));
      case "conversation.item.input_audio_transcription.completed":
        this.awaitsTranscript = false;
        return output.note(`Heard: ${event.transcript.trim() || "(no words)"}`);
      case "conversation.item.input_audio_transcription.failed":
        this.awaitsTranscript = false;
        return output.note(`Not transcribed: ${failureText(event.error)}`);
      case "error":
        throw new CliError(`The server refused: ${failureText(event.error)}`, { final: false });
      case "response.done":
        return this.check(event.response);
      default:
        return event satisfies never;
    }
  }

  private check({ status, status_details: details }: Extract<TalkEvent, { type: "response.done" }>["response"]): void {
    if (status === "completed") return;
    if (status === "incomplete")
      return this.options.output.note(`The reply is incomplete: ${details?.reason ?? "no reason given"}.`);
    const why = details?.error ? failureText(details.error) : (details?.reason ?? "no reason given");
    throw new CliError(`The reply ${status}: ${why}`, { final: false });
  }
}
