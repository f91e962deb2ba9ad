"use client";
import { VolumeX } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import type { PairedPlayback } from "../../lib/recording/paired-playback";
import { usePlayback } from "../../lib/recording/use-playback";
import { toolCallsOf } from "../../lib/session/tool-calls";
import { cn } from "../ui/cn";
import { Card } from "../ui/card";
import { Empty } from "../ui/empty";
import { AudioPlayer } from "./audio-player";
import { ConversationItem } from "./conversation-item";
import type { Detail } from "./session-detail";

type Item = Detail["items"][number];

/** Who said what, and when; with audio, what is being said is marked, and a click on a time plays from there. */
export function ConversationView({ detail }: { readonly detail: Detail }) {
  const [playback, setPlayback] = useState<PairedPlayback>();
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
      {detail.recordings.length > 0 ? (
        <AudioPlayer recordings={detail.recordings} onPlayback={setPlayback} />
      ) : (
        detail.status === "ended" && (
          <p className="flex items-center gap-2.5 rounded-2xl border border-line px-5 py-3 text-sm text-ink-faint">
            <VolumeX aria-hidden="true" className="size-4 shrink-0" />
            There is no audio of this session: it was not recorded, nobody spoke, or its time is over.
          </p>
        )
      )}
      <Card>
        <Said detail={detail} playback={playback} />
      </Card>
    </div>
  );
}

interface SaidProps {
  readonly detail: Detail;
  readonly playback: PairedPlayback | undefined;
}

function Said({ detail, playback }: SaidProps) {
  const { items, responses } = detail;
  const { calls, outputs } = useMemo(() => toolCallsOf(items), [items]);
  const shown = useMemo(() => items.filter(({ id, deleted }) => !deleted && !outputs.has(id)), [items, outputs]);
  const responsesById = useMemo(() => new Map(responses.map((response) => [response.id, response])), [responses]);
  const current = useSpoken(shown, playback);
  if (shown.length === 0)
    return (
      <Empty title="Nothing was kept of what was said">
        Either nothing was said, or your organisation does not keep transcripts. Settings say which.
      </Empty>
    );
  return (
    <ol aria-label="Conversation" className="-mx-2.5 -my-2 grid grid-cols-[minmax(0,1fr)] gap-1.5">
      {shown.map((item) => (
        <li
          key={item.id}
          id={anchorOf(item.id)}
          aria-current={current.has(item.id) || undefined}
          className={cn(
            "rounded-xl px-2.5 py-2 transition-colors [contain-intrinsic-size:auto_5rem] [content-visibility:auto] md:scroll-mt-48",
            current.has(item.id) && "bg-accent-soft",
          )}
        >
          <ConversationItem
            item={item}
            call={calls.get(item.id)}
            response={responsesById.get(item.responseId ?? "")}
            playback={playback}
          />
        </li>
      ))}
    </ol>
  );
}

function anchorOf(id: string): string {
  return `said-${id}`;
}

/** The items that sound now, brought into view while it plays. */
function useSpoken(items: readonly Item[], playback: PairedPlayback | undefined): ReadonlySet<string> {
  const ids = usePlayback(playback, ({ atMs, status }) =>
    status === "paused" && atMs === 0
      ? ""
      : items
          .filter(({ saidFromMs, saidToMs }) => saidFromMs !== null && saidFromMs <= atMs && atMs < (saidToMs ?? 0))
          .map(({ id }) => id)
          .join("\n"),
  );
  useEffect(() => {
    const [first] = ids.split("\n");
    if (first && playback?.state().status === "playing")
      document.getElementById(anchorOf(first))?.scrollIntoView({ block: "nearest" });
  }, [ids, playback]);
  return useMemo(() => new Set(ids.split("\n")), [ids]);
}
