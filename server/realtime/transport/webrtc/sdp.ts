/** What we need to know of a browser's offer, read with suspicion: it comes from outside, and the native parser is next. */

/** The offer cannot be answered; the message is the client's to read. */
export class OfferError extends Error {
  override readonly name = "OfferError";
}

export interface Offer {
  readonly sdp: string;
  readonly audio: OfferedAudio;
  /** Whether a data channel is offered. */
  readonly hasData: boolean;
  /** Bytes of the largest message that the client takes; 65,536 when it does not say (RFC 8841). */
  readonly maxMessageBytes: number;
}

export interface OfferedAudio {
  readonly mid: string;
  /** The payload type that the client gave to Opus. */
  readonly payloadType: number;
  readonly clientSends: boolean;
  readonly clientReceives: boolean;
}

export const MAX_SDP_BYTES = 64 * 1024;
const MAX_LINES = 2_000;
const MAX_SECTIONS = 16;
const DEFAULT_MAX_MESSAGE = 65_536;

interface Section {
  readonly kind: string;
  readonly port: number;
  readonly formats: readonly string[];
  readonly lines: readonly string[];
}

/** @throws OfferError */
export function readOffer(sdp: string): Offer {
  if (sdp.length > MAX_SDP_BYTES) throw new OfferError(`The offer is larger than ${MAX_SDP_BYTES} bytes.`);
  // Anything but printable ASCII, UTF-8 letters and line ends has no business in a description.
  if (/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(sdp)) throw new OfferError("The offer holds control characters.");
  const lines = sdp.split(/\r?\n/).filter((line) => line !== "");
  if (lines.length > MAX_LINES) throw new OfferError(`The offer has more than ${MAX_LINES} lines.`);
  if (lines[0] !== "v=0") throw new OfferError("The offer is not a session description: it must begin with 'v=0'.");
  const bad = lines.find((line) => !/^[a-z]=/.test(line));
  if (bad !== undefined) throw new OfferError(`The offer has a line that is none: '${bad.slice(0, 60)}'.`);
  const { session, sections } = toSections(lines);
  requireSecurity(session, sections);
  const audio = sections.find(({ kind, port }) => kind === "audio" && port !== 0);
  if (audio === undefined) throw new OfferError("The offer has no audio. Add an audio track or transceiver.");
  const data = sections.find(({ kind, port }) => kind === "application" && port !== 0);
  return {
    sdp: `${lines.join("\r\n")}\r\n`,
    audio: toAudio(audio, session),
    hasData: data !== undefined,
    maxMessageBytes: maxMessageBytes(data),
  };
}

function toSections(lines: readonly string[]): { session: readonly string[]; sections: readonly Section[] } {
  const starts = lines.flatMap((line, index) => (line.startsWith("m=") ? [index] : []));
  if (starts.length === 0) throw new OfferError("The offer describes no media.");
  if (starts.length > MAX_SECTIONS) throw new OfferError(`The offer has more than ${MAX_SECTIONS} media sections.`);
  const sections = starts.map((start, index) => {
    const [kind = "", port = "", , ...formats] = (lines[start] ?? "").slice(2).split(" ");
    if (!/^\d{1,5}$/.test(port)) throw new OfferError("The offer has a media section without a port.");
    return { kind, port: Number(port), formats, lines: lines.slice(start, starts[index + 1]) };
  });
  const mids = sections.map(({ lines: own }) => attribute(own, "mid"));
  if (new Set(mids).size !== mids.length || mids.some((mid) => mid !== undefined && !/^[\w.~-]{1,64}$/.test(mid)))
    throw new OfferError("Every media section of the offer needs an a=mid of its own.");
  return { session: lines.slice(0, starts[0]), sections };
}

/** DTLS and ICE are not optional. */
function requireSecurity(session: readonly string[], sections: readonly Section[]): void {
  const everywhere = [...session, ...sections.flatMap(({ lines }) => lines)];
  const fingerprint = attribute(everywhere, "fingerprint");
  if (fingerprint === undefined) throw new OfferError("The offer has no a=fingerprint: media must be encrypted.");
  if (!/^sha-(1|224|256|384|512) [\da-f]{2}(:[\da-f]{2}){15,63}$/i.test(fingerprint))
    throw new OfferError("The offer has an a=fingerprint that cannot be read.");
  const ufrag = attribute(everywhere, "ice-ufrag") ?? "";
  const password = attribute(everywhere, "ice-pwd") ?? "";
  if (!/^[\w+/=-]{4,256}$/.test(ufrag) || !/^[\w+/=-]{22,256}$/.test(password))
    throw new OfferError("The offer has no usable a=ice-ufrag and a=ice-pwd.");
}

function toAudio({ lines, formats }: Section, session: readonly string[]): OfferedAudio {
  const opus = attributes(lines, "rtpmap").find((value) => /^\d{1,3} opus\/48000\/2$/i.test(value));
  const payloadType = Number(opus?.split(" ")[0]);
  if (opus === undefined || payloadType > 127 || !formats.includes(String(payloadType)))
    throw new OfferError("The offer's audio has no Opus, the one codec that is spoken here.");
  const direction = ["sendonly", "recvonly", "inactive", "sendrecv"].find(
    (each) => lines.includes(`a=${each}`) || session.includes(`a=${each}`),
  );
  return {
    mid: attribute(lines, "mid") ?? "0",
    payloadType,
    clientSends: direction !== "recvonly" && direction !== "inactive",
    clientReceives: direction !== "sendonly" && direction !== "inactive",
  };
}

function maxMessageBytes(data: Section | undefined): number {
  const given = Number(attribute(data?.lines ?? [], "max-message-size") ?? DEFAULT_MAX_MESSAGE);
  // Zero means "any size".
  if (given === 0) return Infinity;
  return Number.isSafeInteger(given) && given > 0 ? given : DEFAULT_MAX_MESSAGE;
}

function attributes(lines: readonly string[], name: string): string[] {
  const start = `a=${name}:`;
  return lines.filter((line) => line.startsWith(start)).map((line) => line.slice(start.length).trim());
}

function attribute(lines: readonly string[], name: string): string | undefined {
  return attributes(lines, name)[0];
}
