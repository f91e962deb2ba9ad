/** A session that runs under an agent: its prompt, and beside it what the page says otherwise. */
import type { RealtimeConfigInput } from "../../../server/realtime/protocol/session-config";
import { PCM, reasoningOf, toTools, toTurnDetection } from "./session-fields";
import type { Setup, SetupAgent, TalkMode } from "./setup";

type Fields = Omit<Setup, "agent">;
type Input = NonNullable<NonNullable<RealtimeConfigInput["audio"]>["input"]>;

const VARIABLE = /\{\{\s*([\w.-]{1,64})\s*\}\}/g;

/** The whole of it, for a new session. */
export function agentSession(setup: Setup, agent: SetupAgent, mode: TalkMode): RealtimeConfigInput {
  const changes = differences(setup, agent.own, agent);
  const named = Object.keys(agent.variables).length > 0;
  // A page on which one holds a button to talk says itself when a turn ends.
  const turns: Input =
    mode === "hold"
      ? { turn_detection: null }
      : same(setup.detection, agent.own.detection)
        ? {}
        : { turn_detection: toTurnDetection(setup.detection) };
  return {
    ...changes,
    prompt: { id: agent.id, version: String(agent.version), ...(named && { variables: { ...agent.variables } }) },
    audio: {
      // The page shows what was heard, whatever the agent keeps.
      input: { format: PCM, transcription: transcription(setup), ...changes.audio?.input, ...turns },
      output: { format: PCM, ...changes.audio?.output },
    },
  };
}

/** What changed since a running session was told. */
export function agentUpdate(setup: Setup, before: Setup, mode: TalkMode): RealtimeConfigInput {
  const changes = differences(setup, before, setup.agent);
  if (mode === "hold" || same(setup.detection, before.detection)) return changes;
  const turn_detection = toTurnDetection(setup.detection);
  return { ...changes, audio: { ...changes.audio, input: { ...changes.audio?.input, turn_detection } } };
}

/** Names of the variables in some instructions. */
export function variablesIn(instructions: string): string[] {
  return [...new Set([...instructions.matchAll(VARIABLE)].map(([, name]) => name ?? ""))];
}

function differences(now: Fields, before: Fields, agent: SetupAgent | undefined): RealtimeConfigInput {
  const { voice, maxTokens, noiseReduction } = now;
  const input: Input = {
    ...(now.language !== before.language && { transcription: transcription(now) }),
    ...(noiseReduction !== before.noiseReduction && {
      noise_reduction: noiseReduction === "off" ? null : { type: noiseReduction },
    }),
  };
  const output = {
    ...(voice !== before.voice && voice !== undefined && { voice }),
    ...(now.speed !== before.speed && { speed: now.speed }),
  };
  return {
    type: "realtime",
    ...(now.instructions !== before.instructions && { instructions: filled(now.instructions, agent) }),
    ...(now.modality !== before.modality && { output_modalities: [now.modality] }),
    ...(maxTokens !== before.maxTokens && { max_output_tokens: maxTokens ?? "inf" }),
    ...(now.effort !== before.effort && { reasoning: reasoningOf(now) }),
    ...(!same(toTools(now), toTools(before)) && { tools: toTools(now) }),
    audio: { input, output },
  };
}

function transcription({ language }: Pick<Setup, "language">) {
  return language === "" ? {} : { language };
}

/** Only what was saved is filled in by the server. */
function filled(instructions: string, agent: SetupAgent | undefined): string {
  return instructions.replace(VARIABLE, (whole, name: string) => agent?.variables[name] ?? whole);
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
