import { memo } from "react";
import type { AssistantTurn, Turn, UserTurn } from "../../lib/playground/conversation-types";
import { count, duration, latencyHint, replyEnding } from "../../lib/format";
import { heardLength } from "../../lib/playground/heard-words";
import { MicrophoneIcon, SpeakerIcon } from "../icons";
import { McpCall, type OnApprove } from "./mcp-call";
import { McpList } from "./mcp-list";
import { ToolCall } from "./tool-call";

export interface TurnViewProps {
  readonly turn: Turn;
  /** How much of it was heard, while it sounds. */
  readonly heardMs: number | undefined;
  /** Undefined where calls can no longer be answered. */
  readonly onAnswer?: (callId: string, output: string) => void;
  readonly onApprove?: OnApprove;
}

/** One turn. A long conversation has hundreds, of which only the last ones change. */
export const TurnView = memo(function TurnView({ turn, heardMs, onAnswer, onApprove }: TurnViewProps) {
  switch (turn.kind) {
    case "user":
      return <UserWords turn={turn} />;
    case "assistant":
      return <Reply turn={turn} heardMs={heardMs} />;
    case "tool":
      return <ToolCall turn={turn} onAnswer={onAnswer} />;
    case "mcp":
      return <McpCall turn={turn} onApprove={onApprove} />;
    case "mcp-list":
      return <McpList turn={turn} />;
    case "divider":
      return <Divider />;
    default:
      return turn satisfies never;
  }
});

function UserWords({ turn }: { readonly turn: UserTurn }) {
  return (
    <div className="appear flex flex-col items-end">
      <div className="max-w-[85%] rounded-2xl rounded-br-md bg-accent-soft px-4 py-2.5 leading-6 break-words whitespace-pre-wrap">
        <span className="sr-only">You: </span>
        {turn.images.length > 0 && (
          <span className="mb-1 flex flex-wrap gap-2">
            {turn.images.map((image) => (
              <img key={image.slice(-40)} src={image} alt="Sent picture" className="max-h-40 rounded-lg" />
            ))}
          </span>
        )}
        {turn.text !== "" ? turn.text : turn.images.length === 0 && <UserPending turn={turn} />}
      </div>
      {turn.source === "voice" && turn.text !== "" && (
        <p className="mt-1 flex items-center gap-1 text-xs text-ink-faint">
          <MicrophoneIcon className="size-3" />
          {turn.status === "done" ? "Spoken" : "Writing it down…"}
        </p>
      )}
    </div>
  );
}

function UserPending({ turn: { status, problem } }: { readonly turn: UserTurn }) {
  switch (status) {
    case "listening":
      return <Waiting label="Listening" />;
    case "transcribing":
      return <Waiting label="Writing it down" />;
    case "failed":
      return (
        <span className="text-sm">
          <strong className="font-semibold text-vermilion">Your words could not be written down.</strong> {problem}
        </span>
      );
    case "done":
      return <span className="text-ink-soft italic">Nothing could be made out.</span>;
    default:
      return status satisfies never;
  }
}

interface ReplyProps {
  readonly turn: AssistantTurn;
  readonly heardMs: number | undefined;
}

function Reply({ turn, heardMs }: ReplyProps) {
  const ending = replyEnding(turn);
  const isWaiting = turn.text === "" && (turn.status === "thinking" || turn.status === "streaming");
  const heard = heardMs === undefined ? turn.text.length : heardLength(turn, heardMs);
  return (
    <div className="appear max-w-[92%]">
      <div className="leading-7 break-words whitespace-pre-wrap">
        <span className="sr-only">Reply: </span>
        {isWaiting && <Waiting label={turn.audioMs > 0 ? "Speaking" : "Thinking"} />}
        {turn.status === "failed" && <Failure problem={turn.problem} />}
        {turn.text.slice(0, heard)}
        <span className="text-ink-faint">{turn.text.slice(heard)}</span>
        {turn.status === "interrupted" && turn.text !== "" && <span className="text-ink-faint">{"\u00a0—"}</span>}
      </div>
      <p className="mt-1 flex min-h-5 flex-wrap items-center gap-x-3 gap-y-0.5 text-xs text-ink-faint">
        {turn.latency !== undefined && (
          <span title={latencyHint(turn.latency)} className="tabular-nums">
            {duration(turn.latency.totalMs)}
            <span className="sr-only"> until the reply began</span>
          </span>
        )}
        {heardMs !== undefined && (
          <span className="flex items-center gap-1 text-accent">
            <SpeakerIcon className="size-3.5" />
            Speaking
          </span>
        )}
        {turn.usage !== undefined && (
          <span className="tabular-nums">
            {count(turn.usage.input_tokens)} in, {count(turn.usage.output_tokens)} out
            <span className="sr-only"> tokens</span>
          </span>
        )}
        {ending !== undefined && <span>{ending}</span>}
      </p>
    </div>
  );
}

function Failure({ problem }: { readonly problem: string | undefined }) {
  return (
    <p className="text-sm leading-6">
      <strong className="font-semibold text-vermilion">The reply failed.</strong>{" "}
      <span className="text-ink-soft">{problem}</span>
    </p>
  );
}

function Waiting({ label }: { readonly label: string }) {
  return (
    <span className="inline-flex h-6 items-center gap-1 align-middle text-ink-soft">
      <span className="sr-only">{label}</span>
      {[0, 1, 2].map((i) => (
        <span
          key={i}
          aria-hidden="true"
          className="thinking-dot size-1.5 rounded-full bg-current [&:nth-child(3)]:[animation-delay:150ms] [&:nth-child(4)]:[animation-delay:300ms]"
        />
      ))}
      <span aria-hidden="true" className="ml-1.5 text-sm">
        {label}
      </span>
    </span>
  );
}

function Divider() {
  return (
    <div className="flex items-center gap-4 py-1 text-xs text-ink-faint">
      <span className="h-px flex-1 bg-line" />
      A new session: what stands above is forgotten
      <span className="h-px flex-1 bg-line" />
    </div>
  );
}
