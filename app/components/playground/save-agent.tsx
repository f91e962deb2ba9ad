"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Save } from "lucide-react";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import { fieldErrors, problemOf } from "../../lib/errors";
import type { PlaygroundState } from "../../lib/playground/playground-state";
import { savedToolsOf, type StoredTool, toAgent } from "../../lib/playground/agent-setup";
import { useTRPC } from "../../lib/trpc";
import { FormProblem } from "../door/heading";
import { Button } from "../ui/button";
import { Dialog, DialogActions } from "../ui/dialog";
import { NameField } from "../ui/name-field";
import type { LoadedAgent } from "./use-offer";

interface SaveAgentProps {
  /** Those of the organisation. */
  readonly tools: readonly StoredTool[];
  readonly state: PlaygroundState;
  /** The agent that was loaded: a new version of it can be saved. */
  readonly agent: LoadedAgent | undefined;
  readonly onSaved: (version: number) => void;
}

/** What was found by trying becomes an agent, or a new version of the one that it began with. */
export function SaveAgent({ state, agent, tools, onSaved }: SaveAgentProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button look="ghost" className="px-2.5" onClick={() => setOpen(true)}>
        <Save aria-hidden="true" />
        <span className="max-sm:sr-only">Save as agent</span>
      </Button>
      <Dialog open={open} onOpenChange={setOpen} title="Save as agent">
        <SaveForm state={state} agent={agent} tools={tools} onSaved={onSaved} onDone={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function SaveForm({ state, agent, tools, onSaved, onDone }: SaveAgentProps & { readonly onDone: () => void }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const { setup, mode } = state;
  const known = savedToolsOf(setup, tools);
  const toolIds = known.map(({ id }) => id);
  const config = { ...agent?.config, ...toAgent(setup, mode, { toolIds, before: agent?.config }) };
  const unknown = setup.tools.filter(({ name }) => !known.some((tool) => tool.name === name));
  const onSuccess = (words: string) => async () => {
    await queries.invalidateQueries({ queryKey: trpc.agents.pathKey() });
    toast.success(words);
    onDone();
  };
  const create = useMutation(trpc.agents.create.mutationOptions({ onSuccess: onSuccess(`${name} is saved.`) }));
  const update = useMutation(
    trpc.agents.save.mutationOptions({
      onSuccess: async ({ version }) => {
        onSaved(version);
        await onSuccess(`Saved as version ${version} of ${agent?.name ?? ""}.`)();
      },
    }),
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    create.mutate({ name, config });
  };
  const problem = problemOf(create.error, ["name"]) ?? problemOf(update.error);
  return (
    <form onSubmit={submit} className="grid gap-4">
      {problem !== undefined && <FormProblem>{problem}</FormProblem>}
      {unknown.length > 0 && (
        <p className="text-sm leading-6 text-ink-soft">
          Agents keep the tools of your organisation. Left out: {unknown.map(({ name }) => name).join(", ")}.
        </p>
      )}
      {agent !== undefined && (
        <Button
          busy={update.isPending}
          onClick={() => {
            const { id, name, description, latestVersion } = agent;
            update.mutate({ id, name, description, config, note: "From the playground", basedOn: latestVersion });
          }}
        >
          Save a new version of {agent.name}
        </Button>
      )}
      <NameField
        label={agent === undefined ? "Name" : "Or as a new agent called"}
        error={fieldErrors(create.error)["name"]}
        autoFocus
        value={name}
        onChange={setName}
      />
      <DialogActions>
        <Button look="primary" type="submit" busy={create.isPending}>
          Create the agent
        </Button>
      </DialogActions>
    </form>
  );
}
