"use client";
import { Field } from "./field";
import { Input } from "./input";

interface NameFieldProps {
  /** Default: Name. */
  readonly label?: string;
  readonly hint?: string;
  readonly error: string | undefined;
  readonly className?: string;
  readonly autoFocus?: boolean;
  readonly value: string;
  readonly onChange: (name: string) => void;
}

/** What something is called, as the server takes names: not empty, at most 100 characters. */
export function NameField({ label = "Name", hint, error, className, autoFocus, value, onChange }: NameFieldProps) {
  return (
    <Field label={label} hint={hint} error={error} className={className}>
      {(control) => (
        <Input
          {...control}
          autoFocus={autoFocus}
          required
          maxLength={100}
          value={value}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Field>
  );
}
