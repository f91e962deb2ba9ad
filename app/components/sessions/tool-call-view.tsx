import { Wrench } from "lucide-react";
import { duration } from "../../lib/format";
import { readable, type ToolCall } from "../../lib/session/tool-calls";
import { Json } from "../json";
import { Badge } from "../ui/badge";

/** A call, with what it was given and what came of it. */
export function ToolCallView({ call }: { readonly call: ToolCall }) {
  return (
    <div className="overflow-hidden rounded-xl border border-line bg-paper">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1 px-3.5 py-2.5 text-sm">
        <Wrench className="size-3.5 shrink-0 text-gold" aria-hidden="true" />
        <code className="min-w-0 font-mono text-[0.8125rem] break-all">{call.name}</code>
        {call.server !== undefined && <Badge>{call.server}</Badge>}
        <ToolOutcome call={call} />
      </p>
      <ToolCallParts call={call} />
    </div>
  );
}

function ToolOutcome({ call: { error, toMs, fromMs } }: { readonly call: ToolCall }) {
  if (error !== undefined) return <Badge tone="bad">failed</Badge>;
  if (toMs === undefined) return <Badge tone="warn">no answer</Badge>;
  return <span className="ml-auto text-xs text-ink-faint tabular-nums">{duration(toMs - fromMs)}</span>;
}

/** Arguments and result, side by side where there is room. */
export function ToolCallParts({ call }: { readonly call: ToolCall }) {
  const result = call.error ?? call.output;
  return (
    <dl className="grid grid-cols-[minmax(0,1fr)] gap-px border-t border-line bg-line md:grid-cols-2">
      <Part label="Arguments" text={call.arguments} none="none" />
      <Part label={call.error === undefined ? "Result" : "Error"} text={result ?? ""} none="It was never answered." />
    </dl>
  );
}

function Part({ label, text, none }: { readonly label: string; readonly text: string; readonly none: string }) {
  return (
    <div className="min-w-0 bg-paper px-3.5 py-2.5">
      <dt className="text-xs text-ink-faint">{label}</dt>
      <dd className="mt-1">
        {text === "" ? (
          <span className="text-xs text-ink-faint italic">{none}</span>
        ) : (
          <pre
            tabIndex={0}
            aria-label={label}
            className="max-h-72 overflow-auto font-mono text-xs leading-5 break-words whitespace-pre-wrap text-ink-soft"
          >
            <Json text={readable(text)} />
          </pre>
        )}
      </dd>
    </div>
  );
}

/** Whatever is neither a message nor a call: lists of tools, approvals. */
export function OtherItem({ type, content }: { readonly type: string; readonly content: unknown }) {
  return (
    <details className="rounded-xl border border-line bg-paper px-3.5 py-2.5">
      <summary className="text-xs font-medium text-ink-soft">
        {type.replaceAll("_", " ").replace(/^mcp/, "MCP")}
      </summary>
      <pre
        tabIndex={0}
        aria-label={type}
        className="mt-2 max-h-72 overflow-auto font-mono text-xs leading-5 whitespace-pre-wrap text-ink-soft"
      >
        <Json text={JSON.stringify(content, null, 2)} />
      </pre>
    </details>
  );
}
