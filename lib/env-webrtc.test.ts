import { describe, expect, it } from "vitest";
import { readEnv } from "./env";

describe("WEBRTC_…", () => {
  it("reads the port, the addresses and the servers", () => {
    const env = readEnv({
      WEBRTC_UDP_PORT: "3478",
      WEBRTC_PUBLIC_IP: "203.0.113.7",
      WEBRTC_ICE_SERVERS: "stun:a.example:3478, turns:ann:p:w@b.example:5349?transport=tcp",
    });
    expect(env.webrtc).toEqual({
      udpPort: 3478,
      publicIp: "203.0.113.7",
      bindAddress: undefined,
      iceServers: [
        { urls: "stun:a.example:3478" },
        { urls: "turns:b.example:5349?transport=tcp", username: "ann", credential: "p:w" },
      ],
    });
  });

  it.each([
    [{ WEBRTC_UDP_PORT: "0" }, /WEBRTC_UDP_PORT="0": must be a whole number from 1/],
    [{ WEBRTC_PUBLIC_IP: "example.com" }, /WEBRTC_PUBLIC_IP="example.com": must be an IP address/],
    [{ WEBRTC_ICE_SERVERS: "http://x" }, /WEBRTC_ICE_SERVERS: holds an entry that is no server/],
    [{ WEBRTC_ICE_SERVERS: "turn:b.example" }, /WEBRTC_ICE_SERVERS: names a TURN server without user/],
  ])("says what is wrong with %j", (source, message) => expect(() => readEnv(source)).toThrow(message));

  it("shows no password", () => {
    expect(() => readEnv({ WEBRTC_ICE_SERVERS: "turn:ann:hunter2@" })).toThrow(/^(?!.*hunter2)/s);
  });
});
