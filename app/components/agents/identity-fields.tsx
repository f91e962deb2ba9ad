"use client";
import { Field } from "../ui/field";
import { Input, Textarea } from "../ui/input";
import type { DraftProps } from "./draft";

export function IdentityFields({ draft, errors, onChange, onConfig }: DraftProps) {
  return (
    <div className="grid gap-4">
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Name" error={errors["name"]}>
          {(control) => (
            <Input
              {...control}
              required
              maxLength={100}
              value={draft.name}
              onChange={({ target }) => onChange({ name: target.value })}
            />
          )}
        </Field>
        <Field label="Description" optional error={errors["description"]}>
          {(control) => (
            <Input
              {...control}
              maxLength={500}
              value={draft.description}
              onChange={({ target }) => onChange({ description: target.value })}
            />
          )}
        </Field>
      </div>
      <Field label="Instructions" hint="Who it is, what it knows, how it speaks." error={errors["config.instructions"]}>
        {(control) => (
          <Textarea
            {...control}
            rows={10}
            value={draft.config.instructions}
            onChange={({ target }) => onConfig({ instructions: target.value })}
          />
        )}
      </Field>
    </div>
  );
}
