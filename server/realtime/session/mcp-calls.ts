/** Calls of MCP tools: asked for approval where that is wanted, carried out, and told to the client and the model. */
import { errors } from "../protocol/errors";
import type { ItemInput, McpCallItem } from "../protocol/items";
import { McpFailure } from "../tools/mcp";
import type { SessionContext } from "./context";
import type { McpServers } from "./mcp-servers";
import { argumentsOf } from "./toolbox";

type ApprovalResponse = Extract<ItemInput, { type: "mcp_approval_response" }>;

export interface McpCall {
  readonly item: McpCallItem;
  readonly outputIndex: number;
  /** What is wrong with its arguments. */
  readonly problem: string | undefined;
  /** It is over, one way or the other. */
  readonly onDone: () => void;
}

/** Calls that wait for a person at a time; one more is refused. */
const MAX_WAITING = 100;

export class McpCalls {
  private readonly waiting = new Map<string, McpCall>();

  constructor(
    private readonly context: SessionContext,
    private readonly servers: McpServers,
    private readonly maxOutput: number,
  ) {}

  /** `approvalId`: the request that a person must answer first. */
  called(call: McpCall, approvalId: string | undefined): void {
    if (call.problem !== undefined) return this.fail(call, new McpFailure("tool_execution_error", call.problem));
    if (approvalId === undefined) return this.start(call);
    if (this.waiting.size >= MAX_WAITING)
      return this.fail(call, new McpFailure("tool_execution_error", "Too many calls wait for an approval."));
    this.waiting.set(approvalId, { ...call, item: { ...call.item, approval_request_id: approvalId } });
  }

  /** @throws ProtocolError when there is nothing to decide. */
  requireWaiting({ approval_request_id: id }: ApprovalResponse): void {
    if (!this.waiting.has(id))
      throw errors.invalidValue("item.approval_request_id", `No approval is asked for with id '${id}'.`);
  }

  decide({ approval_request_id: id, approve, reason }: ApprovalResponse): void {
    const call = this.waiting.get(id);
    this.waiting.delete(id);
    if (call === undefined) return;
    if (approve) return this.start(call);
    const why = reason ? `: ${reason}` : ".";
    this.fail(call, new McpFailure("tool_execution_error", `The call was not approved${why}`));
  }

  close(): void {
    this.waiting.clear();
  }

  // ---------------------------------------------------------------- inside

  private start(call: McpCall): void {
    const { item, outputIndex } = call;
    this.context.emit({ type: "response.mcp_call.in_progress", item_id: item.id, output_index: outputIndex });
    this.servers.call(item.server_label, { name: item.name, args: argumentsOf(item.arguments) }).then(
      (output) => this.context.post(() => this.succeed(call, output)),
      (error: unknown) => this.context.post(() => this.fail(call, error)),
    );
  }

  private succeed(call: McpCall, output: string): void {
    if (output.length > this.maxOutput) {
      const message = `The tool's result is too large: ${output.length} characters, where ${this.maxOutput} can be used.`;
      return this.fail(call, new McpFailure("tool_execution_error", message));
    }
    this.finish(call, { ...call.item, status: "completed", output, error: null });
  }

  private fail(call: McpCall, error: unknown): void {
    const failure = error instanceof McpFailure ? error : new McpFailure("http_error", "The MCP server failed.");
    if (failure.cause !== undefined) this.context.fault(failure);
    this.finish(call, { ...call.item, status: "incomplete", output: null, error: toItemError(failure) });
  }

  private finish({ outputIndex, onDone }: McpCall, item: McpCallItem): void {
    const { conversation } = this.context;
    const type = item.error === null ? "response.mcp_call.completed" : "response.mcp_call.failed";
    conversation.amend(item);
    this.context.emit({ type, item_id: item.id, output_index: outputIndex });
    // The client may have deleted it meanwhile.
    if (conversation.get(item.id) !== undefined)
      this.context.emit({
        type: "conversation.item.done",
        item,
        previous_item_id: conversation.previousOf(item.id),
      });
    onDone();
  }
}

function toItemError({ kind: type, code, message }: McpFailure): McpCallItem["error"] {
  return type === "tool_execution_error" ? { type, message } : { type, code, message };
}
