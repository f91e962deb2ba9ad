"use client";
import { Scissors } from "lucide-react";
import { memo } from "react";
import { duration, length, money } from "../../lib/format";
import type { PairedPlayback } from "../../lib/recording/paired-playback";
import { textOf, type ToolCall } from "../../lib/session/tool-calls";
import { cn } from "../ui/cn";
import { Badge } from "../ui/badge";
import type { Detail } from "./session-detail";
import { OtherItem, ToolCallView } from "./tool-call-view";

type Item = Detail["items"][number];
type Response = Detail["responses"][number];

interface ConversationItemProps {
  readonly item: Item;
  readonly call: ToolCall | undefined;
  readonly response: Response | undefined;
  readonly playback: PairedPlayback | undefined;
}

/** Thousands may be on a page, and the playback moves four times a second. */
export const ConversationItem = memo(function ConversationItem({
  item,
  call,
  response,
  playback,
}: ConversationItemProps) {
  return (
    <div className="grid grid-cols-[3rem_minmax(0,1fr)] gap-x-3">
      <At item={item} playback={playback} />
      <div className="min-w-0">
        {call ? (
          <ToolCallView call={call} />
        ) : item.type === "message" ? (
          <Message item={item} />
        ) : (
          <OtherItem type={item.type} content={item.content} />
        )}
        {item.role === "assistant" && <Outcome item={item} response={response} />}
      </div>
    </div>
  );
});

/** When it was said; with audio, the way there. */
function At({ item: { saidFromMs, atMs }, playback }: Pick<ConversationItemProps, "item" | "playback">) {
  const ms = saidFromMs ?? atMs;
  if (playback === undefined) return <span className="pt-0.5 text-xs text-ink-faint tabular-nums">{length(ms)}</span>;
  const onClick = (): void => {
    playback.seek(ms);
    playback.play();
  };
  return (
    <button
      type="button"
      onClick={onClick}
      aria-label={`Play from ${length(ms)}`}
      className="h-6 justify-self-start rounded text-left text-xs text-accent tabular-nums hover:underline"
    >
      {length(ms)}
    </button>
  );
}

function Message({ item }: { readonly item: Item }) {
  const assistant = item.role === "assistant";
  const pictures = partsOf(item.content).filter((type) => type === "input_image").length;
  return (
    <>
      <p className={cn("text-xs font-medium", assistant ? "text-vermilion" : "text-accent")}>
        {assistant ? "Assistant" : item.role === "system" ? "System" : "User"}
      </p>
      {(item.transcript !== "" || pictures === 0) && (
        <p className="mt-0.5 max-w-[75ch] leading-7 break-words whitespace-pre-wrap">
          {item.transcript === "" ? <span className="text-ink-faint italic">no words</span> : item.transcript}
        </p>
      )}
      {pictures > 0 && <Badge className="mt-1">{pictures === 1 ? "a picture" : `${pictures} pictures`}</Badge>}
    </>
  );
}

function partsOf(content: unknown): (string | undefined)[] {
  const parts: unknown = typeof content === "object" && content !== null ? Reflect.get(content, "content") : undefined;
  return Array.isArray(parts) ? parts.map((part) => textOf(part, "type")) : [];
}

/** How long it took, what it cost, and how it ended if not well. */
function Outcome({ item, response }: Pick<ConversationItemProps, "item" | "response">) {
  const interrupted = item.interrupted || endedBy(response) === "turn_detected";
  const heardMs = item.heardMs ?? (item.saidFromMs === null ? null : (item.saidToMs ?? 0) - item.saidFromMs);
  return (
    <p className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-ink-faint tabular-nums">
      {response !== undefined && (
        <>
          {response.heardMs !== null && <span>heard after {duration(response.heardMs)}</span>}
          <span>
            {response.inputTokens} in, {response.outputTokens} out
          </span>
          {response.costMicros > 0 && <span>{money(response.costMicros)}</span>}
        </>
      )}
      {interrupted && (
        <Badge tone="warn">
          <Scissors className="size-3" aria-hidden="true" />
          interrupted{heardMs !== null && ` after ${duration(heardMs)}`}
        </Badge>
      )}
      {!interrupted && response?.status === "cancelled" && <Badge>cancelled</Badge>}
      {response?.status === "incomplete" && <Badge tone="warn">incomplete</Badge>}
      {response?.status === "failed" && <Badge tone="bad">failed</Badge>}
      {response?.status === "failed" && <span className="text-vermilion">{failureOf(response)}</span>}
    </p>
  );
}

function endedBy(response: Response | undefined): string | undefined {
  return response?.status === "cancelled" ? textOf(response.statusDetails, "reason") : undefined;
}

function failureOf({ statusDetails }: Response): string | undefined {
  const error: unknown =
    typeof statusDetails === "object" && statusDetails !== null ? Reflect.get(statusDetails, "error") : undefined;
  return textOf(error, "message") ?? textOf(error, "code");
}
