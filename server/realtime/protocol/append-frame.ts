/**
 * The fast way through `input_audio_buffer.append`: straight on the bytes, without JSON.parse and without a schema. It
 * takes the three fields in any order, with any white space and no escapes, as real clients write them; everything
 * else goes the slow way, which must come to the same result.
 */
import { decodeBase64Bytes } from "./base64";

export interface AppendFrame {
  readonly kind: "append";
  /** The next frame that is read may overwrite it. */
  readonly audio: Buffer;
  readonly eventId: string | null;
}

/** The most audio that one event may carry. */
export const MAX_AUDIO_BYTES = 15 * 1024 * 1024;
const MAX_BASE64 = (MAX_AUDIO_BYTES / 3) * 4;
const MAX_EVENT_ID = 512;

const QUOTE = 0x22;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const BACKSLASH = 0x5c;

const AUDIO = Buffer.from("audio");
const TYPE = Buffer.from("type");
const EVENT_ID = Buffer.from("event_id");

function skipSpace(frame: Buffer, at: number): number {
  let i = at;
  for (let byte = frame[i]; byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09; byte = frame[i]) i++;
  return i;
}

/** Whether `word` and a closing quote stand at `at`. */
function isWord(frame: Buffer, at: number, word: Buffer): boolean {
  if (frame[at + word.length] !== QUOTE) return false;
  for (let i = 0; i < word.length; i++) if (frame[at + i] !== word[i]) return false;
  return true;
}

/** Where the plain ASCII string that starts at `at` ends, or -1 when it is too long or anything but plain. */
function endOfId(frame: Buffer, at: number): number {
  for (let i = at; i <= at + MAX_EVENT_ID; i++) {
    const byte = frame[i];
    if (byte === QUOTE) return i;
    if (byte === undefined || byte < 0x20 || byte > 0x7e || byte === BACKSLASH) return -1;
  }
  return -1;
}

/** Where the value of a field begins (after its quote), given where its name ends; -1 when that is no string. */
function startOfValue(frame: Buffer, afterName: number): number {
  const colon = skipSpace(frame, afterName);
  if (frame[colon] !== COLON) return -1;
  const quote = skipSpace(frame, colon + 1);
  return frame[quote] === QUOTE ? quote + 1 : -1;
}

/** Reads one frame field by field. */
class Reader {
  private audioStart = -1;
  private audioEnd = -1;
  private idStart = -1;
  private idEnd = -1;
  private typed = false;

  constructor(
    private readonly frame: Buffer,
    private readonly append: Buffer,
  ) {}

  read(): AppendFrame | undefined {
    if (!this.isAppend()) return undefined;
    const audio = decodeBase64Bytes(this.frame, this.audioStart, this.audioEnd);
    if (!audio) return undefined;
    const eventId = this.idStart === -1 ? null : this.frame.toString("latin1", this.idStart, this.idEnd);
    return { kind: "append", audio, eventId };
  }

  isAppend(): boolean {
    return this.fields() && this.typed && this.audioStart !== -1;
  }

  /** Whether the frame is one object of fields that are known. */
  private fields(): boolean {
    const { frame } = this;
    let at = skipSpace(frame, 0);
    if (frame[at] !== OPEN) return false;
    do {
      at = this.field(skipSpace(frame, at + 1));
      if (at === -1) return false;
      at = skipSpace(frame, at + 1);
    } while (frame[at] === COMMA);
    return frame[at] === CLOSE && skipSpace(frame, at + 1) === frame.length;
  }

  /** Takes in the field at `at`. Returns where its value's closing quote stands, or -1 to give up. */
  private field(at: number): number {
    const { frame } = this;
    if (frame[at] !== QUOTE) return -1;
    const name = at + 1;
    if (isWord(frame, name, AUDIO)) return this.audio(startOfValue(frame, name + AUDIO.length + 1));
    if (isWord(frame, name, TYPE)) return this.type(startOfValue(frame, name + TYPE.length + 1));
    if (isWord(frame, name, EVENT_ID)) return this.eventId(startOfValue(frame, name + EVENT_ID.length + 1));
    return -1;
  }

  private audio(start: number): number {
    if (start === -1 || this.audioStart !== -1) return -1;
    this.audioStart = start;
    this.audioEnd = this.frame.indexOf(QUOTE, start);
    return this.audioEnd - start > MAX_BASE64 ? -1 : this.audioEnd;
  }

  private type(start: number): number {
    if (start === -1 || this.typed || !isWord(this.frame, start, this.append)) return -1;
    this.typed = true;
    return start + this.append.length;
  }

  private eventId(start: number): number {
    if (start === -1 || this.idStart !== -1) return -1;
    this.idStart = start;
    this.idEnd = endOfId(this.frame, start);
    return this.idEnd;
  }
}

const APPEND = Buffer.from("input_audio_buffer.append");
const TRANSLATION_APPEND = Buffer.from("session.input_audio_buffer.append");

/** Whether it is an append event in its usual spelling; what its audio holds is not looked at. */
export function isAppendFrame(frame: Buffer): boolean {
  return new Reader(frame, APPEND).isAppend();
}

/** The audio of an append event, valid until the next call, or undefined when the frame must go the slow way. */
export function readAppendFrame(frame: Buffer): AppendFrame | undefined {
  return new Reader(frame, APPEND).read();
}

/** The same for the append event of a translation session. */
export function readTranslationAppend(frame: Buffer): AppendFrame | undefined {
  return new Reader(frame, TRANSLATION_APPEND).read();
}
