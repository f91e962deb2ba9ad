"use client";
import { Scissors, Wrench } from "lucide-react";
import { useMemo } from "react";
import { duration, length, money } from "../../lib/format";
import { cn } from "../ui/cn";
import { Badge } from "../ui/badge";
import { Card } from "../ui/card";
import { Empty } from "../ui/empty";
import type { Detail } from "./session-detail";

type Item = Detail["items"][number];

/** Who said what, and when. */
export function ConversationView({ detail }: { readonly detail: Detail }) {
  const items = useMemo(() => detail.items.filter(({ deleted }) => !deleted), [detail.items]);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
      <Card>
        {items.length === 0 ? (
          <Empty title="Nothing was kept of what was said">
            Either nothing was said, or your organisation does not keep transcripts. Settings say which.
          </Empty>
        ) : (
          <ol aria-label="Conversation" className="grid gap-5">
            {items.map((item) => (
              <li key={item.id}>
                <ItemView item={item} response={detail.responses.find(({ id }) => id === item.responseId)} />
              </li>
            ))}
          </ol>
        )}
      </Card>
    </div>
  );
}

interface ItemViewProps {
  readonly item: Item;
  readonly response: Detail["responses"][number] | undefined;
}

function ItemView({ item, response }: ItemViewProps) {
  return (
    <div className="grid grid-cols-[3.5rem_minmax(0,1fr)] gap-x-3">
      <span className="pt-0.5 text-xs text-ink-faint tabular-nums">{length(item.atMs)}</span>
      <div className="min-w-0">
        {item.type === "message" ? <Message item={item} /> : <Call item={item} />}
        {response !== undefined && item.role === "assistant" && (
          <p className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-ink-faint tabular-nums">
            {response.heardMs !== null && <span>heard after {duration(response.heardMs)}</span>}
            <span>
              {response.inputTokens} in, {response.outputTokens} out
            </span>
            {response.costMicros > 0 && <span>{money(response.costMicros)}</span>}
            {item.interrupted && (
              <Badge tone="warn">
                <Scissors className="size-3" aria-hidden="true" />
                interrupted{item.heardMs !== null && ` after ${duration(item.heardMs)}`}
              </Badge>
            )}
            {response.status === "failed" && <Badge tone="bad">failed</Badge>}
          </p>
        )}
      </div>
    </div>
  );
}

function Message({ item }: { readonly item: Item }) {
  const assistant = item.role === "assistant";
  return (
    <>
      <p className={cn("text-xs font-medium", assistant ? "text-vermilion" : "text-accent")}>
        {assistant ? "Assistant" : item.role === "system" ? "System" : "User"}
      </p>
      <p className="mt-0.5 leading-7 break-words whitespace-pre-wrap">
        {item.transcript === "" ? <span className="text-ink-faint italic">no words</span> : item.transcript}
      </p>
    </>
  );
}

/** Calls, their results, and whatever else is no message. */
function Call({ item }: { readonly item: Item }) {
  return (
    <div className="rounded-xl border border-line bg-paper px-3.5 py-2.5">
      <p className="flex items-center gap-2 text-xs font-medium text-ink-soft">
        <Wrench className="size-3.5 text-gold" aria-hidden="true" />
        {item.type.replaceAll("_", " ")}
      </p>
      <pre className="mt-1.5 overflow-x-auto font-mono text-xs leading-5 whitespace-pre-wrap text-ink-soft">
        {JSON.stringify(item.content, null, 2)}
      </pre>
    </div>
  );
}
