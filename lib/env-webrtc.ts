/** The WEBRTC_… variables: how calls reach this machine. */
import { isIP } from "node:net";
import { z } from "zod";

export interface IceServerEnv {
  readonly urls: string;
  readonly username?: string;
  readonly credential?: string;
}

export interface WebRtcEnv {
  /** Undefined: a free port for each call. */
  readonly udpPort: number | undefined;
  readonly publicIp: string | undefined;
  readonly bindAddress: string | undefined;
  readonly iceServers: readonly IceServerEnv[];
}

const address = z
  .string()
  .refine((value) => isIP(value) !== 0, "must be an IP address, for example 203.0.113.7")
  .optional();

export const webRtcVariables = {
  WEBRTC_UDP_PORT: z
    .string()
    .regex(/^\d{1,5}$/, "must be a whole number from 1 to 65535")
    .transform(Number)
    .refine((port) => port > 0 && port <= 65_535, "must be a whole number from 1 to 65535")
    .optional(),
  WEBRTC_PUBLIC_IP: address,
  WEBRTC_BIND_ADDRESS: address,
  WEBRTC_ICE_SERVERS: z
    .string()
    .transform((value, context) => parseIceServers(value, (message) => context.addIssue({ code: "custom", message })))
    .default([]),
};

const SERVER =
  /^(?<scheme>stun|turns?):(?:(?<user>[^:@]+):(?<password>[^@]+)@)?(?<host>[\w.-]+|\[[\da-f:]+\])(?<rest>(?::\d{1,5})?(?:\?transport=(?:udp|tcp))?)$/i;

/** Reads `stun:host:port` and `turn:user:password@host:port`, separated by commas. Problems show no password. */
export function parseIceServers(value: string, report: (problem: string) => void): IceServerEnv[] {
  return value.split(",").flatMap((entry): IceServerEnv[] => {
    const text = entry.trim();
    if (text === "") return [];
    const { scheme, user, password, host, rest } = SERVER.exec(text)?.groups ?? {};
    if (scheme === undefined || host === undefined) {
      report("holds an entry that is no server: write stun:host:port or turn:user:password@host:port");
      return [];
    }
    const isTurn = scheme.toLowerCase() !== "stun";
    if (isTurn !== (user !== undefined)) {
      report(
        isTurn ? "names a TURN server without user and password" : "gives a STUN server a password, which it has not",
      );
      return [];
    }
    const urls = `${scheme.toLowerCase()}:${host}${rest ?? ""}`;
    return [user === undefined ? { urls } : { urls, username: user, credential: password ?? "" }];
  });
}

type WebRtcData = z.output<z.ZodObject<typeof webRtcVariables>>;

export function webRtcEnv(data: WebRtcData): WebRtcEnv {
  return {
    udpPort: data.WEBRTC_UDP_PORT,
    publicIp: data.WEBRTC_PUBLIC_IP,
    bindAddress: data.WEBRTC_BIND_ADDRESS,
    iceServers: data.WEBRTC_ICE_SERVERS,
  };
}
