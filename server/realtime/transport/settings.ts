export interface WebSocketTimings {
  /** Milliseconds between pings; a peer that was silent for a whole interval after one is given up. Default: 20,000. */
  readonly pingIntervalMs: number;
  /** Milliseconds that a closing connection gets to flush and to say goodbye. Default: 5000. */
  readonly closeTimeoutMs: number;
}

export interface WebSocketSettings extends WebSocketTimings {
  /** Bytes of one frame; a larger one closes the connection with 1009. Default: 24 MiB. */
  readonly maxFrameBytes: number;
}
