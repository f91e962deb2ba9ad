/** How a call is doing, from what every browser reports in the same words. */

export interface CallStats {
  readonly roundTripMs: number | undefined;
  readonly jitterMs: number | undefined;
  /** Of what was sent to us, 0 to 1. */
  readonly loss: number | undefined;
  /** From the server's network card to the ear: half the way there and back, and what waits here to be played. */
  readonly heardAfterMs: number | undefined;
}

interface Report {
  readonly type: string;
  readonly kind?: string;
  readonly nominated?: boolean;
  readonly currentRoundTripTime?: number;
  readonly jitter?: number;
  readonly packetsLost?: number;
  readonly packetsReceived?: number;
  readonly jitterBufferDelay?: number;
  readonly jitterBufferEmittedCount?: number;
}

export async function readCallStats(peer: Pick<RTCPeerConnection, "getStats">): Promise<CallStats> {
  const reports: Report[] = [];
  (await peer.getStats()).forEach((report: Report) => reports.push(report));
  return toCallStats(reports);
}

export function toCallStats(reports: readonly Report[]): CallStats {
  const pair = reports.find(({ type, nominated, currentRoundTripTime }) => {
    return type === "candidate-pair" && nominated === true && currentRoundTripTime !== undefined;
  });
  const sound = reports.find(({ type, kind }) => type === "inbound-rtp" && kind === "audio");
  const roundTripMs = inMs(pair?.currentRoundTripTime);
  const { packetsLost = 0, packetsReceived = 0, jitterBufferDelay = 0, jitterBufferEmittedCount = 0 } = sound ?? {};
  const buffered = jitterBufferEmittedCount === 0 ? undefined : inMs(jitterBufferDelay / jitterBufferEmittedCount);
  const sent = packetsLost + packetsReceived;
  return {
    roundTripMs,
    jitterMs: packetsReceived === 0 ? undefined : inMs(sound?.jitter),
    loss: sent <= 0 ? undefined : Math.max(0, packetsLost) / sent,
    heardAfterMs: roundTripMs === undefined || buffered === undefined ? undefined : roundTripMs / 2 + buffered,
  };
}

function inMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1_000;
}
