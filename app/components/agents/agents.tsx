"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { AudioLines, Bot, Plus } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { fieldErrors, problemOf } from "../../lib/errors";
import { type Answers, useTRPC } from "../../lib/trpc";
import { useDone } from "../../lib/use-done";
import { FormProblem } from "../door/heading";
import { useViewer } from "../shell/viewer";
import { Badge } from "../ui/badge";
import { Button, ButtonLink } from "../ui/button";
import { Card } from "../ui/card";
import { Dialog, DialogActions } from "../ui/dialog";
import { Empty } from "../ui/empty";
import { NameField } from "../ui/name-field";
import { Loaded } from "../ui/loaded";
import { Page } from "../ui/page-frame";
import { Time } from "../ui/time";

type Agent = Answers["agents"]["list"][number];

export function Agents() {
  const trpc = useTRPC();
  const may = useViewer().scopes.includes("agents:write");
  const agents = useQuery(trpc.agents.list.queryOptions());
  const [creating, setCreating] = useState(false);
  const add = may && (
    <Button look="primary" onClick={() => setCreating(true)}>
      <Plus aria-hidden="true" />
      New agent
    </Button>
  );
  return (
    <Page
      title="Agents"
      description="Who answers: a voice, instructions and tools under one name. Every save is a version, and none is lost."
      actions={add}
    >
      <Loaded query={agents}>
        {(rows) =>
          rows.length === 0 ? (
            <Card>
              <Empty icon={Bot} title="No agents yet" action={add}>
                Make one here, or find out in the playground what you want and save it from there.
              </Empty>
            </Card>
          ) : (
            <ul className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
              {rows.map((agent) => (
                <li key={agent.id}>
                  <AgentCard agent={agent} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      <Dialog open={creating} onOpenChange={setCreating} title="New agent">
        <NewAgent onClose={() => setCreating(false)} />
      </Dialog>
    </Page>
  );
}

function AgentCard({ agent }: { readonly agent: Agent }) {
  return (
    <article className="relative flex h-full flex-col rounded-2xl border border-line bg-surface p-5 transition-colors hover:border-line-strong">
      <h2 className="font-serif text-lg tracking-tight">
        <Link href={`/agents/${agent.id}`} className="rounded after:absolute after:inset-0 after:rounded-2xl">
          {agent.name}
        </Link>
      </h2>
      <p className="mt-1 line-clamp-2 min-h-5 flex-1 text-sm leading-6 text-ink-soft">{agent.description}</p>
      <p className="mt-3 flex flex-wrap gap-1.5">
        <Badge>{agent.model ?? "any model"}</Badge>
        {agent.voice !== null && <Badge>{agent.voice}</Badge>}
        {agent.tools > 0 && <Badge>{agent.tools === 1 ? "1 tool" : `${agent.tools} tools`}</Badge>}
      </p>
      <p className="mt-4 flex items-center justify-between gap-3 text-xs text-ink-faint">
        <span>
          Version {agent.version}, <Time at={agent.updatedAt} ago />
        </span>
        <ButtonLink
          href={`/playground?agent=${agent.id}`}
          size="sm"
          className="relative z-10"
          aria-label={`Talk to ${agent.name}`}
        >
          <AudioLines aria-hidden="true" />
          Talk
        </ButtonLink>
      </p>
    </article>
  );
}

function NewAgent({ onClose }: { readonly onClose: () => void }) {
  const trpc = useTRPC();
  const router = useRouter();
  const done = useDone();
  const [name, setName] = useState("");
  const create = useMutation(
    trpc.agents.create.mutationOptions({
      onSuccess: async ({ id }) => {
        await done([trpc.agents.list.pathKey()]);
        router.push(`/agents/${id}`);
      },
    }),
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    create.mutate({ name, config: {} });
  };
  const problem = problemOf(create.error, ["name"]);
  return (
    <form onSubmit={submit} className="grid gap-4">
      {problem !== undefined && <FormProblem>{problem}</FormProblem>}
      <NameField
        hint="What your team calls it."
        error={fieldErrors(create.error)["name"]}
        autoFocus
        value={name}
        onChange={setName}
      />
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button look="primary" type="submit" busy={create.isPending || create.isSuccess}>
          Create it
        </Button>
      </DialogActions>
    </form>
  );
}
