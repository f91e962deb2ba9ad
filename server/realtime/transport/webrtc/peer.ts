/** One WebRTC client: its connection, its data channel as a transport, its track as a voice. */
import type { DataChannel, PeerConnection, RtcConfig, Track } from "node-datachannel";
import { randomInt } from "node:crypto";
import type { Transport, TransportListener } from "../types";
import { ChannelOutput } from "./channel-output";
import { Liveness } from "./liveness";
import type { WebRtcPackages } from "./packages";
import type { Offer } from "./sdp";
import type { Ticker } from "./ticker";
import { Voice } from "./voice";

export interface PeerOptions {
  readonly packages: WebRtcPackages;
  readonly config: RtcConfig;
  readonly ticker: Ticker;
  readonly idleTimeoutMs: number;
  readonly connectTimeoutMs: number;
}

/** The channel that carries the events; the client opens it. */
export const CHANNEL = "oai-events";
const GATHERING_TIMEOUT_MS = 3_000;
/** What was sent gets so long to arrive before the connection is closed. */
const FLUSH_MS = 2_000;
const AFTER_FLUSH_MS = 80;

export class WebRtcPeer implements Transport {
  readonly kind = "webrtc";
  readonly audio: Voice;
  private readonly connection: PeerConnection;
  private readonly output: ChannelOutput;
  private readonly liveness: Liveness;
  private readonly stopTicking: () => void;
  private track: Track | undefined;
  private channel: DataChannel | undefined;
  private listener: TransportListener | undefined;
  private closing: { readonly code: number; readonly reason: string; readonly since: number } | undefined;
  private emptySince: number | undefined;
  private over = false;

  /** @throws whatever the native parser thinks of the offer. */
  constructor(
    private readonly offer: Offer,
    private readonly options: PeerOptions,
  ) {
    const { packages, config, ticker, idleTimeoutMs, connectTimeoutMs } = options;
    const { audio } = offer;
    const ssrc = randomInt(1, 0xffffffff);
    this.output = new ChannelOutput(offer.maxMessageBytes);
    this.audio = new Voice({
      opus: packages.opus,
      payloadType: audio.payloadType,
      ssrc,
      send: audio.clientReceives ? (packet) => void this.attempt(() => this.sendPacket(packet)) : undefined,
    });
    this.liveness = new Liveness({ idleTimeoutMs, connectTimeoutMs, startedAt: performance.now() });
    this.connection = new packages.rtc.PeerConnection("antiphon", config);
    try {
      this.negotiate(ssrc);
    } catch (error) {
      this.connection.close();
      this.audio.close();
      throw error;
    }
    this.stopTicking = ticker.add((now) => this.tick(now));
  }

  /** The answer, once all candidates are known. Rejects when there is none. */
  async answer(): Promise<string> {
    const gathered = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, GATHERING_TIMEOUT_MS);
      const look = (): void => {
        if (this.over || this.connection.gatheringState() !== "complete") return;
        clearTimeout(timer);
        resolve();
      };
      this.connection.onGatheringStateChange(look);
      look();
    });
    await gathered;
    const sdp = this.over ? undefined : this.connection.localDescription()?.sdp;
    if (sdp === undefined) throw new Error("The offer could not be answered.");
    return sdp;
  }

  // ---------------------------------------------------------------- transport

  listen(listener: TransportListener): void {
    this.listener = listener;
  }

  get maxFrameBytes(): number {
    return this.output.maxFrameBytes;
  }

  send(frame: string): void {
    if (!this.over && this.closing === undefined) this.output.send(frame);
  }

  bufferedBytes(): number {
    return this.output.bufferedBytes();
  }

  onceBelow(bytes: number, callback: () => void): void {
    this.output.onceBelow(bytes, callback);
  }

  close(code: number, reason: string): void {
    this.closing ??= { code, reason, since: performance.now() };
  }

  /** Ends it at once, without a goodbye. */
  abandon(): void {
    this.finish(1006, "");
  }

  // ---------------------------------------------------------------- the connection

  private negotiate(ssrc: number): void {
    const { connection, offer } = this;
    const { Audio } = this.options.packages.rtc;
    connection.onDataChannel((channel) => this.takeChannel(channel));
    connection.onStateChange((state) => {
      if (state === "failed" || state === "closed") this.finish(1000, "The client left.");
      if (state === "connected") this.liveness.connected(performance.now());
    });
    connection.setRemoteDescription(offer.sdp, "offer");
    const { mid, payloadType, clientSends, clientReceives } = offer.audio;
    const direction = clientSends
      ? clientReceives
        ? "SendRecv"
        : "RecvOnly"
      : clientReceives
        ? "SendOnly"
        : "Inactive";
    const audio = new Audio(mid, direction);
    audio.addOpusCodec(payloadType, "minptime=10;useinbandfec=1");
    if (clientReceives) audio.addSSRC(ssrc, "antiphon", "antiphon", "assistant");
    const track = connection.addTrack(audio);
    track.onMessage((packet) => {
      if (this.over) return;
      const now = performance.now();
      this.liveness.sign(now);
      this.audio.receive(packet, now);
    });
    this.track = track;
    connection.setLocalDescription("answer");
  }

  private takeChannel(channel: DataChannel): void {
    if (this.over || this.channel !== undefined || channel.getLabel() !== CHANNEL) {
      this.attempt(() => channel.close());
      return;
    }
    this.channel = channel;
    channel.onMessage((message) => {
      if (this.over || this.closing !== undefined) return;
      this.liveness.sign(performance.now());
      const isBinary = typeof message !== "string";
      const frame = isBinary ? Buffer.from(message as Uint8Array) : Buffer.from(message);
      this.listener?.onFrame(frame, isBinary);
    });
    channel.onClosed(() => this.finish(1000, "The client left."));
    const open = (): void => {
      this.liveness.connected(performance.now());
      this.attempt(() => this.output.open(channel));
    };
    channel.onOpen(open);
    if (channel.isOpen()) open();
  }

  private sendPacket(packet: Buffer): void {
    if (this.track?.isOpen() === true) this.track.sendMessageBinary(packet);
  }

  private tick(now: number): void {
    if (this.over) return;
    this.audio.tick(now);
    this.output.tick();
    if (this.closing !== undefined) return this.flush(this.closing, now);
    const verdict = this.liveness.check(now, this.connection);
    if (verdict !== undefined) this.finish(1006, verdict);
  }

  private flush({ code, reason, since }: NonNullable<typeof this.closing>, now: number): void {
    if (this.output.bufferedBytes() === 0) this.emptySince ??= now;
    const arrived = this.emptySince !== undefined && now - this.emptySince >= AFTER_FLUSH_MS;
    if (arrived || now - since >= FLUSH_MS) this.finish(code, reason);
  }

  /** Once, whoever ended it. References to the native objects go first: they would keep their memory. */
  private finish(code: number, reason: string): void {
    if (this.over) return;
    this.over = true;
    this.stopTicking?.();
    this.liveness.close();
    this.audio.close();
    this.output.close();
    const { channel, track, connection } = this;
    this.channel = undefined;
    this.track = undefined;
    // Not inside of one of the library's own callbacks.
    setImmediate(() => {
      this.attempt(() => channel?.close());
      this.attempt(() => track?.close());
      this.attempt(() => connection.close());
    });
    this.listener?.onClose(this.closing?.code ?? code, this.closing?.reason ?? reason);
  }

  /** What the native side throws says that the connection is no more; its own state tells us so too. */
  private attempt(task: () => void): void {
    try {
      task();
    } catch {
      // See above.
    }
  }
}
