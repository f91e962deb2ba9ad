"use client";
import { Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import type { StoredTool } from "../../lib/playground/agent-setup";
import { BUILT_IN_TOOLS } from "../../lib/playground/built-in-tools";
import type { Setup, SetupTool } from "../../lib/playground/setup";
import { readTool, toolText } from "../../lib/playground/tool-text";
import { Button, IconButton } from "../ui/button";
import { Dialog, DialogActions } from "../ui/dialog";
import { Field } from "../ui/field";
import { Input, Textarea } from "../ui/input";
import { BuiltInTools } from "./built-in-tools";
import { SavedTools } from "./saved-tools";
import { ToolGroup } from "./tool-group";

interface ToolFieldsProps {
  readonly setup: Setup;
  /** Those of the organisation; undefined while they are on their way. */
  readonly saved: readonly StoredTool[] | undefined;
  readonly change: (patch: Partial<Setup>) => void;
}

/** What the model may call: what the organisation keeps, what this page can do itself, and what is written here. */
export function ToolFields({ setup, saved, change }: ToolFieldsProps) {
  const { tools } = setup;
  const kept = new Set((saved ?? []).map(({ name }) => name));
  const names = new Set([...kept, ...BUILT_IN_TOOLS.map(({ name }) => name)]);
  const own = tools.filter(({ name }) => !names.has(name));
  return (
    <>
      <SavedTools setup={setup} saved={saved} change={change} />
      <BuiltInTools tools={tools} taken={kept} onChange={(next) => change({ tools: next })} />
      <OwnTools
        own={own}
        taken={names}
        onChange={(next) => change({ tools: [...tools.filter(({ name }) => names.has(name)), ...next] })}
      />
    </>
  );
}

interface OwnToolsProps {
  readonly own: readonly SetupTool[];
  /** Names that others have. */
  readonly taken: ReadonlySet<string>;
  readonly onChange: (tools: readonly SetupTool[]) => void;
}

/** Functions that are written here; each may answer by itself with a mock. */
function OwnTools({ own: tools, taken, onChange }: OwnToolsProps) {
  /** The place of the tool that is being written; the number of tools for a new one. */
  const [editing, setEditing] = useState<number>();
  const save = (tool: SetupTool): void => {
    onChange(editing === undefined || editing >= tools.length ? [...tools, tool] : tools.with(editing, tool));
    setEditing(undefined);
  };
  return (
    <ToolGroup title="Only here" hint="You answer their calls in the conversation, or a mock does.">
      {tools.length > 0 && (
        <ul className="grid gap-2">
          {tools.map((tool, place) => (
            <li key={tool.name} className="flex items-center gap-1 rounded-xl border border-line py-1 pr-1 pl-3.5">
              <span className="min-w-0 flex-1 truncate font-mono text-[0.8125rem]">{tool.name}</span>
              <span className="text-xs text-ink-faint">{tool.mock === undefined ? "by hand" : "mock"}</span>
              <IconButton size="icon-sm" label={`Edit ${tool.name}`} onClick={() => setEditing(place)}>
                <Pencil aria-hidden="true" />
              </IconButton>
              <IconButton
                size="icon-sm"
                label={`Remove ${tool.name}`}
                onClick={() => onChange(tools.filter((_, i) => i !== place))}
              >
                <Trash2 aria-hidden="true" />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      <Button size="sm" className="justify-self-start" onClick={() => setEditing(tools.length)}>
        <Plus aria-hidden="true" />
        Add a tool
      </Button>
      <Dialog
        open={editing !== undefined}
        onOpenChange={(open) => !open && setEditing(undefined)}
        title={editing === undefined || editing >= tools.length ? "New tool" : "Tool"}
      >
        <ToolForm
          tool={editing === undefined ? undefined : tools[editing]}
          taken={[...taken, ...tools.filter((_, i) => i !== editing).map(({ name }) => name)]}
          onSave={save}
        />
      </Dialog>
    </ToolGroup>
  );
}

interface ToolFormProps {
  readonly tool: SetupTool | undefined;
  readonly taken: readonly string[];
  readonly onSave: (tool: SetupTool) => void;
}

function ToolForm({ tool, taken, onSave }: ToolFormProps) {
  const [text, setText] = useState(() => toolText(tool));
  const [errors, setErrors] = useState<Readonly<Partial<Record<keyof typeof text, string>>>>({});
  const set = (patch: Partial<typeof text>): void => setText((before) => ({ ...before, ...patch }));
  const submit = (): void => {
    const read = readTool(text, taken);
    if (read.ok) onSave(read.tool);
    else setErrors(read.errors);
  };
  return (
    <div className="grid gap-4">
      <Field label="Name" error={errors.name}>
        {(control) => (
          <Input
            {...control}
            className="font-mono"
            value={text.name}
            onChange={({ target }) => set({ name: target.value })}
          />
        )}
      </Field>
      <Field label="When to call it" error={errors.description}>
        {(control) => (
          <Input {...control} value={text.description} onChange={({ target }) => set({ description: target.value })} />
        )}
      </Field>
      <Field label="Arguments" hint="A JSON Schema." error={errors.parameters}>
        {(control) => (
          <Textarea
            {...control}
            rows={7}
            spellCheck={false}
            className="font-mono text-[0.8125rem]"
            value={text.parameters}
            onChange={({ target }) => set({ parameters: target.value })}
          />
        )}
      </Field>
      <Field label="Mock" optional hint="Answered at once at every call. Empty: you answer." error={errors.mock}>
        {(control) => (
          <Textarea
            {...control}
            rows={2}
            spellCheck={false}
            className="min-h-16 font-mono text-[0.8125rem]"
            value={text.mock}
            onChange={({ target }) => set({ mock: target.value })}
          />
        )}
      </Field>
      <DialogActions>
        <Button look="primary" onClick={submit}>
          Keep the tool
        </Button>
      </DialogActions>
    </div>
  );
}
