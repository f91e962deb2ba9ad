/**
 * The fast way through `response.output_audio.delta` of another server: straight on the bytes, without JSON.parse. Takes
 * flat objects of plain strings and whole numbers, with any white space; everything else goes the slow way.
 */
import type { ServerEventOf } from "./server-events";

export interface AudioDelta {
  readonly responseId: string;
  toEvent(): ServerEventOf<"response.output_audio.delta">;
}

const TYPE = "response.output_audio.delta";
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
/** More than any server writes. */
const MAX_FIELDS = 16;
const MAX_NAME = 32;
const MAX_ID = 512;

interface Span {
  readonly start: number;
  readonly end: number;
}

export function readAudioDelta(frame: Buffer): AudioDelta | undefined {
  return new Reader(frame).read();
}

class Reader {
  private at = 0;
  private readonly fields = new Map<string, Span>();

  constructor(private readonly frame: Buffer) {}

  read(): AudioDelta | undefined {
    if (!this.scan() || this.text("type") !== TYPE) return undefined;
    const [eventId, responseId, itemId] = ["event_id", "response_id", "item_id"].map((name) => this.text(name));
    const [outputIndex, contentIndex] = ["output_index", "content_index"].map((name) => this.number(name));
    const delta = this.fields.get("delta");
    if (eventId === undefined || responseId === undefined || itemId === undefined || delta === undefined)
      return undefined;
    const { frame } = this;
    return {
      responseId,
      toEvent: () => ({
        type: TYPE,
        event_id: eventId,
        response_id: responseId,
        item_id: itemId,
        output_index: outputIndex ?? 0,
        content_index: contentIndex ?? 0,
        delta: frame.toString("latin1", delta.start, delta.end),
      }),
    };
  }

  /** Whether the frame is one flat object; stops at the first sign that it is another event. */
  private scan(): boolean {
    if (this.next() !== OPEN) return false;
    for (let field = 0; field < MAX_FIELDS; field += 1) {
      const name = this.next() === QUOTE ? this.string() : undefined;
      if (name === undefined || name.end - name.start > MAX_NAME || this.next() !== COLON) return false;
      const key = this.frame.toString("latin1", name.start, name.end);
      const value = this.value();
      if (value === undefined || this.fields.has(key)) return false;
      this.fields.set(key, value);
      if (key === "type" && this.text("type") !== TYPE) return false;
      const after = this.next();
      if (after === CLOSE) return this.next() === undefined;
      if (after !== COMMA) return false;
    }
    return false;
  }

  /** The next byte that is no white space; `at` lies behind it. */
  private next(): number | undefined {
    let byte = this.frame[this.at++];
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = this.frame[this.at++];
    return byte;
  }

  private value(): Span | undefined {
    const first = this.next();
    if (first === QUOTE) return this.string();
    const start = this.at - 1;
    if (first === undefined || !isDigit(first)) return undefined;
    while (isDigit(this.frame[this.at])) this.at += 1;
    return { start, end: this.at };
  }

  /** What lies between the quote before `at` and the next one; undefined when something in it is escaped. */
  private string(): Span | undefined {
    const start = this.at;
    const end = this.frame.indexOf(QUOTE, start);
    if (end === -1) return undefined;
    const escape = this.frame.subarray(start, end).indexOf(BACKSLASH);
    if (escape !== -1) return undefined;
    this.at = end + 1;
    return { start, end };
  }

  private text(name: string): string | undefined {
    const span = this.fields.get(name);
    if (span === undefined || span.end - span.start > MAX_ID) return undefined;
    return this.frame.toString("utf8", span.start, span.end);
  }

  private number(name: string): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : Number(text);
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}
