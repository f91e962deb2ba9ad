export interface WebRtcServer {
  /** `stun:host:port`, `turn:host:port` or `turns:host:port?transport=tcp`. */
  readonly urls: string;
  readonly username?: string;
  readonly credential?: string;
}

export interface WebRtcSettings {
  /** One UDP port for all calls. Default: a free one for each call, as suits a machine without a firewall. */
  readonly udpPort?: number;
  /** The address that clients reach this machine at, where it does not know it itself (behind a 1:1 NAT). */
  readonly publicIp?: string;
  /** The address of this machine to listen at. Default: all. */
  readonly bindAddress?: string;
  /** STUN and TURN servers that *this server* asks. Default: none; a server with a public address needs none. */
  readonly iceServers?: readonly WebRtcServer[];
  /** Milliseconds until a call without a sign of its client is over. Default: 10,000. */
  readonly idleTimeoutMs?: number;
  /** Milliseconds that a client has to connect after its offer was answered. Default: 15,000. */
  readonly connectTimeoutMs?: number;
}
