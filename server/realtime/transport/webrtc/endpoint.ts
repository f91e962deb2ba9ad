/** Answers offers: one place for the network settings, the shared port and the clock of all calls. */
import type { IceServer, RtcConfig } from "node-datachannel";
import { loadWebRtcPackages } from "./packages";
import { WebRtcPeer } from "./peer";
import { OfferError, readOffer } from "./sdp";
import type { WebRtcServer, WebRtcSettings } from "./settings";
import { Ticker } from "./ticker";

export interface AnsweredCall {
  readonly peer: WebRtcPeer;
  readonly answer: string;
}

/** What a client may send in one message of its data channel: an append of some seconds, an image of some size. */
const MAX_MESSAGE_BYTES = 1024 * 1024;
const IDLE_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 15_000;

export class WebRtcEndpoint {
  private readonly ticker = new Ticker();
  private readonly config: RtcConfig;

  /** @throws TypeError for settings that cannot work. */
  constructor(private readonly settings: WebRtcSettings = {}) {
    this.config = toConfig(settings);
  }

  /** @throws OfferError, or MissingPackageError when WebRTC is not installed. */
  async answer(sdp: string): Promise<AnsweredCall> {
    const offer = readOffer(sdp);
    const packages = await loadWebRtcPackages();
    const { idleTimeoutMs = IDLE_TIMEOUT_MS, connectTimeoutMs = CONNECT_TIMEOUT_MS } = this.settings;
    let peer: WebRtcPeer | undefined;
    try {
      const { ticker, config } = this;
      peer = new WebRtcPeer(offer, { packages, config, ticker, idleTimeoutMs, connectTimeoutMs });
      return { peer, answer: withPublicIp(await peer.answer(), this.settings.publicIp) };
    } catch (cause) {
      peer?.abandon();
      throw new OfferError("The offer cannot be answered: it is not a WebRTC description that is understood here.", {
        cause,
      });
    }
  }
}

function toConfig({ udpPort, bindAddress, iceServers = [], publicIp }: WebRtcSettings): RtcConfig {
  if (udpPort !== undefined && !(Number.isInteger(udpPort) && udpPort > 0 && udpPort < 65_536))
    throw new TypeError("`webrtc.udpPort` must be a whole number from 1 to 65535.");
  if (publicIp !== undefined && !/^[\da-f.:]{3,45}$/i.test(publicIp))
    throw new TypeError("`webrtc.publicIp` must be an IP address.");
  return {
    iceServers: iceServers.map(toIceServer),
    // Ours is made by hand: the answer follows the offer's own numbers.
    disableAutoNegotiation: true,
    maxMessageSize: MAX_MESSAGE_BYTES,
    ...(bindAddress === undefined ? {} : { bindAddress }),
    ...(udpPort === undefined ? {} : { enableIceUdpMux: true, portRangeBegin: udpPort, portRangeEnd: udpPort }),
  };
}

function toIceServer({ urls, username, credential }: WebRtcServer): string | IceServer {
  const match = /^(stuns?|turns?):([\w.-]+|\[[\da-f:]+\])(?::(\d{1,5}))?(?:\?transport=(udp|tcp))?$/i.exec(urls);
  if (match === null) throw new TypeError(`"${urls}" is no ICE server. Give one such as "stun:stun.example.com:3478".`);
  const [, scheme = "", hostname = "", port, transport] = match;
  const secure = scheme.toLowerCase() === "turns";
  const number = Number(port ?? (secure ? 5349 : 3478));
  if (!scheme.toLowerCase().startsWith("turn")) return `stun:${hostname}:${number}`;
  if (username === undefined || credential === undefined)
    throw new TypeError(`The TURN server "${urls}" needs a username and a credential.`);
  const relayType = secure ? "TurnTls" : transport?.toLowerCase() === "tcp" ? "TurnTcp" : "TurnUdp";
  return { hostname, port: number, username, password: credential, relayType };
}

/** Behind a 1:1 NAT the machine does not know its own address: each of its candidates is offered there, too. */
export function withPublicIp(sdp: string, publicIp: string | undefined): string {
  if (publicIp === undefined) return sdp;
  const lines = sdp.split("\r\n");
  return lines
    .flatMap((line) => {
      const match = /^a=candidate:(\S+) (\d+) (\S+) (\d+) (\S+) (\d+) typ host(.*)$/.exec(line);
      if (match === null || match[5] === publicIp || match[5]?.includes(":") !== publicIp.includes(":")) return [line];
      const [, foundation, component, transport, priority, , port, rest] = match;
      const better = Number(priority) + 1;
      const ours = `a=candidate:${foundation}9 ${component} ${transport} ${better} ${publicIp} ${port} typ host${rest}`;
      return lines.includes(ours) ? [line] : [ours, line];
    })
    .join("\r\n");
}
