/** antiphon: the OpenAI Realtime API, answered from your own server. */
export { createRealtimeHandler } from "./handler";
export type { AttachOptions, CloseOptions, RealtimeHandler } from "./handler";
export type { ErrorContext, RealtimeHandlerOptions, RealtimeLimits } from "./options";
export type { ModelOptions } from "./live/models";
export { OFFICIAL_MODELS } from "./live/models";
export { allowAnyone, apiKeys } from "./door/auth";
export type { AuthRequest, Authenticate, AuthenticateOptions, Identity } from "./door/auth";
export type { RequestOrigin } from "./door/authenticator";
export { memorySecretStore } from "./door/secrets";
export type { MemorySecretStoreOptions, SecretGrant, SecretStore, StoredSecret } from "./door/secrets";
export type { ArchivedConversation, ArchivedSession, SessionArchive } from "./live/session-archive";
export type { LiveSessions, LiveSessionView, SessionPlace } from "./live/session-registry";
export type { Logger } from "./logger";
export { CloseCode, ProtocolError } from "./protocol/errors";
export type { ErrorDetails } from "./protocol/errors";
export { pipeline } from "./engine/pipeline";
export type { PipelineOptions } from "./engine/pipeline";
export { speechToSpeech } from "./engine/speech-to-speech";
export type { SpeechToSpeechOptions } from "./engine/speech-to-speech";
export { relay } from "./engine/relay";
export type { RelayEngine, RelayOptions, RelayUpstream } from "./engine/relay";
export { fallback } from "./engine/fallback";
export type { FallbackEngine, ModelEngine } from "./engine/fallback";
export { fallbackLlm, fallbackStt, fallbackTts } from "./engine/fallback-stages";
export type { FallbackOptions } from "./engine/fallback-stream";
export type { BreakerOptions } from "./engine/breaker";
export type { GuardedClause, Guardrail, GuardVerdict } from "./engine/guardrails";
export { EngineError } from "./engine/errors";
export type { EngineErrorCode, EngineErrorOptions, EngineStage } from "./engine/errors";
export { missingLlm, missingStt, missingTts } from "./engine/missing";
export type * from "./engine/speech-model";
export type * from "./engine/types";
export type { Pcm } from "./audio/pcm";
export type { SessionInfo, SessionObservation, SessionObserver, TurnStage } from "./observers/types";
export type { ClientEvent, ClientEventType } from "./protocol/client-events";
export type { ServerEvent, ServerEventOf, ServerEventType } from "./protocol/server-events";
export type { ContextOptions } from "./session/memory";
export type { Summarize, SummaryRequest } from "./session/summary";
export type {
  RealtimeConfig,
  RealtimeConfigInput,
  SessionConfig,
  SessionConfigInput,
  SessionKind,
  TranscriptionSessionConfig,
  TranscriptionSessionInput,
} from "./protocol/session-config";
export type { SessionLimits, TurnTakingOptions } from "./session/types";
export { defineTool } from "./tools/define-tool";
export type { ToolOptions } from "./tools/define-tool";
export { SchemaError } from "./tools/json-schema";
export { McpFailure } from "./tools/mcp";
export type {
  McpApproval,
  McpConnect,
  McpConnection,
  McpFailureKind,
  McpOptions,
  McpServer,
  McpTool,
  RegisteredMcpServer,
} from "./tools/mcp";
export type { JsonSchema, ServerTool, ToolContext, ToolFiller } from "./tools/types";
export type { ToolCallOptions } from "./session/tool-calls";
export type { RateLimit, SessionUsage, UsageGate, UsageLease, UsageSession } from "./usage-gate";
export type { Handoff, PromptStore, StoredPrompt } from "./session/stored-prompts";
export type { Transport, TransportListener } from "./transport/types";
export type { WebRtcServer, WebRtcSettings } from "./transport/webrtc/settings";
export type { Call, CallControl, Calls } from "./calls/control";
export { incomingCall, signWebhook } from "./calls/incoming";
export type { IncomingCallEvent, SignedWebhook } from "./calls/incoming";
export type { AudioListener, TransportAudio } from "./transport/types";
export type { WebSocketSettings, WebSocketTimings } from "./transport/settings";
