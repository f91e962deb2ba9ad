/** RTP packets: the twelve bytes in front of the sound. */

export interface RtpPacket {
  readonly payloadType: number;
  /** 16 bits, wraps around. */
  readonly sequence: number;
  /** 32 bits in samples at 48 kHz, wraps around. */
  readonly timestamp: number;
  readonly payload: Buffer;
}

const HEADER_BYTES = 12;

/** RTCP shares the port; its packet types lie where no RTP payload type with a marker bit is used (RFC 5761). */
export function isRtcp(packet: Buffer): boolean {
  const type = (packet[1] ?? 0) & 0x7f;
  return type >= 64 && type <= 95;
}

/** Null for whatever is no RTP packet with something in it. */
export function parseRtp(packet: Buffer): RtpPacket | null {
  if (packet.length < HEADER_BYTES || packet.readUInt8(0) >> 6 !== 2) return null;
  const first = packet.readUInt8(0);
  let start = HEADER_BYTES + (first & 0x0f) * 4;
  if ((first & 0x10) !== 0) {
    if (packet.length < start + 4) return null;
    start += 4 + packet.readUInt16BE(start + 2) * 4;
  }
  const padding = (first & 0x20) === 0 ? 0 : packet.readUInt8(packet.length - 1);
  const end = packet.length - padding;
  if (start >= end) return null;
  return {
    payloadType: packet.readUInt8(1) & 0x7f,
    sequence: packet.readUInt16BE(2),
    timestamp: packet.readUInt32BE(4),
    payload: packet.subarray(start, end),
  };
}

export interface RtpHeader {
  readonly payloadType: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  /** The first packet after silence. */
  readonly marker: boolean;
}

export function writeRtp(header: RtpHeader, payload: Uint8Array): Buffer {
  const packet = Buffer.allocUnsafe(HEADER_BYTES + payload.length);
  packet.writeUInt8(0x80, 0);
  packet.writeUInt8((header.marker ? 0x80 : 0) | (header.payloadType & 0x7f), 1);
  packet.writeUInt16BE(header.sequence & 0xffff, 2);
  packet.writeUInt32BE(header.timestamp >>> 0, 4);
  packet.writeUInt32BE(header.ssrc >>> 0, 8);
  packet.set(payload, HEADER_BYTES);
  return packet;
}
