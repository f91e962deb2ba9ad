"use client";
import { Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import type { SetupTool } from "../../lib/playground/setup";
import { readTool, toolText } from "../../lib/playground/tool-text";
import { Button, IconButton } from "../ui/button";
import { Dialog, DialogActions } from "../ui/dialog";
import { Field } from "../ui/field";
import { Input, Textarea } from "../ui/input";

interface ToolFieldsProps {
  readonly tools: readonly SetupTool[];
  readonly onChange: (tools: readonly SetupTool[]) => void;
}

/** Functions that the model may call; each may answer by itself with a mock. */
export function ToolFields({ tools, onChange }: ToolFieldsProps) {
  /** The place of the tool that is being written; the number of tools for a new one. */
  const [editing, setEditing] = useState<number>();
  const save = (tool: SetupTool): void => {
    onChange(editing === undefined || editing >= tools.length ? [...tools, tool] : tools.with(editing, tool));
    setEditing(undefined);
  };
  return (
    <>
      {tools.length === 0 ? (
        <p className="text-sm leading-6 text-ink-soft">
          Functions that the model may call. You answer them in the conversation, or a mock does.
        </p>
      ) : (
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
          taken={tools.filter((_, i) => i !== editing).map(({ name }) => name)}
          onSave={save}
        />
      </Dialog>
    </>
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
