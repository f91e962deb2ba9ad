"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { diffLines } from "diff";
import { RotateCcw } from "lucide-react";
import { useMemo, useState } from "react";
import { type Answers, useTRPC } from "../../lib/trpc";
import { tellFailure, useDone } from "../../lib/use-done";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { cn } from "../ui/cn";
import { Loaded } from "../ui/loaded";
import { Time } from "../ui/time";
import type { Agent, Config } from "./draft";

type Version = Answers["agents"]["versions"][number];

interface AgentVersionsProps {
  readonly agent: Agent;
  readonly mayRestore: boolean;
}

/** Every save, each with what it changed. */
export function AgentVersions({ agent, mayRestore }: AgentVersionsProps) {
  const trpc = useTRPC();
  const versions = useQuery(trpc.agents.versions.queryOptions({ id: agent.id, limit: 200 }));
  return (
    <Loaded query={versions}>
      {(all) => (
        <ol aria-label="Versions" className="grid grid-cols-[minmax(0,1fr)] gap-4">
          {all.map((version, i) => (
            <li key={version.version}>
              <VersionCard
                agent={agent}
                version={version}
                before={all[i + 1]}
                mayRestore={mayRestore && version.version !== agent.latestVersion}
              />
            </li>
          ))}
        </ol>
      )}
    </Loaded>
  );
}

interface VersionCardProps extends AgentVersionsProps {
  readonly version: Version;
  readonly before: Version | undefined;
}

function VersionCard({ agent, version, before, mayRestore }: VersionCardProps) {
  const trpc = useTRPC();
  const done = useDone();
  const [open, setOpen] = useState(false);
  const restore = useMutation(
    trpc.agents.restore.mutationOptions({
      onSuccess: ({ version: made }) => done([trpc.agents.pathKey()], `It is back, as version ${made}.`),
      onError: tellFailure,
    }),
  );
  return (
    <Card>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <span className="font-medium">Version {version.version}</span>
        {version.version === agent.latestVersion && <Badge tone="accent">current</Badge>}
        <span className="min-w-0 flex-1 truncate text-sm text-ink-soft">{version.note}</span>
        <span className="text-xs text-ink-faint">
          <Time at={version.createdAt} />
        </span>
        {before !== undefined && (
          <Button size="sm" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? "Hide changes" : "Changes"}
          </Button>
        )}
        {mayRestore && (
          <Button
            size="sm"
            busy={restore.isPending}
            aria-label={`Restore version ${version.version}`}
            onClick={() => restore.mutate({ id: agent.id, version: version.version })}
          >
            <RotateCcw aria-hidden="true" />
            Restore
          </Button>
        )}
      </div>
      {open && before !== undefined && <Diff before={before.config} after={version.config} />}
    </Card>
  );
}

/** Line by line, the instructions as text and the rest as JSON. */
function Diff({ before, after }: { readonly before: Config; readonly after: Config }) {
  const parts = useMemo(() => diffLines(asText(before), asText(after)), [before, after]);
  return (
    <pre
      tabIndex={0}
      aria-label="Changes"
      className="mt-4 max-h-112 overflow-auto rounded-xl border border-line bg-paper py-2 font-mono text-xs leading-5"
    >
      {parts.flatMap(({ value, added, removed }, i) =>
        value
          .replace(/\n$/, "")
          .split("\n")
          .map((line, j) => (
            <span
              key={`${i}.${j}`}
              className={cn(
                "block px-4 whitespace-pre-wrap",
                added && "bg-[color-mix(in_oklch,var(--leaf)_16%,transparent)]",
                removed && "bg-vermilion-soft",
                !added && !removed && "text-ink-soft",
              )}
            >
              <span aria-hidden="true">{added ? "+ " : removed ? "− " : "  "}</span>
              <span className="sr-only">{added ? "added: " : removed ? "removed: " : ""}</span>
              {line}
            </span>
          )),
      )}
    </pre>
  );
}

function asText({ instructions, ...rest }: Config): string {
  return `${instructions}\n\n${JSON.stringify(rest, null, 2)}\n`;
}
