"use client";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { type Answers, useTRPC } from "../../lib/trpc";
import { FormProblem } from "../door/heading";
import { headerDrafts, HeaderFields, headersOf } from "../tools/header-fields";
import { ToolNameFields } from "../tools/tool-name-fields";
import { useToolSaving } from "../tools/use-tool-saving";
import { AddressField } from "../ui/address-field";
import { Button } from "../ui/button";
import { DialogActions } from "../ui/dialog";
import { Field } from "../ui/field";
import { Input, Select } from "../ui/input";
import { Switch } from "../ui/switch";
import { type Approval, APPROVALS, ruleOf, type RuleName } from "./approvals";

export type McpServer = Answers["mcpServers"]["get"];

const FIELDS = ["name", "description", "config.url", "config.headers", "token"];

function draftOf(server: McpServer | undefined) {
  const { url = "", transport = "auto", approval = "always", headerNames } = server?.config ?? {};
  return {
    name: server?.name ?? "",
    description: server?.description ?? "",
    url,
    transport,
    approval: approval as Approval,
    headers: headerDrafts(headerNames),
    token: "",
    withoutToken: false,
    enabled: server?.enabled ?? true,
  };
}
type Draft = ReturnType<typeof draftOf>;

function inputOf(
  { name, description, enabled, url, transport, approval, ...draft }: Draft,
  server: McpServer | undefined,
) {
  const allowedTools = server?.config.allowedTools ?? null;
  const config = { url, transport, approval, allowedTools, headers: headersOf(draft.headers) };
  const token = draft.withoutToken ? { token: null } : draft.token === "" ? {} : { token: draft.token };
  return { kind: "mcp" as const, name, description, enabled, config, ...token };
}

interface McpServerFormProps {
  /** Undefined: a new one. */
  readonly server: McpServer | undefined;
  readonly onClose: () => void;
}

export function McpServerForm({ server, onClose }: McpServerFormProps) {
  const trpc = useTRPC();
  const router = useRouter();
  const [draft, setDraft] = useState(() => draftOf(server));
  const set = (patch: Partial<Draft>): void => setDraft((before) => ({ ...before, ...patch }));
  const list = useMutation(trpc.mcpServers.listTools.mutationOptions());
  const { create, update, errors, problem, busy } = useToolSaving({
    what: "The server",
    fields: FIELDS,
    // Whether it answers is the first thing that one wants to know; its page says so if it does not.
    onMade: async ({ id }) => {
      await list.mutateAsync({ id }).catch(() => undefined);
      router.push(`/tools?server=${id}`);
    },
    onSaved: onClose,
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const input = inputOf(draft, server);
    if (server === undefined) create.mutate(input);
    else update.mutate({ id: server.id, tool: input });
  };
  return (
    <form onSubmit={submit} className="grid grid-cols-[minmax(0,1fr)] gap-4">
      {problem !== undefined && <FormProblem>{problem}</FormProblem>}
      <ToolNameFields label="Label" purpose="What it is for" draft={draft} errors={errors} onChange={set}>
        <Field label="Transport">
          {(control) => (
            <Select
              {...control}
              value={draft.transport}
              onChange={({ target }) => set({ transport: target.value as Draft["transport"] })}
            >
              <option value="auto">Whichever it speaks</option>
              <option value="streamable">Streamable HTTP</option>
              <option value="sse">HTTP with SSE (older)</option>
            </Select>
          )}
        </Field>
      </ToolNameFields>
      <AddressField
        placeholder="https://example.com/mcp"
        error={errors["config.url"]}
        value={draft.url}
        onChange={(url) => set({ url })}
      />
      <TokenField draft={draft} set={set} has={server?.hasSecret === true} error={errors["token"]} />
      <HeaderFields headers={draft.headers} errors={errors} onChange={(headers) => set({ headers })} />
      <ApprovalField approval={draft.approval} onChange={(approval) => set({ approval })} />
      <Switch label="On" checked={draft.enabled} onChange={(enabled) => set({ enabled })} />
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button look="primary" type="submit" busy={busy || create.isSuccess}>
          {server === undefined ? "Create and connect" : "Save"}
        </Button>
      </DialogActions>
    </form>
  );
}

interface TokenFieldProps {
  readonly draft: Draft;
  readonly set: (patch: Partial<Draft>) => void;
  readonly has: boolean;
  readonly error: string | undefined;
}

function TokenField({ draft, set, has, error }: TokenFieldProps) {
  return (
    <>
      <Field label="Token" optional hint="Sent as a bearer token, sealed here and not shown again." error={error}>
        {(control) => (
          <Input
            {...control}
            type="password"
            autoComplete="off"
            disabled={draft.withoutToken}
            placeholder={has ? "stays as it is" : ""}
            value={draft.token}
            onChange={({ target }) => set({ token: target.value })}
          />
        )}
      </Field>
      {has && (
        <Switch
          label="Take the token away"
          checked={draft.withoutToken}
          onChange={(withoutToken) => set({ withoutToken, token: "" })}
        />
      )}
    </>
  );
}

function ApprovalField({
  approval,
  onChange,
}: {
  readonly approval: Approval;
  readonly onChange: (approval: Approval) => void;
}) {
  const rule = ruleOf(approval);
  return (
    <Field label="A person is asked before a call" hint="Tool by tool: on the server's page, once it has listed them.">
      {(control) => (
        <Select
          {...control}
          value={rule}
          onChange={({ target }) => {
            const chosen = APPROVALS[target.value as RuleName];
            onChange(chosen ?? approval);
          }}
        >
          <option value="always">Always</option>
          <option value="reading">Always, but for tools that say they only read</option>
          {rule === "chosen" && <option value="chosen">As chosen tool by tool</option>}
          <option value="never">Never</option>
        </Select>
      )}
    </Field>
  );
}
