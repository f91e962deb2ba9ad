"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTRPC } from "../../lib/trpc";
import { tellFailure, useDone } from "../../lib/use-done";
import { useViewer } from "../shell/viewer";
import { useFigures } from "../tools/figures";
import { LatestCalls } from "../tools/latest-calls";
import { useToolRemoval } from "../tools/use-tool-saving";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { DeleteButton } from "../ui/delete-button";
import { EditButton } from "../ui/edit-button";
import { Empty } from "../ui/empty";
import { Loaded } from "../ui/loaded";
import { Page } from "../ui/page-frame";
import { HealthLine } from "./health";
import { type McpServer, McpServerForm } from "./mcp-server-form";
import { ServerTools } from "./server-tools";

export function McpServerPage({ id }: { readonly id: string }) {
  const trpc = useTRPC();
  const server = useQuery(trpc.mcpServers.get.queryOptions({ id }));
  return <Loaded query={server}>{(data) => <Content server={data} />}</Loaded>;
}

function Content({ server }: { readonly server: McpServer }) {
  const may = useViewer().scopes.includes("tools:write");
  const of = { by: "mcp", server: server.name } as const;
  const figures = useFigures("server")({ ...of, name: "" });
  return (
    <Page title={server.name} description={server.description} actions={may && <Actions server={server} />} narrow>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
        <Connection server={server} />
        <Card
          title="Its tools"
          description="What agents get of them, and when a person is asked first."
          flush={server.tools !== null && server.tools.length > 0}
        >
          {server.tools === null || server.tools.length === 0 ? (
            <Empty title={server.tools === null ? "Nobody has asked it yet" : "It has no tools"}>
              {may
                ? "Connect and list its tools: they are shown here with their arguments, and can be tried one by one."
                : "Its tools are shown here once somebody who may change tools has asked it for them."}
            </Empty>
          ) : (
            <ServerTools server={server} tools={server.tools} may={may} />
          )}
        </Card>
        <LatestCalls figures={figures} of={of} />
      </div>
    </Page>
  );
}

function Actions({ server }: { readonly server: McpServer }) {
  const trpc = useTRPC();
  const router = useRouter();
  const done = useDone();
  const remove = useToolRemoval(server.name, () => router.push("/tools?view=mcp"));
  const list = useMutation(
    trpc.mcpServers.listTools.mutationOptions({
      onSuccess: () => done([trpc.mcpServers.pathKey()]),
      onError: tellFailure,
    }),
  );
  return (
    <>
      <Button look="primary" size="sm" busy={list.isPending} onClick={() => list.mutate({ id: server.id })}>
        <RefreshCw aria-hidden="true" />
        Connect and list tools
      </Button>
      <EditButton of={server.name} wide form={(close) => <McpServerForm server={server} onClose={close} />} />
      <DeleteButton
        of={server.name}
        description="Its keys go with it. Agents that use it must be changed first."
        busy={remove.isPending}
        onDelete={() => remove.mutateAsync({ id: server.id })}
      />
    </>
  );
}

const TRANSPORTS = { auto: "HTTP", streamable: "streamable HTTP", sse: "HTTP with SSE" } as const;

function Connection({ server: { config, enabled, hasSecret, health } }: { readonly server: McpServer }) {
  return (
    <Card>
      <div className="grid gap-3">
        <p className="font-mono text-sm break-all">{config.url}</p>
        <p className="flex flex-wrap gap-1.5">
          <Badge>{TRANSPORTS[config.transport ?? "auto"]}</Badge>
          {!enabled && <Badge tone="warn">off</Badge>}
          {hasSecret && <Badge>token: sealed</Badge>}
          {config.headerNames?.map((name) => (
            <Badge key={name}>{name}: sealed</Badge>
          ))}
        </p>
        <HealthLine health={health} />
      </div>
    </Card>
  );
}
