"use client";
import { Field } from "../ui/field";
import { Input, Textarea } from "../ui/input";
import { NameField } from "../ui/name-field";
import type { DraftProps } from "./draft";

export function IdentityFields({ draft, errors, onChange, onConfig }: DraftProps) {
  return (
    <div className="grid gap-4">
      <div className="grid gap-4 sm:grid-cols-2">
        <NameField error={errors["name"]} value={draft.name} onChange={(name) => onChange({ name })} />
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
