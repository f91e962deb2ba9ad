"use client";
import { Field } from "./field";
import { Input } from "./input";

const MICROS = 1_000_000;

interface AmountFieldProps {
  readonly label: string;
  /** Money is kept in millionths, and entered as people write it. */
  readonly money?: boolean;
  /** What it was; null or undefined: nothing. */
  readonly value: number | null | undefined;
  readonly error: string | undefined;
  readonly optional?: boolean;
  /** Null: nothing was entered. */
  readonly onChange: (value: number | null) => void;
}

/** A number of zero or more. What is being typed stays as it is, so that 0.10 can be written. */
export function AmountField({ label, money = false, value, error, optional = false, onChange }: AmountFieldProps) {
  const unit = money ? MICROS : 1;
  return (
    <Field label={label} optional={optional} error={error}>
      {(control) => (
        <Input
          {...control}
          type="number"
          required={!optional}
          min={0}
          step={money ? "any" : 1}
          inputMode="decimal"
          defaultValue={value === null || value === undefined ? undefined : value / unit}
          onChange={({ target: { valueAsNumber: entered } }) =>
            onChange(Number.isNaN(entered) ? null : Math.round(entered * unit))
          }
        />
      )}
    </Field>
  );
}
