"use client";
import Link from "next/link";
import { type StoredTool, toSetupServer, toSetupTool } from "../../lib/playground/agent-setup";
import type { Setup, SetupServer } from "../../lib/playground/setup";
import { Field } from "../ui/field";
import { Select } from "../ui/input";
import { Switch } from "../ui/switch";
import { ToolGroup } from "./tool-group";

interface SavedToolsProps {
  readonly setup: Setup;
  /** Undefined while they are on their way. */
  readonly saved: readonly StoredTool[] | undefined;
  readonly change: (patch: Partial<Setup>) => void;
}

/** Tools and MCP servers that the organisation keeps. */
export function SavedTools({ setup, saved, change }: SavedToolsProps) {
  const offered = saved?.filter(({ enabled }) => enabled);
  if (offered === undefined) return null;
  const runsByItself = ({ name }: StoredTool): boolean => setup.agent?.webhooks.includes(name) === true;
  return (
    <ToolGroup
      title="Of your organisation"
      hint={
        offered.length > 0 ? (
          "Its functions, webhooks and MCP servers."
        ) : (
          <>
            There are none yet.{" "}
            <Link href="/tools" className="rounded font-medium text-accent hover:underline">
              Make one
            </Link>
            , then choose it here.
          </>
        )
      }
    >
      {offered.map((tool) =>
        tool.kind === "mcp" ? (
          <SavedServer key={tool.id} tool={tool} setup={setup} change={change} />
        ) : (
          <Switch
            key={tool.id}
            label={tool.name}
            hint={runsByItself(tool) ? "The agent’s: it runs on the server." : tool.description}
            disabled={runsByItself(tool)}
            checked={runsByItself(tool) || setup.tools.some(({ name }) => name === tool.name)}
            onChange={(on) => change({ tools: toggled(setup.tools, on, toSetupTool(tool)) })}
          />
        ),
      )}
    </ToolGroup>
  );
}

function toggled<T extends { readonly name: string }>(all: readonly T[], on: boolean, one: T): readonly T[] {
  const others = all.filter(({ name }) => name !== one.name);
  return on ? [...others, one] : others;
}

interface SavedServerProps extends Pick<SavedToolsProps, "setup" | "change"> {
  readonly tool: StoredTool;
}

/** An MCP server, and when it must ask before it acts. */
function SavedServer({ tool, setup: { servers }, change }: SavedServerProps) {
  const chosen = servers.find(({ label }) => label === tool.name);
  const registered = toSetupServer(tool);
  const put = (server: SetupServer | undefined): void => {
    const others = servers.filter(({ label }) => label !== tool.name);
    change({ servers: server === undefined ? others : [...others, server] });
  };
  const rule = chosen?.approval === registered.approval ? "registered" : chosen?.approval;
  return (
    <div className="grid gap-2">
      <Switch
        label={tool.name}
        hint={tool.description === "" ? "MCP server" : `MCP server. ${tool.description}`}
        checked={chosen !== undefined}
        onChange={(on) => put(on ? registered : undefined)}
      />
      {chosen !== undefined && (
        <Field label={`Approval of calls to ${tool.name}`} className="ml-12">
          {(control) => (
            <Select
              {...control}
              value={typeof rule === "string" ? rule : "registered"}
              onChange={({ target: { value } }) =>
                put({ ...chosen, approval: value === "always" || value === "never" ? value : registered.approval })
              }
            >
              <option value="registered">As it was registered: {inWords(registered.approval)}</option>
              <option value="always">You approve each call</option>
              <option value="never">Calls go through unasked</option>
            </Select>
          )}
        </Field>
      )}
    </div>
  );
}

function inWords(rule: SetupServer["approval"]): string {
  if (typeof rule !== "string") return "some calls ask";
  return rule === "always" ? "each call asks" : "none asks";
}
