"use client";
import { Field } from "./field";
import { Input } from "./input";

interface AddressFieldProps {
  readonly hint?: string;
  readonly placeholder: string;
  readonly error: string | undefined;
  readonly value: string;
  readonly onChange: (url: string) => void;
}

/** The address of somebody's server. */
export function AddressField({ hint, placeholder, error, value, onChange }: AddressFieldProps) {
  return (
    <Field label="Address" hint={hint} error={error}>
      {(control) => (
        <Input
          {...control}
          type="url"
          required
          placeholder={placeholder}
          value={value}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Field>
  );
}
