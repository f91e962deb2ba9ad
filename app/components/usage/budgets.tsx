"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { fieldErrors, problemOf } from "../../lib/errors";
import { money } from "../../lib/format";
import { type Answers, useTRPC } from "../../lib/trpc";
import { tellFailure, useDone } from "../../lib/use-done";
import { FormProblem } from "../door/heading";
import { Slider } from "../playground/slider";
import { AmountField } from "../ui/amount-field";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { Dialog } from "../ui/dialog";
import { EditActions } from "../ui/edit-actions";
import { Field } from "../ui/field";
import { Select } from "../ui/input";
import { NameField } from "../ui/name-field";
import { Loaded } from "../ui/loaded";
import { Time } from "../ui/time";
import { Filled } from "./meter";

type Budget = Answers["limits"]["budgets"][number];

export function Budgets({ mayEdit }: { readonly mayEdit: boolean }) {
  const trpc = useTRPC();
  const budgets = useQuery(trpc.limits.budgets.queryOptions());
  const [editing, setEditing] = useState<Budget | "new">();
  return (
    <Card
      title="Budgets"
      description="They warn, by webhook, and stop nothing: for that there are limits."
      action={
        mayEdit && (
          <Button size="sm" onClick={() => setEditing("new")}>
            <Plus aria-hidden="true" />
            New budget
          </Button>
        )
      }
    >
      <Loaded query={budgets}>
        {(rows) =>
          rows.length === 0 ? (
            <p className="py-4 text-center text-sm leading-6 text-ink-faint">
              No budgets yet. One tells your webhooks, and this page, before a day or a month costs more than you
              planned.
            </p>
          ) : (
            <ul aria-label="Budgets" className="grid gap-4">
              {rows.map((budget) => (
                <li key={budget.id} className="grid gap-1.5">
                  <span className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 text-sm">
                    <span className="font-medium">{budget.name}</span>
                    <span className="flex items-center gap-3 text-ink-soft tabular-nums">
                      {money(budget.spentMicros)} of {money(budget.amountMicros)} this {budget.period}
                      {mayEdit && (
                        <Button size="sm" aria-label={`Edit ${budget.name}`} onClick={() => setEditing(budget)}>
                          Edit
                        </Button>
                      )}
                    </span>
                  </span>
                  <Filled
                    share={budget.spentMicros / budget.amountMicros}
                    alarming={budget.spentMicros >= budget.amountMicros * budget.alertAt}
                  />
                  <span className="flex flex-wrap items-center gap-x-2 gap-y-1 text-[0.8125rem] text-ink-faint">
                    Warns at {Math.round(budget.alertAt * 100)} %
                    {isAlerted(budget) && budget.alertedAt !== null && (
                      <Badge tone="warn">
                        warned <Time at={budget.alertedAt} ago />
                      </Badge>
                    )}
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      <Dialog open={editing !== undefined} onOpenChange={() => setEditing(undefined)} title="Budget">
        {editing !== undefined && (
          <BudgetForm budget={editing === "new" ? undefined : editing} onClose={() => setEditing(undefined)} />
        )}
      </Dialog>
    </Card>
  );
}

/** Whether the running period was warned of. */
function isAlerted({ alertedFor, period }: Budget): boolean {
  const today = new Date().toISOString().slice(0, 10);
  return alertedFor === (period === "day" ? today : `${today.slice(0, 8)}01`);
}

function BudgetForm({ budget, onClose }: { readonly budget: Budget | undefined; readonly onClose: () => void }) {
  const trpc = useTRPC();
  const done = useDone();
  const [draft, setDraft] = useState({
    name: budget?.name ?? "",
    period: budget?.period ?? ("month" as const),
    amountMicros: budget?.amountMicros ?? 0,
    alertAt: budget?.alertAt ?? 0.8,
  });
  const changed = {
    onSuccess: async () => {
      await done([trpc.limits.pathKey()], "The budgets are saved.");
      onClose();
    },
  };
  const save = useMutation(trpc.limits.saveBudget.mutationOptions(changed));
  const remove = useMutation(trpc.limits.removeBudget.mutationOptions({ ...changed, onError: tellFailure }));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate({ ...draft, ...(budget === undefined ? {} : { id: budget.id }) });
  };
  const errors = fieldErrors(save.error);
  const problem = problemOf(save.error, ["name", "amountMicros"]);
  return (
    <form onSubmit={submit} className="grid gap-4">
      {problem !== undefined && <FormProblem>{problem}</FormProblem>}
      <NameField error={errors["name"]} value={draft.name} onChange={(name) => setDraft({ ...draft, name })} />
      <div className="grid grid-cols-2 gap-4">
        <AmountField
          label="Amount"
          money
          value={budget?.amountMicros}
          error={errors["amountMicros"]}
          onChange={(amountMicros) => setDraft({ ...draft, amountMicros: amountMicros ?? 0 })}
        />
        <Field label="Each">
          {(control) => (
            <Select
              {...control}
              value={draft.period}
              onChange={({ target }) => setDraft({ ...draft, period: target.value as Budget["period"] })}
            >
              <option value="day">day</option>
              <option value="month">month</option>
            </Select>
          )}
        </Field>
      </div>
      <Slider
        label="Warn at"
        unit="%"
        value={Math.round(draft.alertAt * 100)}
        range={[10, 100, 5]}
        onChange={(percent) => setDraft({ ...draft, alertAt: percent / 100 })}
      />
      <EditActions
        onRemove={budget === undefined ? undefined : () => remove.mutate({ id: budget.id })}
        removing={remove.isPending}
        saving={save.isPending}
        onClose={onClose}
      />
    </form>
  );
}
