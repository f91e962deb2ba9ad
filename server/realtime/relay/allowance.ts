/**
 * Room for responses that another server makes: asked for when one begins there, since that server decides when. One for
 * which there is none is cancelled, and its client told that it failed. The other server's own limits are not the client's.
 */
import type { ClientEvent } from "../protocol/client-events";
import { errors, ProtocolError } from "../protocol/errors";
import type { ResponseResource } from "../protocol/responses";
import type { ServerEvent, ServerEventBody } from "../protocol/server-events";
import type { SessionUsage, UsageLease } from "../usage-gate";

export interface RelayAllowanceOptions {
  readonly usage: SessionUsage;
  /** To the other server. */
  send(event: ClientEvent): void;
  /** To the client. */
  emit(event: ServerEventBody): void;
  readonly onFault: (error: unknown) => void;
}

interface Live {
  readonly reserved: number;
  lease: UsageLease | undefined;
  refused: ProtocolError | undefined;
  /** Known before the room was there. */
  took: number | undefined;
}

/** What a reply takes that has no end set: about half a minute of speech. */
const LIKELY_OUTPUT_TOKENS = 600;

export class RelayAllowance {
  private readonly live = new Map<string, Live>();
  /** What the last response was given: the next one gets about as much. */
  private inputTokens = 0;

  constructor(private readonly options: RelayAllowanceOptions) {}

  /** The event as the client may know it. Undefined: not at all. */
  told(event: ServerEvent): ServerEvent | undefined {
    if (event.type === "rate_limits.updated") return undefined;
    if (event.type !== "response.done") return event;
    const refused = this.live.get(event.response.id)?.refused;
    return refused === undefined ? event : { ...event, response: failed(event.response, refused) };
  }

  saw(event: ServerEvent): void {
    if (event.type === "response.created") void this.begin(event.response);
    if (event.type === "response.done") this.end(event.response);
  }

  /** What is still running has cost what was reserved, for all that is known. */
  close(): void {
    for (const { lease, reserved } of this.live.values()) lease?.settle(reserved);
    this.live.clear();
  }

  private async begin({ id, max_output_tokens: most }: ResponseResource): Promise<void> {
    const reserved = this.inputTokens + (typeof most === "number" ? most : LIKELY_OUTPUT_TOKENS);
    const live: Live = { reserved, lease: undefined, refused: undefined, took: undefined };
    this.live.set(id, live);
    try {
      const lease = await this.options.usage.reserve(reserved);
      if (this.live.get(id) === live) live.lease = lease;
      else lease.settle(live.took ?? reserved);
    } catch (error) {
      if (!(error instanceof ProtocolError)) this.options.onFault(error);
      if (this.live.get(id) !== live) return;
      live.refused = error instanceof ProtocolError ? error : errors.serverError();
      this.options.send({ type: "response.cancel", response_id: id });
    }
  }

  private end({ id, usage }: ResponseResource): void {
    const live = this.live.get(id);
    if (live === undefined) return;
    this.live.delete(id);
    // Not all servers say what it cost.
    if (usage) this.inputTokens = usage.input_tokens;
    live.took = usage?.total_tokens ?? live.reserved;
    live.lease?.settle(live.took);
    this.options.emit({ type: "rate_limits.updated", rate_limits: [...this.options.usage.limits()] });
  }
}

function failed(response: ResponseResource, { type, code, message }: ProtocolError): ResponseResource {
  const error = { type, code: code ?? "server_error", message };
  return { ...response, status: "failed", status_details: { type: "failed", error } };
}
