"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Plus, Wrench } from "lucide-react";
import { useState } from "react";
import { type Answers, useTRPC } from "../../lib/trpc";
import { tellFailure, useDone } from "../../lib/use-done";
import { useViewer } from "../shell/viewer";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { Confirm, Dialog } from "../ui/dialog";
import { Empty } from "../ui/empty";
import { Loaded } from "../ui/loaded";
import { Page } from "../ui/page-frame";
import { Secret } from "../ui/secret";
import { ToolForm } from "./tool-form";

export type Tool = Answers["tools"]["list"][number];

const KINDS: Readonly<Record<Tool["kind"], string>> = { client: "client", webhook: "webhook", mcp: "MCP server" };

export function Tools() {
  const trpc = useTRPC();
  const may = useViewer().scopes.includes("tools:write");
  const tools = useQuery(trpc.tools.list.queryOptions());
  /** `null`: a new one. */
  const [editing, setEditing] = useState<Tool | null>();
  const add = may && (
    <Button look="primary" onClick={() => setEditing(null)}>
      <Plus aria-hidden="true" />
      New tool
    </Button>
  );
  return (
    <Page
      title="Tools"
      description="Functions that agents may call: answered by the client, or by a server of yours that is asked with a signed request."
      actions={add}
    >
      <Card>
        <Loaded query={tools}>
          {(rows) =>
            rows.length === 0 ? (
              <Empty icon={Wrench} title="No tools yet" action={add}>
                Say what a function is called, when to call it and which arguments it takes; then give it to an agent.
              </Empty>
            ) : (
              <ul aria-label="Tools" className="-my-3 divide-y divide-line">
                {rows.map((tool) => (
                  <ToolRow key={tool.id} tool={tool} onEdit={may ? () => setEditing(tool) : undefined} />
                ))}
              </ul>
            )
          }
        </Loaded>
      </Card>
      <Dialog
        open={editing !== undefined}
        onOpenChange={() => setEditing(undefined)}
        title={editing === null ? "New tool" : (editing?.name ?? "")}
        wide
      >
        {editing !== undefined && <ToolForm tool={editing ?? undefined} onClose={() => setEditing(undefined)} />}
      </Dialog>
    </Page>
  );
}

function ToolRow({ tool, onEdit }: { readonly tool: Tool; readonly onEdit: (() => void) | undefined }) {
  const trpc = useTRPC();
  const done = useDone();
  const [asking, setAsking] = useState<"remove" | "rotate">();
  const close = (): void => setAsking(undefined);
  const remove = useMutation(
    trpc.tools.remove.mutationOptions({
      onSuccess: () => done([trpc.tools.pathKey()], `${tool.name} is deleted.`),
      onError: tellFailure,
      onSettled: close,
    }),
  );
  const rotate = useMutation(trpc.tools.rotateSecret.mutationOptions({ onError: tellFailure }));
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
      <span className="min-w-0 flex-1 basis-64">
        <span className="block truncate font-mono text-sm font-medium">{tool.name}</span>
        <span className="block truncate text-sm text-ink-faint">{tool.description}</span>
      </span>
      <Badge>{KINDS[tool.kind]}</Badge>
      {!tool.enabled && <Badge tone="warn">off</Badge>}
      {onEdit !== undefined && (
        <span className="flex gap-2">
          {tool.kind !== "mcp" && (
            <Button size="sm" aria-label={`Edit ${tool.name}`} onClick={onEdit}>
              Edit
            </Button>
          )}
          {tool.kind === "webhook" && (
            <Button size="sm" aria-label={`New secret for ${tool.name}`} onClick={() => setAsking("rotate")}>
              New secret
            </Button>
          )}
          <Button look="danger-quiet" size="sm" aria-label={`Delete ${tool.name}`} onClick={() => setAsking("remove")}>
            Delete
          </Button>
        </span>
      )}
      <Dialog
        open={asking === "rotate"}
        onOpenChange={close}
        title="New signing secret"
        description="The old one is void at once."
      >
        {rotate.data === undefined ? (
          <Button look="danger" busy={rotate.isPending} onClick={() => rotate.mutate({ id: tool.id })}>
            Make a new secret
          </Button>
        ) : (
          <Secret label="The signing secret" value={rotate.data.secret} />
        )}
      </Dialog>
      <Confirm
        open={asking === "remove"}
        onOpenChange={close}
        title={`Delete ${tool.name}?`}
        description="Agents that use it must be changed first."
        action="Delete"
        busy={remove.isPending}
        onConfirm={() => remove.mutate({ id: tool.id })}
      />
    </li>
  );
}
