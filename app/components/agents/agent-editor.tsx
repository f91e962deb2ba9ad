"use client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useEffect, useState } from "react";
import { fieldErrors, problemOf } from "../../lib/errors";
import { useTRPC } from "../../lib/trpc";
import { useDone } from "../../lib/use-done";
import { FormProblem } from "../door/heading";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { Input } from "../ui/input";
import { BehaviourFields } from "./behaviour-fields";
import type { Agent, Draft, DraftProps } from "./draft";
import { HandoffChoice } from "./handoff-choice";
import { IdentityFields } from "./identity-fields";
import { LimitFields } from "./limit-fields";
import { ToolChoice } from "./tool-choice";
import { TurnFields } from "./turn-fields";
import { VariableFields } from "./variable-fields";

interface AgentEditorProps {
  readonly agent: Agent;
  readonly mayEdit: boolean;
}

export function AgentEditor({ agent, mayEdit }: AgentEditorProps) {
  const trpc = useTRPC();
  const done = useDone();
  const { name, description, config } = agent;
  const [draft, setDraft] = useState<Draft>({ name, description, config });
  const [note, setNote] = useState("");
  const changed = JSON.stringify(draft) !== JSON.stringify({ name, description, config });
  useWarnBeforeLeaving(changed);
  const save = useMutation(
    trpc.agents.save.mutationOptions({
      onSuccess: ({ version }) => done([trpc.agents.pathKey()], `Saved as version ${version}.`),
    }),
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate({ id: agent.id, ...draft, note, basedOn: agent.latestVersion });
  };
  const parts: DraftProps = {
    draft,
    errors: fieldErrors(save.error),
    disabled: !mayEdit,
    onChange: (patch) => setDraft((before) => ({ ...before, ...patch })),
    onConfig: (patch) => setDraft((before) => ({ ...before, config: { ...before.config, ...patch } })),
  };
  const problem = problemOf(save.error, ["name", "description", "config.instructions"]);
  return (
    <form onSubmit={submit}>
      <fieldset disabled={!mayEdit} className="grid grid-cols-[minmax(0,1fr)] gap-5">
        {problem !== undefined && <FormProblem>{problem}</FormProblem>}
        <Card>
          <IdentityFields {...parts} />
        </Card>
        <Card title="Variables" description="What its instructions leave open, and each session may fill in.">
          <VariableFields {...parts} />
        </Card>
        <Card title="How it answers">
          <BehaviourFields {...parts} />
        </Card>
        <Card title="Taking turns">
          <TurnFields {...parts} />
        </Card>
        <Card title="Tools">
          <ToolChoice {...parts} />
        </Card>
        <Card
          title="Handoffs"
          description="Whom it may pass a conversation on to, when the model sees that they are asked for."
        >
          <HandoffChoice self={agent.id} {...parts} />
        </Card>
        <Card
          title="Limits"
          description="Of all its sessions together, beside those of the organisation and the key. Empty: none of its own."
        >
          <LimitFields {...parts} />
        </Card>
        {mayEdit && (
          <div className="sticky bottom-0 flex flex-wrap items-center gap-3 border-t border-line bg-paper py-3">
            <Input
              aria-label="What changed"
              placeholder="What changed (optional)"
              maxLength={500}
              className="w-auto min-w-0 flex-1 basis-48"
              value={note}
              onChange={({ target }) => setNote(target.value)}
            />
            <Button look="primary" type="submit" className="h-10" disabled={!changed} busy={save.isPending}>
              Save as version {agent.latestVersion + 1}
            </Button>
          </div>
        )}
      </fieldset>
    </form>
  );
}

function useWarnBeforeLeaving(unsaved: boolean): void {
  useEffect(() => {
    if (!unsaved) return;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [unsaved]);
}
