"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { ReactNode } from "react";
import { type Answers, useTRPC } from "../../lib/trpc";
import { Field } from "../ui/field";
import { Select } from "../ui/input";
import { Loaded } from "../ui/loaded";
import { Switch } from "../ui/switch";
import type { Config, DraftProps } from "./draft";

type Tool = Answers["tools"]["list"][number];

const CHOICES: readonly { readonly value: Config["toolChoice"]; readonly label: string }[] = [
  { value: "auto", label: "When it sees fit" },
  { value: "required", label: "In every reply" },
  { value: "none", label: "Never" },
];

/** Which tools and MCP servers of the organisation it may use, and when. */
export function ToolChoice(props: DraftProps) {
  const { draft, onConfig } = props;
  const trpc = useTRPC();
  const tools = useQuery(trpc.tools.list.queryOptions());
  return (
    <Loaded query={tools}>
      {(all) =>
        all.length === 0 ? (
          <p className="text-sm leading-6 text-ink-soft">
            Your organisation has no tools yet.{" "}
            <Link href="/tools" className="rounded font-medium text-accent hover:underline">
              Make one
            </Link>
            , then choose it here.
          </p>
        ) : (
          <div className="grid gap-5">
            <Group title="Functions and webhooks" tools={all.filter(({ kind }) => kind !== "mcp")} {...props} />
            <Group title="MCP servers" tools={all.filter(({ kind }) => kind === "mcp")} {...props} />
            <Field label="Uses them" className="sm:max-w-60">
              {(control) => (
                <Select
                  {...control}
                  value={draft.config.toolChoice}
                  onChange={({ target }) => onConfig({ toolChoice: target.value as Config["toolChoice"] })}
                >
                  {CHOICES.map(({ value, label }) => (
                    <option key={value} value={value}>
                      {label}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
          </div>
        )
      }
    </Loaded>
  );
}

interface GroupProps extends DraftProps {
  readonly title: string;
  readonly tools: readonly Tool[];
}

function Group({ title, tools, draft: { config }, disabled, onConfig }: GroupProps) {
  if (tools.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3 className="mb-2.5 text-sm font-medium text-ink-soft">{title}</h3>
      <div className="grid gap-3 sm:grid-cols-2">
        {tools.map((tool) => (
          <Switch
            key={tool.id}
            label={tool.name}
            hint={hintOf(tool)}
            disabled={disabled}
            checked={config.tools.includes(tool.id)}
            onChange={(on) =>
              onConfig({ tools: on ? [...config.tools, tool.id] : config.tools.filter((id) => id !== tool.id) })
            }
          />
        ))}
      </div>
    </section>
  );
}

function hintOf(tool: Tool): ReactNode {
  const parts = [
    tool.kind === "mcp" ? mcpInWords(tool) : tool.kind === "webhook" ? "Webhook" : "Function of the client",
    ...(tool.enabled ? [] : ["switched off"]),
  ];
  return tool.description === "" ? `${parts.join(", ")}.` : `${parts.join(", ")}. ${tool.description}`;
}

/** When its calls need a person, and how many of its tools are offered. */
function mcpInWords({ config }: Tool): string {
  const { approval = "always", allowedTools = null } = config as {
    readonly approval?: string | object;
    readonly allowedTools?: readonly string[] | null;
  };
  const asks =
    typeof approval !== "string" ? "some calls ask" : approval === "always" ? "each call asks" : "no call asks";
  return allowedTools === null ? `All its tools, ${asks}` : `${allowedTools.length} of its tools, ${asks}`;
}
