import * as fc from "fast-check";
import { expect, it } from "vitest";
import { makeOffer } from "../../testing/webrtc-peer";
import { WebRtcEndpoint } from "./endpoint";
import { FRAME_SAMPLES } from "./opus";
import { loadWebRtcPackages } from "./packages";
import { MAX_SDP_BYTES, OfferError, readOffer } from "./sdp";
import { Voice } from "./voice";
import { writeRtp } from "./rtp";

const DESCRIPTIONS = 2_000;
const PACKETS = 8_000;

const CHROME = `v=0
o=- 4611731400430051336 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0 1
a=extmap-allow-mixed
a=msid-semantic: WMS mic
m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126
c=IN IP4 0.0.0.0
a=rtcp:9 IN IP4 0.0.0.0
a=ice-ufrag:Ab3d
a=ice-pwd:0123456789abcdef01234567
a=ice-options:trickle
a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => "AB").join(":")}
a=setup:actpass
a=mid:0
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=sendrecv
a=msid:mic track
a=rtcp-mux
a=rtpmap:111 opus/48000/2
a=rtcp-fb:111 transport-cc
a=fmtp:111 minptime=10;useinbandfec=1
a=rtpmap:63 red/48000/2
a=rtpmap:9 G722/8000
a=rtpmap:0 PCMU/8000
a=ssrc:1234 cname:abc
m=application 9 UDP/DTLS/SCTP webrtc-datachannel
c=IN IP4 0.0.0.0
a=ice-ufrag:Ab3d
a=ice-pwd:0123456789abcdef01234567
a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => "AB").join(":")}
a=setup:actpass
a=mid:1
a=sctp-port:5000
a=max-message-size:262144
`.replaceAll("\n", "\r\n");

it("reads a browser's offer", () => {
  expect(readOffer(CHROME)).toMatchObject({
    audio: { mid: "0", payloadType: 111, clientSends: true, clientReceives: true },
    hasData: true,
    maxMessageBytes: 262_144,
  });
  expect(readOffer(CHROME.replace("a=sendrecv", "a=recvonly")).audio).toMatchObject({ clientSends: false });
  expect(readOffer(CHROME.replace("a=max-message-size:262144\r\n", "")).maxMessageBytes).toBe(65_536);
  expect(readOffer(CHROME.replace("262144", "0")).maxMessageBytes).toBe(Infinity);
});

it.each([
  ["nothing", "", /v=0/],
  ["no audio", CHROME.replace("m=audio", "m=video"), /no audio/],
  ["no Opus", CHROME.replace("opus/48000/2", "speex/8000"), /no Opus/],
  ["no encryption", CHROME.replaceAll(/a=fingerprint.*\r\n/g, ""), /fingerprint/],
  ["no ICE", CHROME.replaceAll(/a=ice-pwd.*\r\n/g, ""), /ice-pwd/],
  ["two sections of one name", CHROME.replace("a=mid:1", "a=mid:0"), /mid/],
  ["a control character", CHROME.replace("s=-", "s=\u0007"), /control/],
  ["too much of it", CHROME + "a=x\r\n".repeat(MAX_SDP_BYTES / 4), /larger/],
  ["too many sections", CHROME + "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n".repeat(20), /sections/],
])("refuses %s with a reason", (_what, sdp, message) => {
  expect(() => readOffer(sdp)).toThrow(OfferError);
  expect(() => readOffer(sdp)).toThrow(message);
});

/** Lines taken out, put in twice, swapped, and characters changed. */
const mutation = fc.array(
  fc.record({
    kind: fc.constantFrom("drop", "twice", "swap", "change", "number", "insert"),
    at: fc.nat(1_000),
    with: fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom("-1", "65536", "99999999999", "a=", "m=audio", "%n%s"),
    ),
  }),
  { minLength: 1, maxLength: 6 },
);

function mutate(sdp: string, changes: readonly { kind: string; at: number; with: string }[]): string {
  const lines = sdp.split("\r\n");
  for (const { kind, at, with: text } of changes) {
    const index = at % lines.length;
    const line = lines[index] ?? "";
    if (kind === "drop") lines.splice(index, 1);
    else if (kind === "twice") lines.splice(index, 0, line);
    else if (kind === "swap") [lines[index], lines[0]] = [lines[0] ?? "", line];
    else if (kind === "insert") lines.splice(index, 0, text);
    else if (kind === "number") lines[index] = line.replace(/\d+/, text);
    else lines[index] = line.slice(0, at % (line.length + 1)) + text + line.slice((at % (line.length + 1)) + 1);
  }
  return lines.join("\r\n");
}

it(
  `${DESCRIPTIONS} mutated offers are answered or refused, and none ends the process`,
  { timeout: 120_000 },
  async () => {
    const endpoint = new WebRtcEndpoint({ bindAddress: "127.0.0.1" });
    const own = await makeOffer();
    own.connection.close();
    let answered = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(CHROME, own.sdp), mutation, async (sdp, changes) => {
        try {
          const { peer, answer } = await endpoint.answer(mutate(sdp, changes));
          peer.listen({ onFrame: () => undefined, onClose: () => undefined });
          peer.abandon();
          expect(answer).toMatch(/^v=0\r\n/);
          answered += 1;
        } catch (error) {
          expect(error).toBeInstanceOf(OfferError);
          refused += 1;
        }
      }),
      { numRuns: DESCRIPTIONS },
    );
    expect(answered + refused).toBeGreaterThanOrEqual(DESCRIPTIONS);
    expect(Math.min(answered, refused)).toBeGreaterThan(DESCRIPTIONS / 20);
  },
);

it(`${PACKETS} packets of anything are heard as something, in bounded time, and never as more than time allows`, async () => {
  const { opus } = await loadWebRtcPackages();
  const voice = new Voice({ opus, payloadType: 111, ssrc: 1, send: undefined });
  let samples = 0;
  voice.listen({ onAudio: (audio) => (samples += audio.length), onPlayed: () => undefined });
  const encoder = opus.createEncoder();
  const good = encoder.encode(new Int16Array(FRAME_SAMPLES));
  let now = 0;
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 1_500 }),
    fc.record({
      payload: fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.constant(new Uint8Array(good))),
      sequence: fc.nat(0xffff),
      timestamp: fc.nat(0xffffffff),
    }),
  );
  fc.assert(
    fc.property(bytes, fc.nat(5), (packet, passed) => {
      now += passed;
      const raw =
        packet instanceof Uint8Array
          ? Buffer.from(packet)
          : writeRtp({ payloadType: 111, ssrc: 7, marker: false, ...packet }, packet.payload);
      voice.receive(raw, now);
      if (now % 20 < 5) voice.tick(now);
    }),
    { numRuns: PACKETS },
  );
  expect(samples / 24).toBeLessThan(now + 4_000);
  voice.close();
  voice.receive(Buffer.alloc(100), now);
});
