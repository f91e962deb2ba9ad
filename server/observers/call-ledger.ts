/** Which tools were called in one session, how long each took and what came of it. Says each call once. */
import type { SessionObservation } from "../realtime/observers/types";
import type { ClientEvent } from "../realtime/protocol/client-events";
import type { Item, McpCallItem } from "../realtime/protocol/items";
import type { ServerEvent } from "../realtime/protocol/server-events";
import { cleanText, shorten } from "./clean";
import type { NewToolCall } from "./rows";

type LedgerRow = Omit<NewToolCall, "sessionId" | "orgId">;
type Report = Extract<SessionObservation, { type: "tool-call" }>;

interface OpenCall {
  readonly by: "client" | "mcp";
  readonly server: string;
  readonly name: string;
  readonly calledAt: number;
  /** When an MCP server was asked. Undefined while a person is, or when nobody was. */
  askedAt?: number;
}

/** Calls of one session that may be open; a model that leaves more unanswered has gone astray. */
const MAX_OPEN = 1_000;
const MAX_PROBLEM = 300;

export class CallLedger {
  private readonly open = new Map<string, OpenCall>();

  constructor(
    private readonly write: (row: LedgerRow) => void,
    /** Milliseconds since the epoch. */
    private readonly now: () => number = Date.now,
  ) {}

  /** This server is done with a call. */
  reported({ callId, name, by, outcome, ranMs }: Report): void {
    this.open.delete(callId);
    this.add({ id: callId, by, name, outcome, durationMs: ranMs ?? null });
  }

  serverEvent(event: ServerEvent, at: number): void {
    switch (event.type) {
      case "response.output_item.done":
        return this.called(event.item, at);
      case "response.mcp_call.in_progress": {
        const call = this.open.get(event.item_id);
        if (call !== undefined) call.askedAt = at;
        return;
      }
      case "conversation.item.done":
        if (event.item.type === "mcp_call") this.mcpAnswered(event.item, at);
        return;
      default:
        return;
    }
  }

  /** Clients answer with items. */
  clientEvent(event: ClientEvent, at: number): void {
    if (event.type !== "conversation.item.create" || event.item.type !== "function_call_output") return;
    const id = event.item.call_id;
    const call = this.open.get(id);
    if (call === undefined) return;
    this.open.delete(id);
    this.add({ id, by: "client", name: call.name, outcome: "ok", durationMs: at - call.calledAt });
  }

  /** The session is over: what is open now stays so. */
  ended(): void {
    for (const [id, { by, server, name }] of this.open)
      this.add({ id, by, server, name, outcome: "unanswered", durationMs: null });
    this.open.clear();
  }

  // ---------------------------------------------------------------- inside

  private called(item: Item, at: number): void {
    if (this.open.size >= MAX_OPEN) return;
    if (item.type === "function_call" && item.status === "completed")
      this.open.set(item.call_id, { by: "client", server: "", name: item.name, calledAt: at });
    if (item.type === "mcp_call" && item.status !== "incomplete")
      this.open.set(item.id, { by: "mcp", server: item.server_label, name: item.name, calledAt: at });
  }

  /** Its item is done twice: once it was made, and once it was answered. */
  private mcpAnswered(item: McpCallItem, at: number): void {
    const { id, error, output } = item;
    const call = this.open.get(id);
    if (call === undefined || (!error && typeof output !== "string")) return;
    this.open.delete(id);
    const { server, name, askedAt } = call;
    const durationMs = askedAt === undefined ? null : at - askedAt;
    this.add({ id, by: "mcp", server, name, outcome: outcomeOf(item, askedAt), problem: error?.message, durationMs });
  }

  private add(row: Omit<LedgerRow, "at">): void {
    const { id, name, server = "", problem } = row;
    this.write({
      ...row,
      id: cleanText(id),
      name: cleanText(name),
      server: cleanText(server),
      problem: problem ? shorten(cleanText(problem), MAX_PROBLEM) : null,
      at: new Date(this.now()).toISOString(),
    });
  }
}

function outcomeOf({ error, approval_request_id: approval }: McpCallItem, askedAt?: number): LedgerRow["outcome"] {
  if (!error) return "ok";
  // Nobody was asked: a person said no, or the arguments did not fit.
  if (askedAt === undefined) return approval ? "denied" : "arguments";
  return "code" in error && error.code === 504 ? "timeout" : "threw";
}
