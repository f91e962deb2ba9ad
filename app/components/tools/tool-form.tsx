"use client";
import { type FormEvent, useState } from "react";
import { FormProblem } from "../door/heading";
import { AddressField } from "../ui/address-field";
import { Button } from "../ui/button";
import { DialogActions } from "../ui/dialog";
import { Field } from "../ui/field";
import { Input, Select } from "../ui/input";
import { ShownOnce } from "../ui/secret";
import { Switch } from "../ui/switch";
import { type HeaderDraft, headerDrafts, HeaderFields, headersOf } from "./header-fields";
import { JsonEditor } from "./json-editor";
import { parseObject } from "./parse-object";
import { ToolNameFields } from "./tool-name-fields";
import type { Tool } from "./tool-list";
import { useToolSaving } from "./use-tool-saving";

const EXAMPLE = JSON.stringify(
  { type: "object", properties: { city: { type: "string" } }, required: ["city"], additionalProperties: false },
  null,
  2,
);
const FIELDS = ["name", "description", "parameters", "config.url", "config.timeoutMs", "config.headers"];

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
    readOnly: config.readOnly ?? false,
    headers: headerDrafts(config.headerNames),
    enabled: tool?.enabled ?? true,
  };
}
type ToolDraft = ReturnType<typeof draftOf>;

function inputOf(draft: ToolDraft, parameters: Record<string, unknown>) {
  const { kind, name, description, enabled, url, timeoutMs, idempotent, readOnly } = draft;
  const base = { name, description, enabled, parameters };
  if (kind === "client") return { ...base, kind };
  const config = { url, timeoutMs, idempotent, readOnly, headers: headersOf(draft.headers) };
  return { ...base, kind, config };
}

interface ToolFormProps {
  /** Undefined: a new one. */
  readonly tool: Tool | undefined;
  readonly onClose: () => void;
}

export function ToolForm({ tool, onClose }: ToolFormProps) {
  const [draft, setDraft] = useState(() => draftOf(tool));
  const set = (patch: Partial<ToolDraft>): void => setDraft((before) => ({ ...before, ...patch }));
  const { create, update, errors, problem, busy } = useToolSaving({
    what: "The tool",
    fields: FIELDS,
    onMade: ({ secret }) => secret === undefined && onClose(),
    onSaved: onClose,
  });
  const schema = parseObject(draft.parameters);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!schema.ok) return;
    const input = inputOf(draft, schema.value);
    if (tool === undefined) create.mutate(input);
    else update.mutate({ id: tool.id, tool: input });
  };
  if (create.data?.secret !== undefined)
    return <ShownOnce label="What requests are signed with" value={create.data.secret} onClose={onClose} />;
  return (
    <form onSubmit={submit} className="grid grid-cols-[minmax(0,1fr)] gap-4">
      {problem !== undefined && <FormProblem>{problem}</FormProblem>}
      <ToolNameFields draft={draft} errors={errors} onChange={set}>
        <Field label="Answered by">
          {(control) => (
            <Select
              {...control}
              disabled={tool !== undefined}
              value={draft.kind}
              onChange={({ target }) => set({ kind: target.value as ToolDraft["kind"] })}
            >
              <option value="client">The client that talks</option>
              <option value="webhook">A server of yours</option>
            </Select>
          )}
        </Field>
      </ToolNameFields>
      {draft.kind === "webhook" && <WebhookFields draft={draft} set={set} errors={errors} />}
      <div>
        <p id="schema-label" className="mb-1.5 text-sm font-medium">
          Arguments, as a JSON Schema
        </p>
        <JsonEditor
          labelledBy="schema-label"
          value={draft.parameters}
          error={errors["parameters"]}
          onChange={(parameters) => set({ parameters })}
        />
      </div>
      <Switch label="On" checked={draft.enabled} onChange={(enabled) => set({ enabled })} />
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button look="primary" type="submit" disabled={!schema.ok} busy={busy}>
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
}

function WebhookFields({ draft, set, errors }: FieldsProps) {
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_10rem]">
        <AddressField
          placeholder="https://example.com/tools/weather"
          error={errors["config.url"]}
          value={draft.url}
          onChange={(url) => set({ url })}
        />
        <Field label="Patience in ms" error={errors["config.timeoutMs"]}>
          {(control) => (
            <Input
              {...control}
              type="number"
              required
              min={100}
              max={60_000}
              value={draft.timeoutMs}
              onChange={({ target }) => set({ timeoutMs: target.valueAsNumber })}
            />
          )}
        </Field>
      </div>
      <HeaderFields headers={draft.headers} errors={errors} onChange={(headers: HeaderDraft[]) => set({ headers })} />
      <Switch
        label="May be called twice"
        hint="After a failure it is tried again. Only for what does no harm when it is done twice."
        checked={draft.idempotent}
        onChange={(idempotent) => set({ idempotent })}
      />
      <Switch
        label="Only looks things up"
        hint="It changes nothing: a call is given up when somebody speaks over the reply."
        checked={draft.readOnly}
        onChange={(readOnly) => set({ readOnly })}
      />
    </>
  );
}
