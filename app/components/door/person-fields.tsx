"use client";
import { useState } from "react";
import { Field } from "../ui/field";
import { Input } from "../ui/input";

export interface PersonValues {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

export interface Person {
  readonly values: PersonValues;
  set(patch: Partial<PersonValues>): void;
}

export function usePersonValues(email = ""): Person {
  const [values, setValues] = useState<PersonValues>({ name: "", email, password: "" });
  return { values, set: (patch) => setValues((before) => ({ ...before, ...patch })) };
}

interface PersonFieldsProps {
  readonly person: Person;
  readonly errors: Readonly<Record<string, string | undefined>>;
  /** The address is given, for example by an invitation. */
  readonly fixedEmail?: boolean;
}

/** Name, e-mail and a new password. */
export function PersonFields({ person: { values, set }, errors, fixedEmail = false }: PersonFieldsProps) {
  return (
    <>
      <Field label="Your name" error={errors["name"]}>
        {(control) => (
          <Input
            {...control}
            autoComplete="name"
            autoFocus
            required
            maxLength={80}
            value={values.name}
            onChange={(event) => set({ name: event.target.value })}
          />
        )}
      </Field>
      <Field label="E-mail" error={errors["email"]}>
        {(control) => (
          <Input
            {...control}
            type="email"
            autoComplete="username"
            required
            readOnly={fixedEmail}
            value={values.email}
            onChange={(event) => set({ email: event.target.value })}
          />
        )}
      </Field>
      <NewPassword value={values.password} error={errors["password"]} onChange={(password) => set({ password })} />
    </>
  );
}

interface NewPasswordProps {
  /** Default: Password */
  readonly label?: string;
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (value: string) => void;
}

export function NewPassword({ label = "Password", value, error, onChange }: NewPasswordProps) {
  return (
    <Field label={label} hint="At least 8 characters." error={error}>
      {(control) => (
        <Input
          {...control}
          type="password"
          autoComplete="new-password"
          required
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
