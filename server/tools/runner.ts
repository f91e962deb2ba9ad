/** Tools tried outside of any session: the same calls as sessions make, timed, with what came of them. */
import { randomBytes } from "node:crypto";
import type { SessionTool } from "../../lib/services/tools/for-session";
import type { ListedMcpTool } from "../../lib/db/schema/index";
import type { McpLook, ToolRunner, ToolTrial } from "../../lib/services/tools/runner";
import { OutboundError } from "../net/outbound-error";
import type { OutboundFetch } from "../net/outbound";
import { cleanJson } from "../observers/clean";
import { McpFailure, type McpConnect, type McpConnection, type McpTool } from "../realtime";
import { findProblem } from "../realtime/tools/json-schema";
import { runTool } from "../realtime/tools/run-tool";
import { storedMcpServer } from "./stored-mcp-server";
import { storedWebhook } from "./stored-webhook";
import { WebhookError } from "./webhook";

export interface ToolRunnerOptions {
  /** `createOutbound(…).fetch`. */
  readonly fetch: OutboundFetch;
  readonly connect: McpConnect;
  /** Milliseconds to connect to an MCP server and list its tools. Default: 10,000. */
  readonly listTimeoutMs?: number;
  /** Milliseconds to connect to an MCP server and call one. Default: 30,000. */
  readonly callTimeoutMs?: number;
}

const LIST_TIMEOUT_MS = 10_000;
const CALL_TIMEOUT_MS = 30_000;
/** Of a result, for the page that shows it. */
const MAX_OUTPUT = 100_000;
/** Of a server's list; sessions use no more either. */
const MAX_TOOLS = 128;
const MAX_LIST_CHARACTERS = 512 * 1024;

export function createToolRunner(options: ToolRunnerOptions): ToolRunner {
  const { listTimeoutMs = LIST_TIMEOUT_MS, callTimeoutMs = CALL_TIMEOUT_MS } = options;
  return {
    problemOf: findProblem,
    callWebhook: (tool, args) => callWebhook(options.fetch, tool, args),
    listMcpTools: async (server) => {
      const { result, durationMs } = await timed(() =>
        within(options.connect, { server, ms: listTimeoutMs }, (connection, signal) => connection.listTools(signal)),
      );
      if (result instanceof McpFailure) return { ok: false, durationMs, message: result.message };
      return toLook(result, durationMs);
    },
    callMcpTool: async (server, call) => {
      const { result, durationMs } = await timed(() =>
        within(options.connect, { server, ms: callTimeoutMs }, (connection, signal) =>
          connection.callTool(call.name, call.args, signal),
        ),
      );
      return toTrial(result, durationMs);
    },
  };
}

// ---------------------------------------------------------------- webhooks

async function callWebhook(fetch: OutboundFetch, stored: SessionTool, args: unknown): Promise<ToolTrial> {
  let status: number | undefined;
  const tool = storedWebhook(stored, async (url, init) => {
    status = undefined;
    const answer = await fetch(url, init);
    status = answer.status;
    return answer;
  });
  const callId = `call_trial_${randomBytes(12).toString("base64url")}`;
  const context = { sessionId: "trial", callId, tenant: undefined };
  const { result, durationMs } = await timed(() =>
    runTool({ tool, args, context, signal: new AbortController().signal, maxOutput: MAX_OUTPUT }),
  );
  const { ok, output, error, reason } = result;
  const answered = status === undefined ? {} : { status };
  if (ok) return { ok, durationMs, output, ...answered };
  return { ok, durationMs, output: messageIn(output), problem: kindOf(error) ?? reason ?? "failed", ...answered };
}

/** What `runTool` tells the model of a failure. */
function messageIn(output: string): string {
  return (JSON.parse(output) as { error: string }).error;
}

function kindOf(error: unknown): string | undefined {
  if (error instanceof OutboundError) return error.code;
  return error instanceof WebhookError ? "answer" : undefined;
}

// ---------------------------------------------------------------- MCP servers

interface Errand {
  readonly server: SessionTool;
  readonly ms: number;
}

/** Connects, does one thing and hangs up. Never rejects: a server that hangs is given up. */
async function within<T>(
  connect: McpConnect,
  { server, ms }: Errand,
  ask: (connection: McpConnection, signal: AbortSignal) => Promise<T>,
): Promise<T | McpFailure> {
  const signal = AbortSignal.timeout(ms);
  const late = new McpFailure("http_error", `The MCP server gave no answer within ${ms} ms.`, { code: 504 });
  const tooLate = new Promise<McpFailure>((resolve) =>
    signal.addEventListener("abort", () => resolve(late), { once: true }),
  );
  const address = { label: server.name, ...storedMcpServer(server) };
  const errand = async (): Promise<T> => {
    const connection = await connect(address, signal);
    try {
      return await ask(connection, signal);
    } finally {
      await connection.close();
    }
  };
  const done = errand().catch((error: unknown) => (signal.aborted ? late : toFailure(error)));
  return Promise.race([done, tooLate]);
}

function toFailure(error: unknown): McpFailure {
  return error instanceof McpFailure ? error : new McpFailure("http_error", "The MCP server failed.", { cause: error });
}

function toLook(listed: readonly McpTool[], durationMs: number): McpLook {
  const tools = listed
    .slice(0, MAX_TOOLS)
    .map(({ name, description = "", inputSchema, annotations }): ListedMcpTool => ({
      name,
      description,
      inputSchema,
      readOnly: annotations?.["readOnlyHint"] === true,
    }));
  if (JSON.stringify(tools).length > MAX_LIST_CHARACTERS)
    return { ok: false, durationMs, message: "The server's list of tools is too large." };
  return { ok: true, durationMs, tools: cleanJson(tools) as ListedMcpTool[] };
}

function toTrial(result: string | McpFailure, durationMs: number): ToolTrial {
  if (result instanceof McpFailure)
    return { ok: false, durationMs, output: result.message, problem: result.code === 504 ? "timeout" : result.kind };
  if (result.length <= MAX_OUTPUT) return { ok: true, durationMs, output: result };
  const output = `The tool's result is too large: ${result.length} characters, where ${MAX_OUTPUT} can be used.`;
  return { ok: false, durationMs, output, problem: "too_large" };
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly durationMs: number }> {
  const startedAt = performance.now();
  const result = await work();
  return { result, durationMs: performance.now() - startedAt };
}
