/** What a session begins with: the defaults of its kind, and what its key or secret says on top. */
import type { Engine } from "../engine/types";
import {
  defaultSessionConfig,
  defaultTranscriptionConfig,
  mergeSessionConfig,
  type SessionConfig,
  type SessionConfigInput,
} from "../protocol/session-config";
import { requireSupportedSession, type SessionHost } from "./support";

export interface InitialConfigOptions extends SessionHost {
  /** Default: the one of `config`, else a conversation. */
  readonly kind?: SessionConfig["type"] | undefined;
  readonly model: string;
  /** Means nothing to a session of another kind. */
  readonly config?: SessionConfigInput | undefined;
}

/** @throws ProtocolError when the engine cannot do what `config` asks for. */
export function initialConfig({ kind, model, config, ...host }: InitialConfigOptions): SessionConfig {
  const type = kind ?? kindOf(config);
  const base = defaults(type, model, host.engine);
  if (config?.type !== type) return base;
  const chosen = mergeSessionConfig(base, config.type === "realtime" ? { ...config, model } : config);
  requireSupportedSession(chosen, host);
  return chosen;
}

export interface ForeignConfigOptions extends Omit<InitialConfigOptions, "engine"> {
  readonly voice?: string | undefined;
}

/** The same for a session that another server holds, whose defaults may be others: nobody here can say what it can do. */
export function foreignConfig({ kind, model, config, voice = "alloy" }: ForeignConfigOptions): SessionConfig {
  const type = kind ?? kindOf(config);
  const base = type === "realtime" ? defaultSessionConfig({ model, voice }) : defaultTranscriptionConfig();
  if (config?.type !== type) return base;
  return mergeSessionConfig(base, config.type === "realtime" ? { ...config, model } : config);
}

function kindOf(config: SessionConfigInput | undefined): SessionConfig["type"] {
  return config?.type === "transcription" ? "transcription" : "realtime";
}

/** Without turn detection where nobody can do it. */
function defaults(type: SessionConfig["type"], model: string, engine: Engine): SessionConfig {
  const all =
    type === "realtime" ? defaultSessionConfig({ model, voice: engine.defaultVoice }) : defaultTranscriptionConfig();
  return engine.vad === undefined ? mergeSessionConfig(all, { type, audio: { input: { turn_detection: null } } }) : all;
}
