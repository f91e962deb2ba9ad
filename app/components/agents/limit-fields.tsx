"use client";
import { Field } from "../ui/field";
import { Input } from "../ui/input";
import type { Config, DraftProps } from "./draft";

const LIMITS: readonly (readonly [name: keyof Config["limits"], label: string])[] = [
  ["requestsPerMinute", "Replies per minute"],
  ["tokensPerMinute", "Tokens per minute"],
  ["concurrentSessions", "Sessions at a time"],
  ["minutesPerDay", "Minutes per day"],
];

export function LimitFields({ draft: { config }, errors, onConfig }: DraftProps) {
  return (
    <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
      {LIMITS.map(([name, label]) => (
        <Field key={name} label={label} error={errors[`config.limits.${name}`]}>
          {(control) => (
            <Input
              {...control}
              type="number"
              min={1}
              inputMode="numeric"
              value={config.limits[name] ?? ""}
              onChange={({ target: { valueAsNumber: value } }) =>
                onConfig({ limits: { ...config.limits, [name]: Number.isInteger(value) ? value : null } })
              }
            />
          )}
        </Field>
      ))}
    </div>
  );
}
