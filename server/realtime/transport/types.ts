/** A way to move frames between one client and one session. Transports decide nothing. */
export interface Transport {
  readonly kind: "websocket" | "memory" | "webrtc" | "sip";
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

export interface TransportListener {
  /** One whole frame. The buffer may be reused by the transport after the call returns. */
  onFrame(frame: Buffer, isBinary: boolean): void;
  /** Comes exactly once, whoever closed. */
  onClose(code: number, reason: string): void;
}
