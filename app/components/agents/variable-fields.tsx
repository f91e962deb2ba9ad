"use client";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { variablesIn } from "../../lib/playground/agent-session";
import { Button, IconButton } from "../ui/button";
import { Field } from "../ui/field";
import { Input } from "../ui/input";
import type { DraftProps } from "./draft";

const NAME = /^[a-zA-Z_]\w{0,63}$/;

/** What the instructions leave open, with the values that hold where a session gives none. */
export function VariableFields({ draft: { config }, errors, disabled, onConfig }: DraftProps) {
  const { variables } = config;
  const set = (next: Readonly<Record<string, string>>): void => onConfig({ variables: { ...next } });
  const used = variablesIn(config.instructions);
  const open = used.filter((name) => !Object.hasOwn(variables, name) && NAME.test(name));
  const remove = (name: string): void => set(Object.fromEntries(Object.entries(variables).filter(([n]) => n !== name)));
  return (
    <div className="grid gap-4">
      {Object.entries(variables).map(([name, value]) => (
        <div key={name} className="flex items-start gap-2">
          <Field
            label={name}
            className="min-w-0 flex-1"
            error={errors[`config.variables.${name}`]}
            {...(!used.includes(name) && { hint: "The instructions do not use it." })}
          >
            {(control) => (
              <Input
                {...control}
                maxLength={10_000}
                placeholder="Empty"
                value={value}
                onChange={({ target }) => set({ ...variables, [name]: target.value })}
              />
            )}
          </Field>
          {!disabled && (
            <IconButton className="mt-6.5" label={`Remove ${name}`} onClick={() => remove(name)}>
              <X aria-hidden="true" />
            </IconButton>
          )}
        </div>
      ))}
      {open.length > 0 && (
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1.5 text-sm leading-6 text-ink-soft">
          Without a value, each session must give one:
          {open.map((name) => (
            <Button key={name} size="sm" disabled={disabled} onClick={() => set({ ...variables, [name]: "" })}>
              <Plus aria-hidden="true" />
              {name}
            </Button>
          ))}
        </p>
      )}
      {!disabled && <NewVariable taken={variables} onAdd={(name) => set({ ...variables, [name]: "" })} />}
    </div>
  );
}

interface NewVariableProps {
  readonly taken: Readonly<Record<string, string>>;
  readonly onAdd: (name: string) => void;
}

function NewVariable({ taken, onAdd }: NewVariableProps) {
  const [name, setName] = useState("");
  const problem =
    name === "" || NAME.test(name)
      ? Object.hasOwn(taken, name)
        ? "There is one of this name."
        : undefined
      : "Letters, digits and _, beginning with a letter.";
  const add = (): void => {
    if (name === "" || problem !== undefined) return;
    onAdd(name);
    setName("");
  };
  return (
    <div className="flex items-start gap-2">
      <Field
        label="New variable"
        className="min-w-0 flex-1 sm:max-w-72"
        hint={"In the instructions it stands as {{name}}."}
        error={problem}
      >
        {(control) => (
          <Input
            {...control}
            maxLength={64}
            autoCapitalize="off"
            placeholder="name"
            value={name}
            onChange={({ target }) => setName(target.value.trim())}
            onKeyDown={(event) => {
              if (event.key !== "Enter") return;
              // The form would be saved.
              event.preventDefault();
              add();
            }}
          />
        )}
      </Field>
      <Button className="mt-6.5" disabled={name === "" || problem !== undefined} onClick={add}>
        <Plus aria-hidden="true" />
        Add
      </Button>
    </div>
  );
}
