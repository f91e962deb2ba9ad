/** What one response goes by: the session's configuration with the overrides of `response.create` on top. */
import { wireFormat, type WireFormat } from "../audio/formats";
import type { Engine, ReplyRequest } from "../engine/types";
import type { ResponseCreateParams } from "../protocol/client-events";
import { errors } from "../protocol/errors";
import type { ResponseResource } from "../protocol/responses";
import type { RealtimeConfig } from "../protocol/session-config";
import { requireVoice, voiceName } from "./support";
import type { McpOptions } from "../tools/mcp";
import { requireTools } from "./tool-rules";
import type { Toolbox, ToolOffer } from "./toolbox";

export interface ResponseSettings {
  readonly request: Omit<ReplyRequest, "sessionId" | "responseId" | "items" | "signal">;
  readonly offer: ToolOffer;
  readonly format: WireFormat;
  readonly resource: Pick<
    ResponseResource,
    "audio" | "max_output_tokens" | "metadata" | "output_modalities" | "temperature"
  >;
}

export interface SettingsBasis {
  readonly config: RealtimeConfig;
  readonly engine: Engine;
  readonly toolbox: Toolbox;
  readonly mcp: McpOptions | undefined;
  /** Assistant audio is present, so the voice stays what it is. */
  readonly voiceLocked: boolean;
}

export function settingsOf(params: ResponseCreateParams, basis: SettingsBasis): ResponseSettings {
  const { config, engine } = basis;
  const voice = chosenVoice(params, basis);
  const tools = params.tools ?? config.tools;
  const choice = params.tool_choice ?? config.tool_choice;
  const inConversation = params.conversation !== "none";
  const where = params.tools === undefined && params.tool_choice === undefined ? "session" : "response";
  requireTools(tools, choice, {
    taken: inConversation ? basis.toolbox.names : new Set(),
    mcp: basis.mcp,
    where,
  });
  const offer = basis.toolbox.offer({ tools, choice, inConversation, where });
  const modality = (params.output_modalities ?? config.output_modalities)[0] ?? "audio";
  const format = params.audio?.output?.format ?? config.audio.output.format;
  const temperature = params.temperature ?? config.temperature ?? undefined;
  const maxOutputTokens = params.max_output_tokens ?? config.max_output_tokens;
  requireVoice(voice, engine, "response.audio.output.voice");
  return {
    request: {
      model: config.model,
      instructions: params.instructions ?? config.instructions,
      tools: offer.tools,
      toolChoice: offer.choice,
      parallelToolCalls: params.parallel_tool_calls ?? config.parallel_tool_calls ?? undefined,
      maxOutputTokens: maxOutputTokens === "inf" ? undefined : maxOutputTokens,
      ...(temperature !== undefined && { temperature }),
      reasoningEffort: (params.reasoning ?? config.reasoning)?.effort,
      modality,
      voice,
      speed: config.audio.output.speed,
    },
    offer,
    format: wireFormat(format),
    resource: {
      output_modalities: [modality],
      max_output_tokens: maxOutputTokens,
      audio: { output: { format, voice } },
      metadata: params.metadata ?? null,
      ...(temperature !== undefined && { temperature }),
    },
  };
}

function chosenVoice(params: ResponseCreateParams, { config, voiceLocked }: SettingsBasis): string {
  const current = voiceName(config.audio.output.voice);
  const asked = params.audio?.output?.voice;
  if (asked === undefined) return current;
  const voice = voiceName(asked);
  if (voice !== current && voiceLocked && params.conversation !== "none") throw errors.voiceLocked();
  return voice;
}
