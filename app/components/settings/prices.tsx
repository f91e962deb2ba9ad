"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Plus, Tags } from "lucide-react";
import { type FormEvent, useState } from "react";
import { fieldErrors, problemOf } from "../../lib/errors";
import { money } from "../../lib/format";
import { type Answers, useTRPC } from "../../lib/trpc";
import { tellFailure, useDone } from "../../lib/use-done";
import { FormProblem } from "../door/heading";
import { AmountField } from "../ui/amount-field";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { Dialog } from "../ui/dialog";
import { EditActions } from "../ui/edit-actions";
import { Empty } from "../ui/empty";
import { Field } from "../ui/field";
import { Input } from "../ui/input";
import { Loaded } from "../ui/loaded";

type Price = Omit<Answers["prices"]["list"][number], "updatedAt">;

const PARTS = [
  ["inputText", "Text in"],
  ["inputAudio", "Audio in"],
  ["cached", "Cached"],
  ["outputText", "Text out"],
  ["outputAudio", "Audio out"],
  ["minute", "A minute"],
] as const satisfies readonly (readonly [keyof Price, string])[];

const NONE: Price = { model: "", inputText: 0, inputAudio: 0, cached: 0, outputText: 0, outputAudio: 0, minute: 0 };

/** What a million tokens of each model cost. */
export function Prices({ mayEdit }: { readonly mayEdit: boolean }) {
  const trpc = useTRPC();
  const prices = useQuery(trpc.prices.list.queryOptions());
  const [editing, setEditing] = useState<Price>();
  const add = mayEdit && (
    <Button size="sm" onClick={() => setEditing(NONE)}>
      <Plus aria-hidden="true" />
      New price
    </Button>
  );
  return (
    <Card
      title="Prices"
      description="Of a million tokens, and of a minute of session. Models without a price count as free."
      action={add}
    >
      <Loaded query={prices}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty icon={Tags} title="Everything is free so far">
              Give the prices of your providers, and every session shows what it cost.
            </Empty>
          ) : (
            <ul aria-label="Prices" className="-my-3 divide-y divide-line">
              {rows.map((price) => (
                <li key={price.model} className="flex flex-wrap items-center gap-x-5 gap-y-2 py-3 text-sm">
                  <span className="min-w-0 flex-1 basis-40 truncate font-medium">{price.model}</span>
                  {PARTS.map(([part, label]) => (
                    <span key={part} className="tabular-nums">
                      <span className="block text-xs text-ink-faint">{label}</span>
                      {money(price[part])}
                    </span>
                  ))}
                  {mayEdit && (
                    <Button size="sm" aria-label={`Edit the price of ${price.model}`} onClick={() => setEditing(price)}>
                      Edit
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      <Dialog
        open={editing !== undefined}
        onOpenChange={() => setEditing(undefined)}
        title={editing?.model === "" ? "New price" : `Price of ${editing?.model ?? ""}`}
      >
        {editing !== undefined && <PriceForm price={editing} onClose={() => setEditing(undefined)} />}
      </Dialog>
    </Card>
  );
}

function PriceForm({ price, onClose }: { readonly price: Price; readonly onClose: () => void }) {
  const trpc = useTRPC();
  const done = useDone();
  const [draft, setDraft] = useState(price);
  const changed = {
    onSuccess: async () => {
      await done([trpc.prices.pathKey()], "The prices are saved.");
      onClose();
    },
  };
  const save = useMutation(trpc.prices.set.mutationOptions(changed));
  const remove = useMutation(trpc.prices.remove.mutationOptions({ ...changed, onError: tellFailure }));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const { model, ...parts } = draft;
    const { inputText, inputAudio, cached, outputText, outputAudio, minute } = parts;
    save.mutate({ model, inputText, inputAudio, cached, outputText, outputAudio, minute });
  };
  const errors = fieldErrors(save.error);
  const problem = problemOf(save.error, ["model", ...PARTS.map(([part]) => part)]);
  return (
    <form onSubmit={submit} className="grid gap-4">
      {problem !== undefined && <FormProblem>{problem}</FormProblem>}
      <Field label="Model" error={errors["model"]}>
        {(control) => (
          <Input
            {...control}
            required
            readOnly={price.model !== ""}
            value={draft.model}
            onChange={({ target }) => setDraft({ ...draft, model: target.value })}
          />
        )}
      </Field>
      <div className="grid grid-cols-2 gap-4 sm:grid-cols-3">
        {PARTS.map(([part, label]) => (
          <AmountField
            key={part}
            label={label}
            money
            value={draft[part]}
            error={errors[part]}
            onChange={(value) => setDraft({ ...draft, [part]: value ?? 0 })}
          />
        ))}
      </div>
      <EditActions
        onRemove={price.model === "" ? undefined : () => remove.mutate({ model: price.model })}
        removing={remove.isPending}
        saving={save.isPending}
        onClose={onClose}
      />
    </form>
  );
}
