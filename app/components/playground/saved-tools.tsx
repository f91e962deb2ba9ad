"use client";
import Link from "next/link";
import { type StoredTool, toSetupTool } from "../../lib/playground/agent-setup";
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
      {offered.map((tool) => (
        <SavedTool key={tool.id} tool={tool} setup={setup} change={change} />
      ))}
    </ToolGroup>
  );
}

interface SavedToolProps extends Pick<SavedToolsProps, "setup" | "change"> {
  readonly tool: StoredTool;
}

function SavedTool({ tool, setup, change }: SavedToolProps) {
  const { kind, name, description } = tool;
  const common = { label: name, hint: description };
  switch (kind) {
    case "client":
      return (
        <Switch
          {...common}
          checked={setup.tools.some((each) => each.name === name)}
          onChange={(on) => change({ tools: toggled(setup.tools, on, toSetupTool(tool)) })}
        />
      );
    case "webhook":
      return <SavedWebhook tool={tool} setup={setup} change={change} />;
    case "mcp":
      return <SavedServer tool={tool} setup={setup} change={change} />;
    default:
      return kind satisfies never;
  }
}

/** Under an agent the server runs the agent's own, and no others. */
function SavedWebhook({ tool: { id, name, description }, setup, change }: SavedToolProps) {
  const { agent, webhooks } = setup;
  const theirs = agent?.webhooks.includes(name) === true;
  return (
    <Switch
      label={name}
      hint={
        theirs
          ? "The agent’s: it runs on the server."
          : agent !== undefined
            ? "Run by the server, for agents that have it."
            : `Run by the server. ${description}`
      }
      disabled={agent !== undefined}
      checked={theirs || (agent === undefined && webhooks.some((each) => each.id === id))}
      onChange={(on) => change({ webhooks: toggled(webhooks, on, { id, name }) })}
    />
  );
}

function toggled<T extends { readonly name: string }>(all: readonly T[], on: boolean, one: T): readonly T[] {
  const others = all.filter(({ name }) => name !== one.name);
  return on ? [...others, one] : others;
}

/** An MCP server, and when it must ask before it acts. */
function SavedServer({ tool, setup: { servers }, change }: SavedToolProps) {
  const chosen = servers.find(({ label }) => label === tool.name);
  const put = (server: SetupServer | undefined): void => {
    const others = servers.filter(({ label }) => label !== tool.name);
    change({ servers: server === undefined ? others : [...others, server] });
  };
  return (
    <div className="grid gap-2">
      <Switch
        label={tool.name}
        hint={tool.description === "" ? "MCP server" : `MCP server. ${tool.description}`}
        checked={chosen !== undefined}
        onChange={(on) => put(on ? { label: tool.name, approval: undefined } : undefined)}
      />
      {chosen !== undefined && (
        <Field label={`Approval of calls to ${tool.name}`} className="ml-12">
          {(control) => (
            <Select
              {...control}
              value={chosen.approval ?? ""}
              onChange={({ target: { value } }) =>
                put({ ...chosen, approval: value === "always" || value === "never" ? value : undefined })
              }
            >
              <option value="">As it was registered</option>
              <option value="always">Each call asks</option>
              <option value="never">No call asks</option>
            </Select>
          )}
        </Field>
      )}
    </div>
  );
}
