"use client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { KEY_SCOPES, type KeyScope } from "@/lib/auth/roles";
import { fieldErrors, problemOf } from "../../lib/errors";
import { useTRPC } from "../../lib/trpc";
import { useDone } from "../../lib/use-done";
import { FormProblem } from "../door/heading";
import { Button } from "../ui/button";
import { Dialog, DialogActions } from "../ui/dialog";
import { Field } from "../ui/field";
import { Select } from "../ui/input";
import { NameField } from "../ui/name-field";
import { ShownOnce } from "../ui/secret";
import { Switch } from "../ui/switch";

const WORDS: Readonly<Record<KeyScope, readonly [label: string, hint: string]>> = {
  "realtime:connect": ["Talk", "Open sessions, and mint client secrets."],
  "sessions:read": ["Read sessions", "List sessions and what was said in them."],
  "sessions:write": ["End sessions", "End running ones."],
};

interface NewKeyProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

export function NewKey({ open, onOpenChange }: NewKeyProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="New key">
      <Form onClose={() => onOpenChange(false)} />
    </Dialog>
  );
}

function Form({ onClose }: { readonly onClose: () => void }) {
  const trpc = useTRPC();
  const done = useDone();
  const [name, setName] = useState("");
  const [days, setDays] = useState("");
  const [scopes, setScopes] = useState<readonly KeyScope[]>(["realtime:connect"]);
  const create = useMutation(trpc.keys.create.mutationOptions({ onSuccess: () => done([trpc.keys.pathKey()]) }));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    create.mutate({ name, scopes: [...scopes], expiresInDays: days === "" ? null : Number(days) });
  };
  if (create.data !== undefined)
    return <ShownOnce label={`The key ${name}`} value={create.data.key} onClose={onClose} />;
  const errors = fieldErrors(create.error);
  const problem = problemOf(create.error, ["name", "expiresInDays"]);
  return (
    <form onSubmit={submit} className="grid gap-5">
      {problem !== undefined && <FormProblem>{problem}</FormProblem>}
      <NameField
        hint="What will use it, for example: support line, staging."
        error={errors["name"]}
        autoFocus
        value={name}
        onChange={setName}
      />
      <fieldset className="grid gap-3">
        <legend className="mb-3 text-sm font-medium">It may</legend>
        {KEY_SCOPES.map((scope) => (
          <Switch
            key={scope}
            label={WORDS[scope][0]}
            hint={WORDS[scope][1]}
            checked={scopes.includes(scope)}
            onChange={(on) => setScopes(on ? [...scopes, scope] : scopes.filter((each) => each !== scope))}
          />
        ))}
      </fieldset>
      <Field label="Expires" error={errors["expiresInDays"]}>
        {(control) => (
          <Select {...control} value={days} onChange={({ target }) => setDays(target.value)}>
            <option value="">Never</option>
            <option value="7">In a week</option>
            <option value="30">In 30 days</option>
            <option value="90">In 90 days</option>
            <option value="365">In a year</option>
          </Select>
        )}
      </Field>
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button look="primary" type="submit" busy={create.isPending}>
          Make the key
        </Button>
      </DialogActions>
    </form>
  );
}
