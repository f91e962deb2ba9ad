"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { fieldErrors, problemOf } from "../../lib/errors";
import { count, money } from "../../lib/format";
import { type Answers, useTRPC } from "../../lib/trpc";
import { tellFailure, useDone } from "../../lib/use-done";
import { FormProblem } from "../door/heading";
import { useViewer } from "../shell/viewer";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { Dialog } from "../ui/dialog";
import { EditActions } from "../ui/edit-actions";
import { Field } from "../ui/field";
import { Input, Select } from "../ui/input";
import { Loaded } from "../ui/loaded";

type Limit = Answers["limits"]["list"]["limits"][number];
type Subject = Limit["subject"];

const PARTS = [
  ["requestsPerMinute", "Replies per minute"],
  ["tokensPerMinute", "Tokens per minute"],
  ["concurrentSessions", "Sessions at a time"],
  ["minutesPerDay", "Minutes per day"],
  ["minutesPerMonth", "Minutes per month"],
  ["costPerDayMicros", "Cost per day"],
  ["costPerMonthMicros", "Cost per month"],
] as const satisfies readonly (readonly [keyof Limit, string])[];
type Part = (typeof PARTS)[number][0];

const isMoney = (part: Part): boolean => part.startsWith("cost");

export function Limits({ mayEdit }: { readonly mayEdit: boolean }) {
  const trpc = useTRPC();
  const limits = useQuery(trpc.limits.list.queryOptions());
  const names = useSubjectNames();
  const [editing, setEditing] = useState<Limit | "new">();
  return (
    <Card
      title="Limits"
      description="Whoever reaches one is refused until there is room again; running replies end as they are."
      action={
        mayEdit && (
          <Button size="sm" onClick={() => setEditing("new")}>
            <Plus aria-hidden="true" />
            Set a limit
          </Button>
        )
      }
    >
      <Loaded query={limits}>
        {({ defaults, limits: rows }) => (
          <>
            <p className="text-sm leading-6 text-ink-soft">
              Where nothing is set: {count(defaults.requestsPerMinute)} replies and {count(defaults.tokensPerMinute)}{" "}
              tokens per minute.
            </p>
            {rows.length > 0 && (
              <ul aria-label="Limits" className="mt-4 divide-y divide-line border-t border-line">
                {rows.map((limit) => (
                  <li key={limit.id} className="flex flex-wrap items-center gap-x-5 gap-y-2 py-3 text-sm">
                    <span className="flex min-w-0 flex-1 basis-44 items-center gap-2">
                      <Badge>{limit.subject}</Badge>
                      <span className="truncate font-medium">{names(limit)}</span>
                    </span>
                    <span className="text-ink-soft">{inWords(limit)}</span>
                    {mayEdit && (
                      <Button
                        size="sm"
                        aria-label={`Edit the limits of ${names(limit)}`}
                        onClick={() => setEditing(limit)}
                      >
                        Edit
                      </Button>
                    )}
                  </li>
                ))}
              </ul>
            )}
          </>
        )}
      </Loaded>
      <Dialog open={editing !== undefined} onOpenChange={() => setEditing(undefined)} title="Limits">
        {editing !== undefined && (
          <LimitForm limit={editing === "new" ? undefined : editing} onClose={() => setEditing(undefined)} />
        )}
      </Dialog>
    </Card>
  );
}

function inWords(limit: Limit): string {
  const words = PARTS.flatMap(([part, label]) => {
    const value = limit[part];
    return value === null ? [] : [`${label.toLowerCase()} ${isMoney(part) ? money(value) : count(value)}`];
  });
  return words.length === 0 ? "the defaults" : words.join(", ");
}

function useSubjects() {
  const trpc = useTRPC();
  const { scopes } = useViewer();
  const keys = useQuery(trpc.keys.list.queryOptions(undefined, { enabled: scopes.includes("keys:read") }));
  const agents = useQuery(trpc.agents.list.queryOptions());
  return { key: keys.data ?? [], agent: agents.data ?? [] };
}

function useSubjectNames(): (limit: Limit) => string {
  const { organisation } = useViewer();
  const subjects = useSubjects();
  return ({ subject, subjectId }) =>
    subject === "organisation"
      ? organisation.name
      : (subjects[subject].find(({ id }) => id === subjectId)?.name ?? subjectId);
}

function LimitForm({ limit, onClose }: { readonly limit: Limit | undefined; readonly onClose: () => void }) {
  const trpc = useTRPC();
  const done = useDone();
  const [subject, setSubject] = useState<Subject>(limit?.subject ?? "organisation");
  const [subjectId, setSubjectId] = useState(limit?.subjectId ?? "");
  const [parts, setParts] = useState<Partial<Record<Part, number | null>>>(limit ?? {});
  const changed = {
    onSuccess: async () => {
      await done([trpc.limits.pathKey()], "The limits are saved.");
      onClose();
    },
  };
  const save = useMutation(trpc.limits.set.mutationOptions(changed));
  const remove = useMutation(trpc.limits.remove.mutationOptions({ ...changed, onError: tellFailure }));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const values = Object.fromEntries(PARTS.map(([part]) => [part, parts[part] ?? null]));
    save.mutate({ subject, ...(subject === "organisation" ? {} : { subjectId }), ...values });
  };
  const errors = fieldErrors(save.error);
  const problem = problemOf(
    save.error,
    PARTS.map(([part]) => part),
  );
  return (
    <form onSubmit={submit} className="grid gap-4">
      {problem !== undefined && <FormProblem>{problem}</FormProblem>}
      {limit === undefined && (
        <SubjectFields subject={subject} subjectId={subjectId} onSubject={setSubject} onSubjectId={setSubjectId} />
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        {PARTS.map(([part, label]) => (
          <Field key={part} label={label} optional error={errors[part]}>
            {(control) => (
              <Input
                {...control}
                type="number"
                min={0}
                step={isMoney(part) ? "any" : 1}
                inputMode="decimal"
                defaultValue={shown(part, parts[part])}
                onChange={({ target: { valueAsNumber: value } }) =>
                  setParts({
                    ...parts,
                    [part]: Number.isNaN(value) ? null : Math.round(value * (isMoney(part) ? 1_000_000 : 1)),
                  })
                }
              />
            )}
          </Field>
        ))}
      </div>
      <EditActions
        onRemove={limit === undefined ? undefined : () => remove.mutate({ id: limit.id })}
        removing={remove.isPending}
        saving={save.isPending}
        onClose={onClose}
      />
    </form>
  );
}

function shown(part: Part, value: number | null | undefined): number | undefined {
  if (value === null || value === undefined) return undefined;
  return isMoney(part) ? value / 1_000_000 : value;
}

interface SubjectFieldsProps {
  readonly subject: Subject;
  readonly subjectId: string;
  readonly onSubject: (subject: Subject) => void;
  readonly onSubjectId: (id: string) => void;
}

function SubjectFields({ subject, subjectId, onSubject, onSubjectId }: SubjectFieldsProps) {
  const subjects = useSubjects();
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label="Of">
        {(control) => (
          <Select {...control} value={subject} onChange={({ target }) => onSubject(target.value as Subject)}>
            <option value="organisation">The whole organisation</option>
            <option value="key">A key</option>
            <option value="agent">An agent</option>
          </Select>
        )}
      </Field>
      {subject !== "organisation" && (
        <Field label={subject === "key" ? "Key" : "Agent"}>
          {(control) => (
            <Select {...control} required value={subjectId} onChange={({ target }) => onSubjectId(target.value)}>
              <option value="">Choose…</option>
              {subjects[subject].map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
      )}
    </div>
  );
}
