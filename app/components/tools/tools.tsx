"use client";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { Suspense } from "react";
import { McpServerPage } from "../mcp-servers/mcp-server-page";
import { McpServers } from "../mcp-servers/mcp-servers";
import { ToolList } from "./tool-list";
import { ToolPage } from "./tool-page";

const PLACES = {
  view: parseAsStringLiteral(["functions", "mcp"]).withDefault("functions"),
  tool: parseAsString,
  server: parseAsString,
};

/** The tool library: functions, MCP servers, or one of them, as the URL says. */
export function Tools() {
  return (
    <Suspense>
      <Place />
    </Suspense>
  );
}

function Place() {
  const [{ view, tool, server }] = useQueryStates(PLACES);
  if (tool !== null) return <ToolPage key={tool} id={tool} />;
  if (server !== null) return <McpServerPage key={server} id={server} />;
  return view === "mcp" ? <McpServers /> : <ToolList />;
}
