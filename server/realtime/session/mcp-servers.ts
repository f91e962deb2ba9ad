/**
 * The MCP servers of one session: connected to and listed once, in the background. Nothing waits for one that hangs but
 * what was asked of that server itself.
 */
import { errors } from "../protocol/errors";
import { newId } from "../protocol/ids";
import type { Item } from "../protocol/items";
import type { McpToolConfig, Tool } from "../protocol/tools";
import {
  McpFailure,
  type McpApproval,
  type McpConnection,
  type McpOptions,
  type McpServer,
  type McpTool,
  type RegisteredMcpServer,
} from "../tools/mcp";
import type { SessionContext } from "./context";

interface Listed {
  readonly key: string;
  readonly server: McpToolConfig;
  readonly itemId: string;
  readonly abort: AbortController;
  listed: Promise<void>;
  connection: Promise<McpConnection> | undefined;
  tools: readonly McpTool[] | undefined;
  failed: boolean;
  /** As the host knows it, if it was named by its label alone. */
  registered: RegisteredMcpServer | undefined;
}

const LIST_TIMEOUT_MS = 10_000;
const CALL_TIMEOUT_MS = 30_000;
/** More than this is more than a model can choose from. */
const MAX_TOOLS = 128;

export class McpServers {
  private readonly servers = new Map<string, Listed>();
  private closed = false;

  constructor(
    private readonly context: SessionContext,
    private readonly options: McpOptions | undefined,
    private readonly tenant: string | undefined,
  ) {}

  /** Sees to it that the servers among `tools` are listed. Resolves when all have been, or failed; never rejects. */
  async ensure(tools: readonly Tool[]): Promise<void> {
    const wanted = tools.filter((tool) => tool.type === "mcp");
    await Promise.all(wanted.map(async (tool) => this.listedFor(tool)?.listed));
  }

  /** The server's tools that the client allowed; undefined while they are not known. */
  toolsOf(server: McpToolConfig): readonly McpTool[] | undefined {
    const listed = this.servers.get(server.server_label);
    return listed?.tools?.filter((tool) => matches(tool, server.allowed_tools ?? undefined));
  }

  /** Whether a person is asked before the tool is called: as the session says, else as the host does. */
  needsApproval({ server_label: label, require_approval: rule }: McpToolConfig, tool: McpTool): boolean {
    return isAsked(rule ?? this.servers.get(label)?.registered?.requireApproval ?? "always", tool);
  }

  /** Rejects with an McpFailure. */
  async call(label: string, { name, args }: { name: string; args: unknown }): Promise<string> {
    const listed = this.servers.get(label);
    if (listed === undefined) throw new McpFailure("protocol_error", `There is no MCP server '${label}' here.`);
    if (typeof args !== "object" || args === null || Array.isArray(args))
      throw new McpFailure("tool_execution_error", "The arguments are no JSON object.");
    const call = async (signal: AbortSignal): Promise<string> => {
      listed.connection ??= this.connect(listed, signal);
      const connection = await listed.connection;
      return connection.callTool(name, args as Record<string, unknown>, signal);
    };
    const ms = this.options?.callTimeoutMs ?? CALL_TIMEOUT_MS;
    try {
      return await within(call, { ms, signal: listed.abort.signal });
    } catch (error) {
      const failure = toFailure(error);
      // The next call tries to reach it anew.
      if (failure.kind !== "tool_execution_error") this.hangUp(listed);
      throw failure;
    }
  }

  close(): void {
    this.closed = true;
    for (const listed of this.servers.values()) this.drop(listed);
    this.servers.clear();
  }

  // ---------------------------------------------------------------- inside

  private listedFor(server: McpToolConfig): Listed | undefined {
    if (this.options === undefined || this.closed) return undefined;
    const { server_label: label, server_url, authorization, headers } = server;
    const key = JSON.stringify([server_url, authorization, headers]);
    const known = this.servers.get(label);
    if (known?.key === key && !known.failed) return known;
    if (known !== undefined) this.drop(known);
    const listed = this.list(server, key);
    this.servers.set(label, listed);
    return listed;
  }

  private list(server: McpToolConfig, key: string): Listed {
    const itemId = newId("item");
    const abort = new AbortController();
    const item = listItem(itemId, server.server_label, undefined);
    const previous = this.context.conversation.append({ item, clips: new Map(), spoken: [] });
    this.context.emit({ type: "conversation.item.added", item, previous_item_id: previous });
    this.context.emit({ type: "mcp_list_tools.in_progress", item_id: itemId });
    const listed: Listed = {
      key,
      server,
      itemId,
      abort,
      listed: Promise.resolve(),
      connection: undefined,
      tools: undefined,
      failed: false,
      registered: undefined,
    };
    listed.listed = this.ask(listed).then(
      (tools) => this.settle(listed, tools.slice(0, MAX_TOOLS)),
      (error: unknown) => this.settle(listed, toFailure(error)),
    );
    return listed;
  }

  private ask(listed: Listed): Promise<readonly McpTool[]> {
    const ms = this.options?.listTimeoutMs ?? LIST_TIMEOUT_MS;
    const task = async (signal: AbortSignal): Promise<readonly McpTool[]> => {
      listed.connection = this.connect(listed, signal);
      const tools = await (await listed.connection).listTools(signal);
      const allowed = listed.registered?.allowedTools;
      return allowed === undefined ? tools : tools.filter(({ name }) => allowed.includes(name));
    };
    return within(task, { ms, signal: listed.abort.signal });
  }

