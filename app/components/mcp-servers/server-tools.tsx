"use client";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC } from "../../lib/trpc";
import { tellFailure, useDone } from "../../lib/use-done";
import { Calls, FailureRate, useFigures } from "../tools/figures";
import { Trial } from "../tools/trial";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Code } from "../ui/code";
import { Dialog } from "../ui/dialog";
import { Select } from "../ui/input";
import { rulesWith, type Use, useOf } from "./approvals";
import type { McpServer } from "./mcp-server-form";

type ListedTool = NonNullable<McpServer["tools"]>[number];

const USES: Readonly<Record<Use, string>> = {
  asks: "asks a person first",
  free: "called at once",
  withheld: "not for agents",
};

interface ServerToolsProps {
  readonly server: McpServer;
  readonly tools: readonly ListedTool[];
  readonly may: boolean;
}

export function ServerTools({ server, tools, may }: ServerToolsProps) {
  const trpc = useTRPC();
  const done = useDone();
  const figuresOf = useFigures("tool");
  const [shown, setShown] = useState<ListedTool>();
  const save = useMutation(
    trpc.tools.update.mutationOptions({
      onSuccess: () => done([trpc.mcpServers.pathKey()], "The rules are saved."),
      onError: tellFailure,
    }),
  );
  const choose = (tool: ListedTool, use: Use): void => {
    const { id, name, description, enabled } = server;
    const { url = "", transport } = server.config;
    const config = { url, transport, ...rulesWith(tools, tool.name, use) };
    save.mutate({ id, tool: { kind: "mcp", name, description, enabled, config } });
  };
  return (
    <>
      <ul aria-label="Tools of the server" className="divide-y divide-line px-5 pb-2">
        {tools.map((tool) => {
          const figures = figuresOf({ by: "mcp", server: server.name, name: tool.name });
          return (
            <li key={tool.name} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
              <button
                type="button"
                className="min-w-0 flex-1 basis-60 rounded text-left max-sm:basis-full"
                aria-label={`Show ${tool.name}`}
                onClick={() => setShown(tool)}
              >
                <span className="flex items-center gap-2">
                  <code className="truncate font-mono text-sm font-medium">{tool.name}</code>
                  {tool.readOnly && <Badge>only reads</Badge>}
                </span>
                <span className="mt-0.5 line-clamp-2 text-sm text-ink-faint">{tool.description}</span>
              </button>
              {figures !== undefined && (
                <span className="flex items-center gap-2 text-sm text-ink-faint tabular-nums">
                  <span>
                    <Calls of={figures} /> {figures.calls === 1 ? "call" : "calls"}
                  </span>
                  <FailureRate of={figures} />
                </span>
              )}
              {may ? (
                <Select
                  className="w-48 max-sm:w-auto max-sm:flex-1"
                  aria-label={`When ${tool.name} is called`}
                  disabled={save.isPending}
                  value={useOf(tool)}
                  onChange={({ target }) => choose(tool, target.value as Use)}
                >
                  {Object.entries(USES).map(([use, words]) => (
                    <option key={use} value={use}>
                      {words}
                    </option>
                  ))}
                </Select>
              ) : (
                <Badge tone={useOf(tool) === "withheld" ? "warn" : "neutral"}>{USES[useOf(tool)]}</Badge>
              )}
              <Button size="sm" aria-label={`${may ? "Try" : "Look at"} ${tool.name}`} onClick={() => setShown(tool)}>
                {may ? "Try it" : "Look"}
              </Button>
            </li>
          );
        })}
      </ul>
      <Dialog
        open={shown !== undefined}
        onOpenChange={() => setShown(undefined)}
        title={shown?.name ?? ""}
        description={shown?.description}
        wide
      >
        {shown !== undefined && <OneTool server={server} tool={shown} may={may} />}
      </Dialog>
    </>
  );
}

function OneTool({
  server,
  tool,
  may,
}: {
  readonly server: McpServer;
  readonly tool: ListedTool;
  readonly may: boolean;
}) {
  const trpc = useTRPC();
  const run = useMutation(trpc.mcpServers.runTool.mutationOptions());
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      {may && (
        <Trial
          sample={tool.sample}
          outcome={run.data}
          error={run.error}
          busy={run.isPending}
          onRun={(args) => run.mutate({ id: server.id, name: tool.name, arguments: args })}
        />
      )}
      <details open={!may}>
        <summary className="cursor-pointer rounded text-sm font-medium">Its arguments, as a JSON Schema</summary>
        <Code className="mt-2.5" label="JSON Schema" code={JSON.stringify(tool.inputSchema, null, 2)} />
      </details>
    </div>
  );
}
