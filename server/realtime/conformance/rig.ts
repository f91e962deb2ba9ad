/** What the conformance suite needs of a transport: a way to open a session and to talk to it. */
import { it, onTestFinished } from "vitest";
import type { Engine, NoiseSuppressor, SpeechToText, TurnDetector } from "../engine/types";
import { pipeline } from "../engine/pipeline";
import type { RealtimeHandlerOptions } from "../options";
import type { ServerEvent, ServerEventOf, ServerEventType } from "../protocol/server-events";
import type { SessionKind } from "../protocol/session-config";
import type { ContextOptions } from "../session/memory";
import type { SessionLimits, TurnTakingOptions } from "../session/types";
import {
  scriptedLlm,
  scriptedStt,
  scriptedTts,
  scriptedVad,
  tone,
  type ScriptedLlm,
  type ScriptedLlmOptions,
  type ScriptedStt,
  type ScriptedSttOptions,
  type ScriptedTts,
  type ScriptedTtsOptions,
  type ScriptedVad,
  type ScriptedVadOptions,
} from "../testing";

export interface Setup extends ToolSetup {
  /** Default: a conversation. */
  readonly kind?: SessionKind;
  readonly stt?: ScriptedSttOptions;
  readonly llm?: ScriptedLlmOptions;
  readonly tts?: ScriptedTtsOptions;
  /** Null: an engine without a detector. */
  readonly vad?: ScriptedVadOptions | null;
  readonly limits?: Partial<SessionLimits>;
  readonly turnTaking?: TurnTakingOptions;
  readonly context?: ContextOptions;
  readonly contextTokens?: number;
  readonly turns?: TurnDetector;
  readonly noise?: NoiseSuppressor;
  /** The recogniser listens while somebody speaks. */
  readonly listen?: SpeechToText["listen"];
}

/** What acts in a session, as a host gives it to its handler. */
export type ToolSetup = Pick<
  RealtimeHandlerOptions,
  "tools" | "toolCalls" | "mcp" | "prompts" | "guardrails" | "observers"
>;

/** A client that is connected; `session.created` is still unread. */
export interface Link {
  /** Anything at all: the suite sends nonsense too. Strings and buffers go out as they are. */
  send(event: Record<string, unknown> | string | Buffer): void;
  /** All events so far, oldest first. */
  readonly events: readonly ServerEvent[];
  /** Resolves with the close code once the server closed. */
  readonly closed: Promise<number>;
  close(): void;
}

export type HandlerSetup = Pick<Setup, "kind" | "limits" | "turnTaking" | "context"> & ToolSetup;

export interface Rig {
  readonly name: string;
  /** False: the assistant's audio goes over a track. Default: true. */
  readonly audioInEvents?: boolean;
  /** Its model is given what was said, not its words: tests of what a model reads are of no account. */
  readonly hears?: boolean;
  /** What answers. Default: a pipeline of the parts. */
  readonly engine?: (parts: Parts & Pick<Setup, "turns" | "noise" | "contextTokens">) => Engine;
  open(engine: Engine, options: HandlerSetup): Promise<Link>;
}

export interface Parts {
  readonly stt: ScriptedStt;
  readonly llm: ScriptedLlm;
  readonly tts: ScriptedTts;
  readonly vad: ScriptedVad | undefined;
}

/** A conversation in progress: sends, waits, and looks back at what came. */
export class Talk {
  private read = 0;
  private audioInEvents = true;

  constructor(
    readonly link: Link,
    readonly parts: Parts,
    private readonly kind: SessionKind = "realtime",
  ) {}

  static async open(rig: Rig, setup: Setup = {}): Promise<Talk> {
    const parts: Parts = {
      stt: { ...scriptedStt(setup.stt), ...(setup.listen && { listen: setup.listen }) },
      llm: scriptedLlm(setup.llm),
      tts: scriptedTts(setup.tts),
      vad: setup.vad === null ? undefined : scriptedVad(setup.vad),
    };
    const { turns, noise, contextTokens } = setup;
    const { engine: make = pipeline } = rig;
    const engine = make({ ...parts, turns, noise, contextTokens });
    const talk = new Talk(await rig.open(engine, setup), parts, setup.kind);
    talk.audioInEvents = audioInEvents(rig);
    onTestFinished(() => talk.link.close());
    await talk.next("session.created");
    return talk;
  }

  send(event: Record<string, unknown> | string | Buffer): void {
    this.link.send(event);
  }

  /** The next event of that type, skipping others. */
  async next<T extends ServerEventType>(
    type: T,
    where: (event: ServerEventOf<T>) => boolean = () => true,
  ): Promise<ServerEventOf<T>> {
    const deadline = Date.now() + 5_000;
    for (;;) {
      for (; this.read < this.link.events.length;) {
        const event = this.link.events[this.read];
        this.read += 1;
        if (isOf(event, type) && where(event)) return event;
      }
      if (Date.now() > deadline) {
        throw new Error(`No ${type} came. Events: ${this.types().join(", ")}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  /** Sends and returns the error that it causes. */
  async refused(event: Record<string, unknown> | string | Buffer): Promise<ServerEventOf<"error">["error"]> {
    this.send(event);
    return (await this.next("error")).error;
  }

  /** The assistant can be heard. */
  async speaking(): Promise<void> {
    if (this.audioInEvents) await this.next("response.output_audio.delta");
    else await this.next("output_audio_buffer.started");
  }

  update(session: Record<string, unknown>): Promise<ServerEventOf<"session.updated">> {
    this.send({ type: "session.update", session: { type: this.kind, ...session } });
    return this.next("session.updated");
  }

  say(text: string, more: Record<string, unknown> = {}): void {
    this.send({
      type: "conversation.item.create",
      item: { type: "message", role: "user", content: [{ type: "input_text", text }], ...more },
    });
  }

  async respond(response: Record<string, unknown> = {}): Promise<ServerEventOf<"response.done">["response"]> {
    this.send({ type: "response.create", response });
    return (await this.next("response.done")).response;
  }

  /** Sends audio in chunks of 20 ms, in the default format. */
  append(pcm: Int16Array): void {
    const bytes = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
    for (let at = 0; at < bytes.length; at += 960) {
      this.send({ type: "input_audio_buffer.append", audio: bytes.subarray(at, at + 960).toString("base64") });
    }
  }

  appendTone(ms: number): void {
    this.append(tone({ ms }).samples);
  }

  appendSilence(ms: number): void {
    this.append(tone({ ms, amplitude: 0 }).samples);
  }

  all<T extends ServerEventType>(type: T): ServerEventOf<T>[] {
    return this.link.events.flatMap((event) => (isOf(event, type) ? [event] : []));
  }

  types(): string[] {
    return this.link.events.map((event) => event.type);
  }

  /** Types from the first of that type on, runs of equal ones told once. */
  typesFrom(type: ServerEventType): string[] {
    const types = this.types();
    return types.slice(types.indexOf(type)).filter((each, index, list) => each !== list[index - 1]);
  }
}

function isOf<T extends ServerEventType>(event: ServerEvent | undefined, type: T): event is ServerEventOf<T> {
  return event?.type === type;
}

/** Whether the transport of a rig carries audio in events, in whatever format they have. */
export function audioInEvents(rig: Rig): boolean {
  return rig.audioInEvents !== false;
}

/** Tests of a model that is given words. */
export function readingIt(rig: Rig) {
  return it.skipIf(rig.hears === true);
}
