/** Parts of a session as the protocol has them. */
import type { Detection, Setup, SetupServer, SetupTool } from "./setup";

export const PCM = { type: "audio/pcm", rate: 24_000 } as const;

export function toTurnDetection(detection: Detection) {
  const { createResponse: create_response, interruptResponse: interrupt_response } = detection;
  switch (detection.kind) {
    case "server_vad":
      return {
        type: "server_vad" as const,
        threshold: detection.threshold,
        prefix_padding_ms: detection.prefixMs,
        silence_duration_ms: detection.silenceMs,
        idle_timeout_ms: detection.idleMs ?? null,
        create_response,
        interrupt_response,
      };
    case "semantic_vad":
      return { type: "semantic_vad" as const, eagerness: detection.eagerness, create_response, interrupt_response };
    default:
      return detection.kind satisfies never;
  }
}

export function toTools({ tools, servers }: Pick<Setup, "tools" | "servers">) {
  return [...tools.map(toTool), ...servers.map(toMcpTool)];
}

function toMcpTool({ label, approval }: SetupServer) {
  const asked = approval === undefined ? {} : { require_approval: approval };
  return { type: "mcp" as const, server_label: label, ...asked };
}

function toTool({ name, description, parameters }: SetupTool) {
  return { type: "function" as const, name, description, parameters: { ...parameters } };
}

export function reasoningOf({ effort }: Pick<Setup, "effort">) {
  return effort === undefined ? {} : { effort };
}
