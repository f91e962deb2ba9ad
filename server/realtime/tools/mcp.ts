/** What a session asks of whoever speaks the Model Context Protocol for it. */
import { createHash } from "node:crypto";
import type { JsonSchema } from "./types";

/** A server as a client named it in its tools. Its secrets are for that server alone: never logged, never told. */
export interface McpServer {
  readonly label: string;
  readonly url: string;
  /** An OAuth access token. */
  readonly authorization: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** Default: `auto`, streamable HTTP and, with a server that knows none, the older HTTP with SSE. */
  readonly transport?: "auto" | "streamable" | "sse";
}

interface McpToolFilter {
  readonly read_only?: boolean | undefined;
  readonly tool_names?: readonly string[] | undefined;
}

/** Of which calls a person is asked first, as sessions say it in `require_approval`. */
export type McpApproval =
  "always" | "never" | { readonly always?: McpToolFilter | undefined; readonly never?: McpToolFilter | undefined };

/** A server as the host knows it. */
export interface RegisteredMcpServer extends Omit<McpServer, "label"> {
  /** The only tools of it that sessions get, whatever they allow themselves. Default: all. */
  readonly allowedTools?: readonly string[];
  /** Where a session does not say. Default: `always`. */
  readonly requireApproval?: McpApproval;
}

export interface McpTool {
  readonly name: string;
  readonly description: string | undefined;
  readonly inputSchema: JsonSchema;
  readonly annotations?: Readonly<Record<string, unknown>>;
}

export interface McpConnection {
  listTools(signal: AbortSignal): Promise<readonly McpTool[]>;
  /** Resolves with what the model is told; rejects with an McpFailure. */
  callTool(name: string, args: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<string>;
  /** Never rejects. */
  close(): Promise<void>;
}

export type McpConnect = (server: McpServer, signal: AbortSignal) => Promise<McpConnection>;

/** As items tell it: the server's protocol failed, the way to it, or the tool itself. */
export type McpFailureKind = "protocol_error" | "http_error" | "tool_execution_error";

export interface McpFailureOptions extends ErrorOptions {
  /** Of HTTP or JSON-RPC. Default: 0. */
  readonly code?: number;
}

/** `message` may be read by clients and models. */
export class McpFailure extends Error {
  override readonly name = "McpFailure";
  readonly code: number;
  constructor(
    readonly kind: McpFailureKind,
    message: string,
    options: McpFailureOptions = {},
  ) {
    super(message, options);
    this.code = options.code ?? 0;
  }
}

export interface McpOptions {
  /** Opens a connection: `mcpConnector()` of `antiphon/providers/mcp`, or one of your own. */
  readonly connect: McpConnect;
  /** Servers that were registered once and are named by their label alone. Default: none, `server_url` must be given. */
  readonly lookup?: (label: string, tenant: string | undefined) => Promise<RegisteredMcpServer | undefined>;
  /** Milliseconds to connect and list a server's tools. Default: 10,000. */
  readonly listTimeoutMs?: number;
  /** Milliseconds for one call. Default: 30,000. */
  readonly callTimeoutMs?: number;
  /**
   * Lets the model go on by itself after a call. The official service leaves that to clients, which ask for a response
   * when the call's item is done; with both, they would be told that one is already active. Default: false.
   */
  readonly goOn?: boolean;
}

const MAX_NAME = 64;

/** The name by which a model calls a server's tool: always the same, and no other tool's. */
export function mcpFunctionName(label: string, tool: string): string {
  const plain = `${label}__${tool}`;
  const name = plain.replace(/[^\w-]/g, "_");
  if (name === plain && name.length <= MAX_NAME) return name;
  const mark = createHash("sha256").update(plain).digest("hex").slice(0, 8);
  return `${name.slice(0, MAX_NAME - mark.length - 1)}_${mark}`;
}
