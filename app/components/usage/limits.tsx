"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { fieldErrors, problemOf } from "../../lib/errors";
import { count, money } from "../../lib/format";
import { type Answers, useTRPC } from "../../lib/trpc";
import { tellFailure, useDone } from "../../lib/use-done";
import { FormProblem } from "../door/heading";
import { useViewer } from "../shell/viewer";
import { AmountField } from "../ui/amount-field";
import { Badge } from "../ui/badge";
import { Button, ButtonLink } from "../ui/button";
import { Card } from "../ui/card";
import { Dialog } from "../ui/dialog";
import { EditActions } from "../ui/edit-actions";
import { Field } from "../ui/field";
import { Select } from "../ui/input";
import { Loaded } from "../ui/loaded";
import { Meter } from "./meter";

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

interface Bar {
  readonly part: Part;
  readonly what: string;
  readonly of: (used: Limit["used"]) => number;
  readonly shown: (value: number) => string;
}

const minutes = (value: number): string => `${count(Math.round(value))} min`;

/** What is used up, where that is known: a minute's replies and tokens are gone before anybody looks. */
const BARS: readonly Bar[] = [
  { part: "concurrentSessions", what: "Sessions now", of: ({ sessions }) => sessions, shown: count },
  { part: "minutesPerDay", what: "Today", of: ({ minutesDay }) => minutesDay, shown: minutes },
  { part: "minutesPerMonth", what: "This month", of: ({ minutesMonth }) => minutesMonth, shown: minutes },
  { part: "costPerDayMicros", what: "Cost today", of: ({ costDayMicros }) => costDayMicros, shown: money },
  { part: "costPerMonthMicros", what: "Cost this month", of: ({ costMonthMicros }) => costMonthMicros, shown: money },
];

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
        {({ defaults, limits: rows, saved }) => (
          <>
            <p className="text-sm leading-6 text-ink-soft">
              Where nothing is set: {count(defaults.requestsPerMinute)} replies and {count(defaults.tokensPerMinute)}{" "}
              tokens per minute.
            </p>
            {rows.length + saved.length > 0 && (
              <ul aria-label="Limits" className="mt-4 divide-y divide-line border-t border-line">
                {rows.map((limit) => (
                  <LimitRow
                    key={limit.id}
                    subject={limit.subject}
                    name={names(limit)}
                    limit={limit}
                    action={
                      mayEdit && (
                        <Button
                          size="sm"
                          aria-label={`Edit the limits of ${names(limit)}`}
                          onClick={() => setEditing(limit)}
                        >
                          Edit
                        </Button>
                      )
                    }
                  />
                ))}
                {saved.map(({ agentId, ...limit }) => (
                  <LimitRow
                    key={agentId}
                    subject="agent"
                    name={names({ subject: "agent", subjectId: agentId })}
                    limit={limit}
                    action={
                      <ButtonLink size="sm" href={`/agents/${agentId}`}>
                        Edit the agent
                      </ButtonLink>
                    }
                  />
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

interface LimitRowProps {
  readonly subject: Subject;
  readonly name: string;
  readonly limit: Pick<Limit, Part | "used">;
  readonly action: ReactNode;
}

/** Whose limits, in words, and a bar for each that something was used of. */
function LimitRow({ subject, name, limit, action }: LimitRowProps) {
  const { requestsPerMinute, tokensPerMinute, used } = limit;
  const minute = [
    ...(requestsPerMinute === null ? [] : [`${count(requestsPerMinute)} replies per minute`]),
    ...(tokensPerMinute === null ? [] : [`${count(tokensPerMinute)} tokens per minute`]),
  ];
  return (
    <li className="grid gap-3 py-3.5 text-sm">
      <span className="flex flex-wrap items-center gap-x-5 gap-y-2">
        <span className="flex min-w-0 flex-1 basis-44 items-center gap-2">
          <Badge>{subject}</Badge>
          <span className="truncate font-medium">{name}</span>
        </span>
        {minute.length > 0 && <span className="text-ink-soft">{minute.join(", ")}</span>}
        {action}
      </span>
      <span className="grid gap-x-6 gap-y-3 sm:grid-cols-2">
        {BARS.map(({ part, what, of, shown: words }) => {
          const most = limit[part];
          if (most === null) return null;
          return (
            <Meter key={part} label={what} share={of(used) / most} words={`${words(of(used))} of ${words(most)}`} />
          );
        })}
      </span>
    </li>
  );
}

function useSubjects() {
  const trpc = useTRPC();
  const { scopes } = useViewer();
  const keys = useQuery(trpc.keys.list.queryOptions(undefined, { enabled: scopes.includes("keys:read") }));
  const agents = useQuery(trpc.agents.list.queryOptions());
  return { key: keys.data ?? [], agent: agents.data ?? [] };
}

function useSubjectNames(): (of: Pick<Limit, "subject" | "subjectId">) => string {
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
          <AmountField
            key={part}
            label={label}
            optional
            money={isMoney(part)}
            value={parts[part]}
            error={errors[part]}
            onChange={(value) => setParts({ ...parts, [part]: value })}
          />
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
