"use client";
import { useQuery } from "@tanstack/react-query";
import { Plus, Wrench } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { type Answers, useTRPC } from "../../lib/trpc";
import { useViewer } from "../shell/viewer";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { Dialog } from "../ui/dialog";
import { Empty } from "../ui/empty";
import { Loaded } from "../ui/loaded";
import { Page } from "../ui/page-frame";
import { SimpleTable } from "../ui/simple-table";
import { DaysChoice, figureColumns, type Figures, useFigures } from "./figures";
import { LibraryTabs } from "./library-tabs";
import { ToolForm } from "./tool-form";

export type Tool = Answers["tools"]["list"][number];

interface Row {
  readonly tool: Tool;
  readonly figures: Figures | undefined;
}

interface Cell {
  readonly row: { readonly original: Row };
}

const COLUMNS = [
  {
    header: "Tool",
    meta: { className: "max-w-96 max-sm:max-w-40" },
    cell: ({ row: { original } }: Cell) => (
      <Link href={`/tools?tool=${original.tool.id}`} className="block min-w-0 rounded">
        <span className="block truncate font-mono font-medium">{original.tool.name}</span>
        <span className="block truncate text-ink-faint">{original.tool.description}</span>
      </Link>
    ),
  },
  {
    header: "Answered by",
    meta: { wide: true },
    cell: ({ row: { original } }: Cell) => (
      <span className="flex gap-1.5">
        <Badge>{original.tool.kind}</Badge>
        {!original.tool.enabled && <Badge tone="warn">off</Badge>}
      </span>
    ),
  },
  ...figureColumns<Row>(),
];

/** Whose calls count as a tool's: a webhook's are made by this server. */
export function callerOf({ kind, name }: Pick<Tool, "kind" | "name">) {
  return { by: kind === "webhook" ? ("server" as const) : ("client" as const), server: "", name };
}

/** Functions: the client's own, and webhooks. */
export function ToolList() {
  const trpc = useTRPC();
  const may = useViewer().scopes.includes("tools:write");
  const tools = useQuery(trpc.tools.list.queryOptions());
  const figuresOf = useFigures("tool");
  const [creating, setCreating] = useState(false);
  const add = may && (
    <Button look="primary" onClick={() => setCreating(true)}>
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
      <LibraryTabs at="functions" />
      <Loaded query={tools}>
        {(all) => {
          const rows = all.filter(({ kind }) => kind !== "mcp");
          if (rows.length === 0) return <NoTools add={add} />;
          return (
            <Card flush title="Your tools" description="With how they did in sessions." action={<DaysChoice />}>
              <SimpleTable
                label="Tools"
                rows={rows.map((tool) => ({ tool, figures: figuresOf(callerOf(tool)) }))}
                columns={COLUMNS}
                rowId={({ tool }) => tool.id}
              />
            </Card>
          );
        }}
      </Loaded>
      <Dialog open={creating} onOpenChange={setCreating} title="New tool" wide>
        <ToolForm tool={undefined} onClose={() => setCreating(false)} />
      </Dialog>
    </Page>
  );
}

function NoTools({ add }: { readonly add: React.ReactNode }) {
  return (
    <Card>
      <Empty icon={Wrench} title="No tools yet" action={add}>
        Say what a function is called, when to call it and which arguments it takes; then give it to an agent. A server
        that brings its own tools is an{" "}
        <Link href="/tools?view=mcp" className="rounded font-medium text-accent hover:underline">
          MCP server
        </Link>
        .
      </Empty>
    </Card>
  );
}
