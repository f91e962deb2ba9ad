/** A way to move frames between one client and one session. Transports decide nothing. */
export interface Transport {
  readonly kind: "websocket" | "memory" | "webrtc" | "sip";
  /** The sound of a transport that carries it beside the frames; undefined where it comes in events. */
  readonly audio?: TransportAudio;
  /** Bytes of the largest frame that the client takes. Undefined: any. */
  readonly maxFrameBytes?: number;
  /** Queues one text frame. After `close` it does nothing. */
  send(frame: string): void;
  /** The same for a frame that is UTF-8 already, and stays unchanged. Undefined: give it as a string. */
  sendBytes?(frame: Buffer): void;
  /** Takes no more frames from the client until `resume`; those on their way may still come. Undefined: it cannot. */
  pause?(): void;
  resume?(): void;
  /** Bytes that were sent but have not left the process. */
  bufferedBytes(): number;
  /** Calls back once, as soon as `bufferedBytes()` is at or below `bytes` (at once if it is), or the transport is closed. */
  onceBelow(bytes: number, callback: () => void): void;
  /** Flushes what was sent, then closes. `reason` is at most 123 bytes of UTF-8. */
  close(code: number, reason: string): void;
  /** Must be called once, in the same tick in which the transport was received. */
  listen(listener: TransportListener): void;
}

/** Both directions of a call's sound: 16-bit mono at 24 kHz. */
export interface TransportAudio {
  readonly sampleRate: 24_000;
  /** Adds to what waits to be heard. The samples must not change afterwards. */
  play(samples: Int16Array): void;
  /** Drops what waits. */
  clear(): void;
  /** What was heard since the beginning, in ms. */
  readonly playedMs: number;
  /** What waits to be heard, in ms. */
  readonly waitingMs: number;
  listen(listener: AudioListener): void;
}

export interface AudioListener {
  /** What the client said, at the pace at which it speaks. */
  onAudio(samples: Int16Array): void;
  /** `playedMs` has grown. */
  onPlayed(): void;
}

export interface TransportListener {
  /** One whole frame. The buffer may be reused by the transport after the call returns. */
  onFrame(frame: Buffer, isBinary: boolean): void;
  /** Comes exactly once, whoever closed. */
  onClose(code: number, reason: string): void;
}
