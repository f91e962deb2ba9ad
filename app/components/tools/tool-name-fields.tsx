"use client";
import type { ReactNode } from "react";
import { Field } from "../ui/field";
import { Input } from "../ui/input";

interface Named {
  readonly name: string;
  readonly description: string;
}

interface ToolNameFieldsProps {
  /** Default: a tool's. */
  readonly label?: string;
  readonly purpose?: string;
  readonly draft: Named;
  readonly errors: Readonly<Record<string, string | undefined>>;
  readonly onChange: (patch: Partial<Named>) => void;
  /** Stands beside the name. */
  readonly children: ReactNode;
}

/** What models and programs call it by, and what for. */
export function ToolNameFields({
  label = "Name",
  purpose = "When to call it",
  draft,
  errors,
  onChange,
  children,
}: ToolNameFieldsProps) {
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={label} hint="Letters, digits, _ and -." error={errors["name"]}>
          {(control) => (
            <Input
              {...control}
              required
              maxLength={64}
              className="font-mono"
              value={draft.name}
              onChange={({ target }) => onChange({ name: target.value })}
            />
          )}
        </Field>
        {children}
      </div>
      <Field label={purpose} error={errors["description"]}>
        {(control) => (
          <Input
            {...control}
            maxLength={2000}
            value={draft.description}
            onChange={({ target }) => onChange({ description: target.value })}
          />
        )}
      </Field>
    </>
  );
}
