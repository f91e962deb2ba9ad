"use client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { fieldErrors, problemOf } from "../../lib/errors";
import { useTRPC } from "../../lib/trpc";
import { useDone } from "../../lib/use-done";
import { FormProblem } from "../door/heading";
import { Button } from "../ui/button";
import { DialogActions } from "../ui/dialog";
import { Field } from "../ui/field";
import { Input, Select } from "../ui/input";
import { ShownOnce } from "../ui/secret";
import { Switch } from "../ui/switch";
import { parseObject } from "./parse-object";
import { SchemaEditor } from "./schema-editor";
import type { Tool } from "./tools";

const EXAMPLE = JSON.stringify(
  { type: "object", properties: { city: { type: "string" } }, required: ["city"], additionalProperties: false },
  null,
  2,
);

function draftOf(tool: Tool | undefined) {
  const config: Partial<Tool["config"]> = tool?.config ?? {};
  return {
    name: tool?.name ?? "",
    description: tool?.description ?? "",
    kind: (tool?.kind ?? "client") as "client" | "webhook",
    parameters: tool === undefined ? EXAMPLE : JSON.stringify(tool.parameters, null, 2),
    url: config.url ?? "",
    timeoutMs: config.timeoutMs ?? 10_000,
    idempotent: config.idempotent ?? false,
    enabled: tool?.enabled ?? true,
  };
}
type ToolDraft = ReturnType<typeof draftOf>;

interface ToolFormProps {
  /** Undefined: a new one. */
  readonly tool: Tool | undefined;
  readonly onClose: () => void;
}

export function ToolForm({ tool, onClose }: ToolFormProps) {
  const trpc = useTRPC();
  const done = useDone();
  const [draft, setDraft] = useState(() => draftOf(tool));
  const set = (patch: Partial<ToolDraft>): void => setDraft((before) => ({ ...before, ...patch }));
  const create = useMutation(
    trpc.tools.create.mutationOptions({
      onSuccess: async ({ secret }) => {
        await done([trpc.tools.pathKey()], "The tool is made.");
        if (secret === undefined) onClose();
      },
    }),
  );
  const update = useMutation(
    trpc.tools.update.mutationOptions({
      onSuccess: async () => {
        await done([trpc.tools.pathKey()], "The tool is saved.");
        onClose();
      },
    }),
  );
  const schema = parseObject(draft.parameters);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!schema.ok) return;
    const { name, description, enabled, url, timeoutMs, idempotent } = draft;
    const base = { name, description, enabled, parameters: schema.value };
    const input =
      draft.kind === "webhook"
        ? {
            ...base,
            kind: "webhook" as const,
            config: { url, timeoutMs, idempotent, readOnly: tool?.config.readOnly },
          }
        : { ...base, kind: "client" as const };
    if (tool === undefined) create.mutate(input);
    else update.mutate({ id: tool.id, tool: input });
  };
  if (create.data?.secret !== undefined)
    return <ShownOnce label="What requests are signed with" value={create.data.secret} onClose={onClose} />;
  const error = create.error ?? update.error;
  const errors = Object.fromEntries(
    Object.entries(fieldErrors(error)).map(([path, message]) => [path.replace(/^tool\./, ""), message]),
  );
  const problem = problemOf(
    error,
    ["name", "description", "parameters", "config.url"].flatMap((path) => [path, `tool.${path}`]),
  );
  return (
    <form onSubmit={submit} className="grid grid-cols-[minmax(0,1fr)] gap-4">
      {problem !== undefined && <FormProblem>{problem}</FormProblem>}
      <Fields draft={draft} set={set} errors={errors} isNew={tool === undefined} />
      <div>
        <p id="schema-label" className="mb-1.5 text-sm font-medium">
          Arguments, as a JSON Schema
        </p>
        <SchemaEditor
          labelledBy="schema-label"
          value={draft.parameters}
          onChange={(parameters) => set({ parameters })}
        />
        {errors["parameters"] !== undefined && (
          <p role="alert" className="mt-1.5 text-[0.8125rem] text-vermilion">
            {errors["parameters"]}
          </p>
        )}
      </div>
      <Switch label="On" checked={draft.enabled} onChange={(enabled) => set({ enabled })} />
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button look="primary" type="submit" disabled={!schema.ok} busy={create.isPending || update.isPending}>
          {tool === undefined ? "Create it" : "Save"}
        </Button>
      </DialogActions>
    </form>
  );
}

interface FieldsProps {
  readonly draft: ToolDraft;
  readonly set: (patch: Partial<ToolDraft>) => void;
  readonly errors: Readonly<Record<string, string | undefined>>;
  readonly isNew: boolean;
}

function Fields({ draft, set, errors, isNew }: FieldsProps) {
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Name" hint="Letters, digits, _ and -." error={errors["name"]}>
          {(control) => (
            <Input
              {...control}
              required
              maxLength={64}
              className="font-mono"
              value={draft.name}
              onChange={({ target }) => set({ name: target.value })}
            />
          )}
        </Field>
        <Field label="Answered by">
          {(control) => (
            <Select
              {...control}
              disabled={!isNew}
              value={draft.kind}
              onChange={({ target }) => set({ kind: target.value as ToolDraft["kind"] })}
            >
              <option value="client">The client that talks</option>
              <option value="webhook">A server of yours</option>
            </Select>
          )}
        </Field>
      </div>
      <Field label="When to call it" error={errors["description"]}>
        {(control) => (
          <Input
            {...control}
            maxLength={2000}
            value={draft.description}
            onChange={({ target }) => set({ description: target.value })}
          />
        )}
      </Field>
      {draft.kind === "webhook" && (
        <>
          <Field label="Address" error={errors["config.url"]}>
            {(control) => (
              <Input
                {...control}
                type="url"
                required
                placeholder="https://example.com/tools/weather"
                value={draft.url}
                onChange={({ target }) => set({ url: target.value })}
              />
            )}
          </Field>
          <Switch
            label="May be called twice"
            hint="After a failure it is tried again. Only for what does no harm when it is done twice."
            checked={draft.idempotent}
            onChange={(idempotent) => set({ idempotent })}
          />
        </>
      )}
    </>
  );
}
