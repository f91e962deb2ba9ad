/** A tool that lives behind a URL: each call is one signed POST, and the answer is what the model is told. */
import { setTimeout as sleep } from "node:timers/promises";
import { OutboundError } from "../net/outbound-error";
import type { OutboundFetch } from "../net/outbound";
import { defineTool, type JsonSchema, type ServerTool, type ToolContext, type ToolFiller } from "../realtime";
import { webhookHeaders } from "./webhook-signature";

export interface WebhookToolOptions {
  readonly name: string;
  readonly description?: string;
  /** JSON Schema of the arguments. */
  readonly parameters?: JsonSchema;
  readonly url: string;
  /** Sent with each call. Default: none. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Signs each call: `whsec_` and base64, as Standard Webhooks has it, or any text. Default: calls are not signed. */
  readonly secret?: string;
  /** The same call twice does no harm: it is tried again when the answer fails to come. Default: false. */
  readonly idempotent?: boolean;
  readonly readOnly?: boolean;
  /** Milliseconds for the whole call, repeats included. Default: 15,000. */
  readonly timeoutMs?: number;
  readonly filler?: string | ToolFiller;
  /** Calls URLs that users entered: `createOutbound(…).fetch`, which bounds the answer's size too. */
  readonly fetch: OutboundFetch;
}

const TIMEOUT_MS = 15_000;
/** Milliseconds before each repeat. */
const REPEATS_MS = [250, 1_000];

/** What is wrong with an answer, for the model. */
export class WebhookError extends Error {
  override readonly name = "WebhookError";
  constructor(
    message: string,
    readonly passing: boolean,
  ) {
    super(message);
  }
}

/** @throws TypeError or SchemaError for what cannot be a tool. */
export function webhookTool(options: WebhookToolOptions): ServerTool {
  const { name, description, parameters, readOnly, filler, timeoutMs = TIMEOUT_MS } = options;
  if (!URL.canParse(options.url)) throw new TypeError(`The tool "${name}" has no usable URL.`);
  return defineTool({
    name,
    ...(description !== undefined && { description }),
    ...(parameters !== undefined && { parameters }),
    ...(readOnly !== undefined && { readOnly }),
    ...(filler !== undefined && { filler }),
    timeoutMs,
    execute: (args, context) => call(options, args, context),
  });
}

async function call(options: WebhookToolOptions, args: unknown, context: ToolContext): Promise<unknown> {
  const repeats = options.idempotent === true ? REPEATS_MS : [];
  for (let attempt = 0; ; attempt++) {
    try {
      return await post(options, args, context);
    } catch (error) {
      const waitMs = repeats[attempt];
      if (waitMs === undefined || context.signal.aborted || !isPassing(error)) throw forModel(error);
      await sleep(waitMs, undefined, { signal: context.signal }).catch(() => undefined);
    }
  }
}

async function post(options: WebhookToolOptions, args: unknown, context: ToolContext): Promise<unknown> {
  const { callId, sessionId, tenant, signal } = context;
  const now = new Date();
  const body = JSON.stringify({
    type: "tool.call",
    timestamp: now.toISOString(),
    data: { tool: options.name, arguments: args, call_id: callId, session_id: sessionId, tenant },
  });
  // The call's own id: a receiver knows a repeat by it.
  const message = { id: `msg_${callId}`, timestamp: Math.floor(now.getTime() / 1000), body };
  const answer = await options.fetch(options.url, {
    method: "POST",
    headers: {
      ...options.headers,
      ...webhookHeaders(message, options.secret),
      "content-type": "application/json",
      accept: "application/json",
    },
    body,
    signal,
  });
  const text = await answer.text();
  if (answer.ok) return isJson(answer) ? parse(text) : text;
  throw new WebhookError(`The tool's server answered ${answer.status}.`, answer.status >= 500 || answer.status === 429);
}

function isJson(answer: Response): boolean {
  return /^application\/(?:[\w.-]+\+)?json\b/i.test(answer.headers.get("content-type") ?? "");
}

function parse(text: string): unknown {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    throw new WebhookError("The tool's server answered with broken JSON.", false);
  }
}

function isPassing(error: unknown): boolean {
  if (error instanceof WebhookError) return error.passing;
  return error instanceof OutboundError && (error.code === "unreachable" || error.code === "timeout");
}

/** Only words that were meant to be read: others may name what the model should not know. */
function forModel(error: unknown): unknown {
  if (error instanceof WebhookError || error instanceof OutboundError) return error;
  return new Error("The tool's server could not be asked.", { cause: error });
}
