"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTRPC } from "../../lib/trpc";
import { Loaded } from "../ui/loaded";
import { Switch } from "../ui/switch";
import type { DraftProps } from "./draft";

/** Which tools of the organisation it may use. */
export function ToolChoice({ draft: { config }, disabled, onConfig }: DraftProps) {
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
          <div className="grid gap-3 sm:grid-cols-2">
            {all.map((tool) => (
              <Switch
                key={tool.id}
                label={tool.name}
                hint={tool.description === "" ? tool.kind : tool.description}
                disabled={disabled}
                checked={config.tools.includes(tool.id)}
                onChange={(on) =>
                  onConfig({ tools: on ? [...config.tools, tool.id] : config.tools.filter((id) => id !== tool.id) })
                }
              />
            ))}
          </div>
        )
      }
    </Loaded>
  );
}
