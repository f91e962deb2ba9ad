"use client";
import { BUILT_IN_TOOLS } from "../../lib/playground/built-in-tools";
import type { SetupTool } from "../../lib/playground/setup";
import { Switch } from "../ui/switch";
import { ToolGroup } from "./tool-group";

interface BuiltInToolsProps {
  readonly tools: readonly SetupTool[];
  /** Names that tools of the organisation have: those come first. */
  readonly taken: ReadonlySet<string>;
  readonly onChange: (tools: readonly SetupTool[]) => void;
}

/** What this page itself can do when it is called. */
export function BuiltInTools({ tools, taken, onChange }: BuiltInToolsProps) {
  return (
    <ToolGroup title="Built in" hint="Carried out by this page as soon as they are called.">
      {BUILT_IN_TOOLS.filter(({ name }) => !taken.has(name)).map(({ name, description, parameters }) => (
        <Switch
          key={name}
          label={name}
          hint={description}
          checked={tools.some((tool) => tool.name === name)}
          onChange={(on) => {
            const others = tools.filter((tool) => tool.name !== name);
            onChange(on ? [...others, { name, description, parameters, mock: undefined, builtIn: true }] : others);
          }}
        />
      ))}
    </ToolGroup>
  );
}
