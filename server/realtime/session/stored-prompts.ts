/** Agents by id: what was saved under a prompt's id, with the values that a client gives for its variables. */
import type { AgentInfo } from "../observers/types";
import type { ResponseCreateParams } from "../protocol/client-events";
import { errors, ProtocolError } from "../protocol/errors";
import type { RealtimeConfigInput } from "../protocol/session-config";
import type { PromptReference } from "../protocol/tools";
import type { ServerTool } from "../tools/types";

/** Another agent that a conversation may be handed to, by a tool `transfer_to_<name>`. */
export interface Handoff {
  /** Letters, digits, `_` and `-`, at most 50. */
  readonly name: string;
  /** When the model is to do so. */
  readonly description?: string;
  readonly prompt: PromptReference;
}

export interface StoredPrompt {
  /** Which one this is, for limits and observers. Default: the one that was asked for. */
  readonly version?: string;
  /** No agent: nothing is counted for it, and observers are not told of it. Default: false. */
  readonly anonymous?: boolean;
  /** What a session or response gets where the client says nothing else. In `instructions`, `{{name}}` is a variable. */
  readonly session: Omit<RealtimeConfigInput, "type" | "prompt" | "model">;
  /** Values of variables where a client gives none. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Tools of the server that go with it, beside the handler's own. Default: none. */
  readonly tools?: readonly ServerTool[];
  readonly handoffs?: readonly Handoff[];
}

export interface PromptStore {
  /**
   * What is saved under `id`; without a version, the one in use. Undefined: there is nothing for this tenant. What it throws
   * is logged, and the client told of a fault of the server. It may take 5 seconds.
   */
  find(
    id: string,
    version: string | undefined,
    context: { readonly tenant: string | undefined },
  ): StoredPrompt | undefined | Promise<StoredPrompt | undefined>;
}

/** Filled: its variables have values. */
export interface FilledPrompt {
  readonly reference: PromptReference;
  readonly stored: StoredPrompt;
}

/** What a response was asked for with; `agent`: the stored prompt that it counts for, in place of the session's. */
export interface ResponseParams extends ResponseCreateParams {
  readonly agent?: AgentInfo | undefined;
}

const TIMEOUT_MS = 5_000;
const MAX_VALUE = 10_000;
const VARIABLE = /\{\{\s*([\w.-]{1,64})\s*\}\}/g;

export interface PromptQuestion {
  readonly reference: PromptReference;
  readonly tenant: string | undefined;
  /** `session.prompt` or `response.prompt`, for errors. */
  readonly param: string;
}

/** @throws ProtocolError for an unknown id and for variables that do not fit. */
export async function findPrompt(store: PromptStore, question: PromptQuestion): Promise<FilledPrompt> {
  const { reference, tenant, param } = question;
  const version = reference.version ?? undefined;
  const stored = await inTime(store.find(reference.id, version, { tenant }));
  if (stored !== undefined) return { reference, stored: fill(stored, reference, param) };
  const which = version === undefined ? `'${reference.id}'` : `'${reference.id}', version '${version}',`;
  throw errors.invalidValue(`${param}.id`, `Prompt ${which} not found.`);
}

function fill(stored: StoredPrompt, { variables }: PromptReference, param: string): StoredPrompt {
  const { instructions } = stored.session;
  const names = new Set([...(instructions ?? "").matchAll(VARIABLE)].map(([, name]) => name!));
  const values = new Map(
    Object.entries(variables ?? {}).map(([name, value]) => [name, textOf(value, `${param}.variables.${name}`)]),
  );
  for (const name of values.keys())
    if (!names.has(name) && !Object.hasOwn(stored.variables ?? {}, name))
      throw errors.unknownParameter(`${param}.variables.${name}`);
  for (const [name, value] of Object.entries(stored.variables ?? {})) if (!values.has(name)) values.set(name, value);
  for (const name of names) if (!values.has(name)) throw errors.missingParameter(`${param}.variables.${name}`);
  if (instructions === undefined) return stored;
  // In one pass: what a value says is never taken for a variable.
  const filled = instructions.replace(VARIABLE, (_all, name: string) => values.get(name) ?? "");
  return { ...stored, session: { ...stored.session, instructions: filled } };
}

type Value = NonNullable<PromptReference["variables"]>[string];

function textOf(value: Value, param: string): string {
  const text = typeof value === "string" ? value : value.type === "input_text" ? value.text : undefined;
  if (text === undefined) throw errors.unsupported(param, "Variables of stored prompts are text.");
  if (text.length > MAX_VALUE) throw errors.stringTooLong(param, MAX_VALUE, text.length);
  return text;
}

/** Whom limits and observers know it as; undefined for what is no agent. */
export function agentOf({ stored, reference }: FilledPrompt): AgentInfo | undefined {
  if (stored.anonymous === true) return undefined;
  const version = stored.version ?? reference.version;
  return { agentId: reference.id, ...(typeof version === "string" && { agentVersion: version }) };
}

/** A response's parameters: the saved ones, and what the client says on top. */
export function responseParams(prompt: FilledPrompt, params: ResponseCreateParams): ResponseParams {
  const { prompt: _found, ...asked } = params;
  const { session } = prompt.stored;
  const { instructions, tools, tool_choice, output_modalities, max_output_tokens, parallel_tool_calls, reasoning } =
    session;
  const { voice, format } = session.audio?.output ?? {};
  const saved = {
    instructions,
    tools,
    tool_choice,
    output_modalities,
    max_output_tokens,
    parallel_tool_calls,
    reasoning,
  };
  return {
    ...without(saved),
    ...without(asked),
    audio: { output: { ...without({ voice, format }), ...without(asked.audio?.output ?? {}) } },
    agent: agentOf(prompt),
  };
}

function without<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}

async function inTime<T>(answer: T | Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new ProtocolError("The stored prompt could not be read in time.", {
            type: "server_error",
            code: "server_error",
          }),
        ),
      TIMEOUT_MS,
    );
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
