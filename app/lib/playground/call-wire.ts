/** A wire over WebRTC: events on a data channel, the microphone and the assistant's voice on tracks. */
import type { CallStats } from "./call-stats";
import { readCallStats } from "./call-stats";
import { CallMicrophone } from "./call-microphone";
import type { OpenWire, Wire, WireListener, WireTarget } from "./wire";

export interface CallParts {
  /** The chosen devices; undefined: the browser's own choice. */
  readonly microphoneId: () => string | undefined;
  readonly speakerId: () => string | undefined;
  /** Once a second while the call is up. */
  readonly onStats: (stats: CallStats | undefined) => void;
}

/** What WebSockets say where WebRTC says nothing: the connection broke, or the server refused. */
const LOST = 1006;
const REFUSED = 4000;
const UNAUTHORIZED = 3000;
const STATS_EVERY_MS = 1_000;
/** A connection may be "disconnected" for a moment, while it looks for another way. */
const GRACE_MS = 5_000;

export function openCallWire(parts: CallParts): OpenWire {
  return (target, listener) => new CallWire(parts, target, listener);
}

class CallWire implements Wire {
  readonly #listener: WireListener;
  readonly #parts: CallParts;
  readonly #peer = new RTCPeerConnection();
  readonly #channel: RTCDataChannel;
  readonly #microphone: CallMicrophone;
  readonly #player = new Audio();
  #timer: ReturnType<typeof setInterval> | undefined;
  #grace: ReturnType<typeof setTimeout> | undefined;
  #over = false;

  constructor(parts: CallParts, target: WireTarget, listener: WireListener) {
    this.#parts = parts;
    this.#listener = listener;
    const { sender } = this.#peer.addTransceiver("audio", { direction: "sendrecv" });
    this.#microphone = new CallMicrophone(sender, parts.microphoneId);
    this.#channel = this.#peer.createDataChannel("oai-events");
    this.#channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (!this.#over && typeof data === "string") this.#listener.onFrame(data);
    };
    this.#channel.onclose = () => this.#lose(LOST, "");
    this.#peer.ontrack = ({ track, streams }) => this.#hear(streams[0] ?? new MediaStream([track]));
    this.#peer.onconnectionstatechange = () => this.#watch();
    this.#connect(target).catch(() => this.#lose(LOST, ""));
  }

  get isOpen(): boolean {
    return this.#channel.readyState === "open";
  }

  get waiting(): number {
    return this.#channel.bufferedAmount;
  }

  /** What would be appended is on the track already; the buffer is cleared of what was there before somebody spoke. */
  send(frame: string): void {
    const forward = (text: string): void => {
      if (this.isOpen) this.#channel.send(text);
    };
    this.#microphone.pass(frame, forward);
  }

  close(): void {
    this.#end();
  }

  async #connect({ secret, model }: WireTarget): Promise<void> {
    await this.#peer.setLocalDescription();
    const url = new URL("/v1/realtime/calls", location.href);
    if (model !== undefined) url.searchParams.set("model", model);
    const answer = await fetch(url, {
      method: "POST",
      headers: { authorization: `Bearer ${secret}`, "content-type": "application/sdp" },
      body: this.#peer.localDescription?.sdp ?? "",
    });
    const text = await answer.text();
    if (this.#over) return;
    if (answer.status === 201) return this.#peer.setRemoteDescription({ type: "answer", sdp: text });
    if (answer.status >= 500 && answer.status !== 501) return this.#lose(LOST, "");
    this.#lose(answer.status === 401 ? UNAUTHORIZED : REFUSED, messageOf(text));
  }

  #hear(stream: MediaStream): void {
    const speaker = this.#parts.speakerId();
    this.#player.srcObject = stream;
    if (speaker !== undefined && "setSinkId" in this.#player)
      void this.#player.setSinkId(speaker).catch(() => undefined);
    void this.#player.play().catch(() => undefined);
  }

  #watch(): void {
    const { connectionState } = this.#peer;
    clearTimeout(this.#grace);
    if (connectionState === "connected")
      this.#timer ??= setInterval(() => {
        void readCallStats(this.#peer).then((stats) => {
          if (!this.#over) this.#parts.onStats(stats);
        });
      }, STATS_EVERY_MS);
    if (connectionState === "failed" || connectionState === "closed") this.#lose(LOST, "");
    if (connectionState === "disconnected") this.#grace = setTimeout(() => this.#lose(LOST, ""), GRACE_MS);
  }

  #lose(code: number, reason: string): void {
    if (this.#over) return;
    this.#end();
    this.#listener.onClosed(code, reason);
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    clearInterval(this.#timer);
    clearTimeout(this.#grace);
    this.#microphone.close();
    this.#player.srcObject = null;
    this.#channel.close();
    this.#peer.close();
    this.#parts.onStats(undefined);
  }
}

/** The words of an error's body. */
function messageOf(body: string): string {
  try {
    const { error } = JSON.parse(body) as { error?: { message?: string } };
    return error?.message ?? "";
  } catch {
    return "";
  }
}