  private settle(listed: Listed, outcome: readonly McpTool[] | McpFailure): Promise<void> {
    return new Promise((resolve) => {
      // A session that has ended takes no more tasks.
      listed.abort.signal.addEventListener("abort", () => resolve(), { once: true });
      this.context.post(() => {
        if (!listed.abort.signal.aborted) this.tell(listed, outcome);
        resolve();
      });
      if (listed.abort.signal.aborted) resolve();
    });
  }

  private tell(listed: Listed, outcome: readonly McpTool[] | McpFailure): void {
    const { itemId, server } = listed;
    const { conversation } = this.context;
    const tools = outcome instanceof McpFailure ? undefined : outcome;
    listed.tools = tools;
    listed.failed = tools === undefined;
    const item = listItem(itemId, server.server_label, tools ?? []);
    conversation.settle(item);
    if (conversation.get(itemId) !== undefined)
      this.context.emit({
        type: "conversation.item.done",
        item,
        previous_item_id: conversation.previousOf(itemId),
      });
    if (!(outcome instanceof McpFailure))
      return this.context.emit({ type: "mcp_list_tools.completed", item_id: itemId });
    this.hangUp(listed);
    this.context.fault(outcome);
    this.context.emit({ type: "mcp_list_tools.failed", item_id: itemId });
    const error = errors.mcpListFailed(server.server_label, outcome.message).toBody(null);
    this.context.emit({ type: "error", error });
  }

  private async connect(listed: Listed, signal: AbortSignal): Promise<McpConnection> {
    const connection = await this.options!.connect(await this.addressOf(listed), signal);
    if (this.closed || signal.aborted) void connection.close();
    return connection;
  }

  private async addressOf(listed: Listed): Promise<McpServer> {
    const { server_label: label, server_url, authorization, headers } = listed.server;
    if (server_url !== undefined) return { label, url: server_url, authorization, headers: headers ?? {} };
    const registered = await this.options?.lookup?.(label, this.tenant);
    if (registered === undefined) throw new McpFailure("protocol_error", `No MCP server '${label}' is registered.`);
    listed.registered = registered;
    return { label, ...registered };
  }

  private drop(listed: Listed): void {
    listed.abort.abort();
    this.hangUp(listed);
  }

  private hangUp(listed: Listed): void {
    const { connection } = listed;
    listed.connection = undefined;
    connection?.then((open) => open.close()).catch(() => undefined);
  }
}

function listItem(id: string, label: string, tools: readonly McpTool[] | undefined): Item {
  return {
    id,
    object: "realtime.item",
    type: "mcp_list_tools",
    status: tools === undefined ? "in_progress" : "completed",
    server_label: label,
    tools: (tools ?? []).map(({ name, description, inputSchema, annotations }) => ({
      name,
      // Official clients refuse a list in which one is missing.
      description: description ?? "",
      input_schema: inputSchema,
      ...(annotations !== undefined && { annotations }),
    })),
  };
}

// ---------------------------------------------------------------- who may call what

type Filter = Exclude<McpApproval, string>["never"] | readonly string[];

function matches(tool: McpTool, filter: Filter): boolean {
  if (filter === undefined) return true;
  if (isList(filter)) return filter.includes(tool.name);
  const named = filter.tool_names?.includes(tool.name) ?? true;
  return named && (filter.read_only === undefined || filter.read_only === isReadOnly(tool));
}

function isReadOnly({ annotations }: McpTool): boolean {
  return annotations?.["readOnlyHint"] === true;
}

function isList(filter: NonNullable<Filter>): filter is readonly string[] {
  return Array.isArray(filter);
}

function isAsked(rule: McpApproval, tool: McpTool): boolean {
  if (typeof rule === "string") return rule === "always";
  if (rule.never !== undefined && matches(tool, rule.never)) return false;
  if (rule.always !== undefined && matches(tool, rule.always)) return true;
  return rule.always === undefined;
}

// ---------------------------------------------------------------- in bounded time

interface Bound {
  readonly ms: number;
  readonly signal: AbortSignal;
}

/** A server that does not obey its signal is not waited for either. */
function within<T>(task: (signal: AbortSignal) => Promise<T>, { ms, signal }: Bound): Promise<T> {
  const own = new AbortController();
  return new Promise<T>((resolve, reject) => {
    const stop = (reason: McpFailure): void => {
      reject(reason);
      own.abort(reason);
    };
    const abort = (): void => stop(new McpFailure("http_error", "The session has ended."));
    const timer = setTimeout(
      () => stop(new McpFailure("http_error", `The server gave no answer within ${ms} ms.`, { code: 504 })),
      ms,
    );
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
    task(own.signal)
      .then(resolve, reject)
      .finally(() => {
        clearTimeout(timer);
        signal.removeEventListener("abort", abort);
      });
  });
}

function toFailure(error: unknown): McpFailure {
  if (error instanceof McpFailure) return error;
  return new McpFailure("http_error", "The MCP server failed.", { cause: error });
}
