"use client";
import { useQuery } from "@tanstack/react-query";
import { Blocks, Plus } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { type Answers, useTRPC } from "../../lib/trpc";
import { useViewer } from "../shell/viewer";
import { DaysChoice, figureColumns, type Figures, useFigures } from "../tools/figures";
import { LibraryTabs } from "../tools/library-tabs";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { Dialog } from "../ui/dialog";
import { Empty } from "../ui/empty";
import { Loaded } from "../ui/loaded";
import { Page } from "../ui/page-frame";
import { SimpleTable } from "../ui/simple-table";
import { HealthBadge } from "./health";
import { McpServerForm } from "./mcp-server-form";

type McpServer = Answers["mcpServers"]["list"][number];

interface Row {
  readonly server: McpServer;
  readonly figures: Figures | undefined;
}

interface Cell {
  readonly row: { readonly original: Row };
}

const COLUMNS = [
  {
    header: "Server",
    meta: { className: "max-w-80 max-sm:max-w-32" },
    cell: ({ row: { original } }: Cell) => (
      <Link href={`/tools?server=${original.server.id}`} className="block min-w-0 rounded">
        <span className="block truncate font-mono font-medium">{original.server.name}</span>
        <span className="block truncate text-ink-faint">
          {original.server.description || original.server.config.url}
        </span>
      </Link>
    ),
  },
  {
    header: "Health",
    cell: ({ row: { original } }: Cell) => (
      <span className="flex gap-1.5">
        <HealthBadge health={original.server.health} />
        {!original.server.enabled && <Badge tone="warn">off</Badge>}
      </span>
    ),
  },
  {
    header: "Tools",
    meta: { wide: true, className: "text-right tabular-nums" },
    cell: ({ row: { original } }: Cell) =>
      original.server.health?.toolCount ?? <span className="text-ink-faint">–</span>,
  },
  ...figureColumns<Row>(),
];

export function McpServers() {
  const trpc = useTRPC();
  const may = useViewer().scopes.includes("tools:write");
  const servers = useQuery(trpc.mcpServers.list.queryOptions());
  const figuresOf = useFigures("server");
  const [creating, setCreating] = useState(false);
  const add = may && (
    <Button look="primary" onClick={() => setCreating(true)}>
      <Plus aria-hidden="true" />
      New MCP server
    </Button>
  );
  return (
    <Page
      title="MCP servers"
      description="Servers that bring their own tools. Registered once with their keys, they are given to agents, or named by their label in a session."
      actions={add}
    >
      <LibraryTabs at="mcp" />
      <Loaded query={servers}>
        {(rows) =>
          rows.length === 0 ? (
            <Card>
              <Empty icon={Blocks} title="No MCP servers yet" action={add}>
                Give the address of a server that speaks the Model Context Protocol, over HTTP. It is asked for its
                tools, and you choose which of them agents get, and of which a person is asked first.
              </Empty>
            </Card>
          ) : (
            <Card
              flush
              title="Your servers"
              description="With how their tools did in sessions."
              action={<DaysChoice />}
            >
              <SimpleTable
                label="MCP servers"
                rows={rows.map((server) => ({
                  server,
                  figures: figuresOf({ by: "mcp", server: server.name, name: "" }),
                }))}
                columns={COLUMNS}
                rowId={({ server }) => server.id}
              />
            </Card>
          )
        }
      </Loaded>
      <Dialog open={creating} onOpenChange={setCreating} title="New MCP server" wide>
        <McpServerForm server={undefined} onClose={() => setCreating(false)} />
      </Dialog>
    </Page>
  );
}
