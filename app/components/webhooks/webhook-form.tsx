"use client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { fieldErrors, problemOf } from "../../lib/errors";
import { useTRPC } from "../../lib/trpc";
import { useDone } from "../../lib/use-done";
import { FormProblem } from "../door/heading";
import { AddressField } from "../ui/address-field";
import { Button } from "../ui/button";
import { DialogActions } from "../ui/dialog";
import { Field } from "../ui/field";
import { Input } from "../ui/input";
import { ShownOnce } from "../ui/secret";
import { Switch } from "../ui/switch";
import type { Webhook } from "./webhooks";

const EVENTS = [
  ["session.started", "A session began"],
  ["session.ended", "A session ended"],
  ["budget.alert", "A budget is nearly spent"],
  ["key.revoked", "A key was revoked"],
] as const;
type EventName = (typeof EVENTS)[number][0];

interface WebhookFormProps {
  /** Undefined: a new one. */
  readonly webhook: Webhook | undefined;
  readonly onClose: () => void;
}

export function WebhookForm({ webhook, onClose }: WebhookFormProps) {
  const [fields, setFields] = useState({
    url: webhook?.url ?? "",
    description: webhook?.description ?? "",
    events: (webhook?.events ?? ["session.ended"]) as EventName[],
    enabled: webhook?.enabled ?? true,
  });
  const set = (patch: Partial<typeof fields>): void => setFields((before) => ({ ...before, ...patch }));
  const { create, update } = useSaving(onClose);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (webhook === undefined) create.mutate(fields);
    else update.mutate({ id: webhook.id, ...fields });
  };
  if (create.data !== undefined)
    return <ShownOnce label="What calls are signed with" value={create.data.secret} onClose={onClose} />;
  const error = create.error ?? update.error;
  const errors = fieldErrors(error);
  const problem = problemOf(error, ["url", "description", "events"]);
  return (
    <form onSubmit={submit} className="grid gap-4">
      {problem !== undefined && <FormProblem>{problem}</FormProblem>}
      <AddressField
        placeholder="https://example.com/hooks/antiphon"
        error={errors["url"]}
        value={fields.url}
        onChange={(url) => set({ url })}
      />
      <Field label="Description" optional error={errors["description"]}>
        {(control) => (
          <Input
            {...control}
            maxLength={200}
            value={fields.description}
            onChange={({ target }) => set({ description: target.value })}
          />
        )}
      </Field>
      <fieldset className="grid gap-3">
        <legend className="mb-3 text-sm font-medium">It hears that</legend>
        {EVENTS.map(([name, label]) => (
          <Switch
            key={name}
            label={label}
            checked={fields.events.includes(name)}
            onChange={(on) =>
              set({ events: on ? [...fields.events, name] : fields.events.filter((each) => each !== name) })
            }
          />
        ))}
        {errors["events"] !== undefined && (
          <p role="alert" className="text-[0.8125rem] text-vermilion">
            {errors["events"]}
          </p>
        )}
      </fieldset>
      {webhook !== undefined && <Switch label="On" checked={fields.enabled} onChange={(enabled) => set({ enabled })} />}
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button look="primary" type="submit" busy={create.isPending || update.isPending}>
          {webhook === undefined ? "Create it" : "Save"}
        </Button>
      </DialogActions>
    </form>
  );
}

function useSaving(onClose: () => void) {
  const trpc = useTRPC();
  const done = useDone();
  const create = useMutation(
    trpc.webhooks.create.mutationOptions({ onSuccess: () => done([trpc.webhooks.pathKey()]) }),
  );
  const update = useMutation(
    trpc.webhooks.update.mutationOptions({
      onSuccess: async () => {
        await done([trpc.webhooks.pathKey()], "The webhook is saved.");
        onClose();
      },
    }),
  );
  return { create, update };
}
