import type { ReactNode } from "react";
import { duration } from "../../lib/format";
import { Json } from "../json";
import { Badge, type Tone } from "../ui/badge";

interface ToolCardProps {
  readonly icon: ReactNode;
  /** Who is called, for example `weather` or `town · order`. */
  readonly name: ReactNode;
  /** What this is: a function of the page's, of the server's, of an MCP server's. */
  readonly kind: string;
  readonly state: ToolState;
  readonly durationMs: number | undefined;
  readonly children?: ReactNode;
}

export interface ToolState {
  readonly label: string;
  readonly tone: Tone;
  /** It is happening now. */
  readonly live?: boolean;
}

/** One thing that a tool does or did, whoever runs it. */
export function ToolCard({ icon, name, kind, state, durationMs, children }: ToolCardProps) {
  return (
    <div className="appear rounded-xl border border-line bg-surface text-sm">
      <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1 px-4 py-2.5">
        <span aria-hidden="true" className="text-gold [&_svg]:size-4">
          {icon}
        </span>
        <code className="min-w-0 font-mono text-[0.8125rem] font-medium break-all">{name}</code>
        <span className="text-xs text-ink-faint">{kind}</span>
        <span className="ml-auto flex items-center gap-2.5">
          {durationMs !== undefined && (
            <span className="text-xs text-ink-faint tabular-nums">{duration(durationMs)}</span>
          )}
          <Badge tone={state.tone} live={state.live ?? false}>
            {state.label}
          </Badge>
        </span>
      </div>
      {children}
    </div>
  );
}

interface ToolSectionProps {
  readonly label: string;
  readonly children: ReactNode;
}

/** A part of a card, with its name in front of it where there is room. */
export function ToolSection({ label, children }: ToolSectionProps) {
  return (
    <div className="grid gap-x-4 gap-y-1 border-t border-line px-4 py-2.5 sm:grid-cols-[5.5rem_minmax(0,1fr)]">
      <span className="text-xs leading-5 text-ink-faint">{label}</span>
      <div className="min-w-0">{children}</div>
    </div>
  );
}

/** Arguments and results as people read them: JSON in lines, everything else as it is. */
export function ToolValue({ text, label }: { readonly text: string; readonly label: string }) {
  const lines = readable(text);
  return (
    <pre
      tabIndex={0}
      aria-label={label}
      className="max-h-64 overflow-auto rounded font-mono text-xs leading-5 break-words whitespace-pre-wrap text-ink-soft"
    >
      {lines === undefined ? text : <Json text={lines} />}
    </pre>
  );
}

/** Undefined for what is no JSON, as arguments are while they come. */
function readable(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? undefined : JSON.stringify(value, null, 2);
  } catch {
    return undefined;
  }
}
