/** For tests and benches: a client as a browser would be one, with a data channel and a voice. */
import { onceOpen } from "./webrtc-relay";
import { RealtimeTestClient } from "./client";
import type { ClientSocketListener } from "./memory";
import { FRAME_SAMPLES, type OpusDecoder, type OpusEncoder } from "../transport/webrtc/opus";
import { loadWebRtcPackages } from "../transport/webrtc/packages";
import { isRtcp, parseRtp, writeRtp } from "../transport/webrtc/rtp";

export interface TestPeerOptions {
  readonly apiKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: `/v1/realtime/calls?model=antiphon`. */
  readonly path?: string;
  /** Sent beside the offer, in a form. */
  readonly session?: object;
  /** Changes the answer, for example so that its candidates lead through a relay. */
  readonly changeAnswer?: (sdp: string) => string | Promise<string>;
}

export interface TestPeer {
  readonly client: RealtimeTestClient;
  readonly callId: string;
  readonly location: string;
  readonly answer: string;
  /** Sends sound at the pace of speech; resolves when all of it is out. */
  say(samples: Int16Array): Promise<void>;
  /** Sends one packet at once, whatever it holds. */
  sendPacket(packet: Buffer): void;
  /** What was heard, in frames, with the time of each. */
  readonly heard: { readonly at: number; readonly samples: Int16Array }[];
  close(): void;
}

export type PostOffer = (request: Request) => Promise<Response>;

const SSRC = 0x5eed;
const PAYLOAD_TYPE = 111;

/** An offer as browsers make it, and the connection that it belongs to. */
export async function makeOffer() {
  const { rtc } = await loadWebRtcPackages();
  const connection = new rtc.PeerConnection("client", { iceServers: [], bindAddress: "127.0.0.1" });
  const audio = new rtc.Audio("0", "SendRecv");
  audio.addOpusCodec(PAYLOAD_TYPE, "minptime=10;useinbandfec=1");
  audio.addSSRC(SSRC, "client", "client", "microphone");
  const gathered = new Promise<void>((resolve) =>
    connection.onGatheringStateChange((state) => {
      if (state === "complete") resolve();
    }),
  );
  const track = connection.addTrack(audio);
  const channel = connection.createDataChannel("oai-events");
  await gathered;
  // Without addresses, like those that browsers hide: the server must not come before the answer has been read.
  const sdp = (connection.localDescription()?.sdp ?? "").replace(/a=(candidate:.*|end-of-candidates)\r\n/g, "");
  return { connection, track, channel, sdp };
}

/** @throws Error with the answer's text when the server does not answer 201. */
export async function callOver(post: PostOffer, options: TestPeerOptions = {}): Promise<TestPeer> {
  const { opus } = await loadWebRtcPackages();
  const { connection, track, channel, sdp } = await makeOffer();
  const decoder: OpusDecoder = opus.createDecoder();
  const encoder: OpusEncoder = opus.createEncoder();
  const heard: { at: number; samples: Int16Array }[] = [];
  track.onMessage((packet) => {
    const rtp = isRtcp(packet) ? null : parseRtp(packet);
    if (rtp !== null) heard.push({ at: performance.now(), samples: decoder.decode(rtp.payload) });
  });
  let listener: ClientSocketListener | undefined;
  let closed = false;
  const finish = (): void => {
    if (closed) return;
    closed = true;
    decoder.free();
    encoder.free();
    setImmediate(() => {
      for (const each of [channel, track, connection]) {
        try {
          each.close();
        } catch {
          // It is closed already.
        }
      }
    });
    listener?.onClose(1000, "");
  };
  const early: string[] = [];
  channel.onMessage((message) => {
    const frame = String(message);
    if (listener === undefined) early.push(frame);
    else listener.onFrame(frame);
  });
  channel.onClosed(finish);
  const opened = onceOpen(channel);
  opened.catch(() => undefined);

  const response = await post(offerRequest(sdp, options));
  const answer = await response.text();
  if (response.status !== 201) {
    finish();
    throw new Error(`${response.status} ${answer}`);
  }
  connection.setRemoteDescription((await options.changeAnswer?.(answer)) ?? answer, "answer");
  await opened;

  const client = new RealtimeTestClient({
    send: (frame) => {
      if (typeof frame === "string") channel.sendMessage(frame);
      else channel.sendMessageBinary(frame);
    },
    close: finish,
    listen: (own) => {
      listener = own;
      for (const frame of early.splice(0)) own.onFrame(frame);
    },
  });
  let sequence = 1;
  let timestamp = 1;
  const sendPacket = (packet: Buffer): void => void (!closed && track.isOpen() && track.sendMessageBinary(packet));
  const sendFrame = (frame: Int16Array): void => {
    const header = { payloadType: PAYLOAD_TYPE, ssrc: SSRC, sequence: sequence++, timestamp, marker: false };
    timestamp += 960;
    sendPacket(writeRtp(header, encoder.encode(frame)));
  };
  const location = response.headers.get("location") ?? "";
  return {
    client,
    location,
    answer,
    callId: location.split("/").at(-1) ?? "",
    heard,
    sendPacket,
    say: async (samples) => {
      const startedAt = performance.now();
      for (let index = 0; index * FRAME_SAMPLES < samples.length && !closed; index++) {
        const late = performance.now() - startedAt - index * 20;
        if (late < 0) await new Promise((resolve) => setTimeout(resolve, -late));
        const frame = new Int16Array(FRAME_SAMPLES);
        frame.set(samples.subarray(index * FRAME_SAMPLES, (index + 1) * FRAME_SAMPLES));
        if (!closed) sendFrame(frame);
      }
    },
    close: finish,
  };
}

function offerRequest(sdp: string, options: TestPeerOptions): Request {
  const { path = "/v1/realtime/calls?model=antiphon", apiKey, session } = options;
  const headers = new Headers(options.headers);
  if (apiKey !== undefined) headers.set("authorization", `Bearer ${apiKey}`);
  const url = `http://antiphon.test${path}`;
  if (session === undefined) {
    headers.set("content-type", "application/sdp");
    return new Request(url, { method: "POST", headers, body: sdp });
  }
  const form = new FormData();
  form.set("sdp", sdp);
  form.set("session", JSON.stringify(session));
  return new Request(url, { method: "POST", headers, body: form });
}
