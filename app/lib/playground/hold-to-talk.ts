/** The talk button: from press to release, and whether what was said in between is worth sending. */
import type { ClientEvent } from "../../../server/realtime/protocol/client-events";
import type { Microphone } from "./microphone";
import { type Notice, notices } from "./notices";

export interface HoldToTalkParts {
  readonly microphone: Pick<Microphone, "isOn" | "ensure" | "flush">;
  send(event: ClientEvent): void;
  tell(notice: Notice): void;
  /** Recording begins: whatever sounds must stop. */
  onStart(): void;
  onStop(): void;
}

interface Recording {
  samples: number;
  loudest: number;
}

/** Shorter presses are slips; the server itself refuses less than 100 ms. */
const SHORTEST_MS = 300;
/** RMS of digital silence: a microphone that is muted in the system. Quiet rooms are far above it. */
const SILENCE_LEVEL = 0.0002;

export class HoldToTalk {
  readonly #parts: HoldToTalkParts;
  #pressed = false;
  #recording: Recording | undefined;

  constructor(parts: HoldToTalkParts) {
    this.#parts = parts;
  }

  /** What the microphone hears now belongs to a press. */
  get isRecording(): boolean {
    return this.#recording !== undefined;
  }

  add(samples: number, level: number): void {
    if (this.#recording === undefined) return;
    this.#recording.samples += samples;
    this.#recording.loudest = Math.max(this.#recording.loudest, level);
  }

  /** The first press asks for the microphone, and by the time it is there the button may be up again. */
  async press(): Promise<void> {
    if (this.#pressed || this.isRecording) return;
    this.#pressed = true;
    if (!this.#parts.microphone.isOn) {
      const on = await this.#parts.microphone.ensure();
      if (on && !this.#pressed) this.#parts.tell(notices.ready);
      if (!on) this.#pressed = false;
    }
    if (!this.#pressed || this.isRecording) return;
    this.#recording = { samples: 0, loudest: 0 };
    this.#parts.onStart();
  }

  async release(): Promise<void> {
    const recording = this.#recording;
    if (!this.#pressed || recording === undefined) {
      this.#pressed = false;
      return;
    }
    this.#pressed = false;
    this.#parts.onStop();
    await this.#parts.microphone.flush();
    if (this.#recording !== recording) return;
    this.#recording = undefined;
    if (recording.samples / 24 < SHORTEST_MS) return this.#drop(notices.tooShort);
    if (recording.loudest < SILENCE_LEVEL) return this.#drop(notices.silent);
    this.#parts.send({ type: "input_audio_buffer.commit" });
    this.#parts.send({ type: "response.create" });
  }

  /** Forgets what is being said. */
  discard(): void {
    if (!this.isRecording) return;
    this.reset();
    this.#drop(notices.discarded);
  }

  /** The connection is gone, and what was said with it. */
  reset(): void {
    this.#pressed = false;
    if (this.#recording === undefined) return;
    this.#recording = undefined;
    this.#parts.onStop();
  }

  #drop(notice: Notice): void {
    this.#parts.send({ type: "input_audio_buffer.clear" });
    this.#parts.tell(notice);
  }
}
