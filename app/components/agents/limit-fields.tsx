"use client";
import { Field } from "../ui/field";
import { Input } from "../ui/input";
import type { Config, DraftProps } from "./draft";

type Name = keyof Config["limits"];

/** `scale`: how many of what is kept make one of what is typed. Money is kept in millionths. */
const LIMITS: readonly { readonly name: Name; readonly label: string; readonly scale: number }[] = [
  { name: "requestsPerMinute", label: "Replies per minute", scale: 1 },
  { name: "tokensPerMinute", label: "Tokens per minute", scale: 1 },
  { name: "concurrentSessions", label: "Sessions at a time", scale: 1 },
  { name: "minutesPerDay", label: "Minutes per day", scale: 1 },
  { name: "minutesPerMonth", label: "Minutes per month", scale: 1 },
  { name: "costPerDayMicros", label: "Cost per day", scale: 1_000_000 },
  { name: "costPerMonthMicros", label: "Cost per month", scale: 1_000_000 },
];

export function LimitFields({ draft: { config }, errors, onConfig }: DraftProps) {
  const set = (name: Name, value: number | null): void => onConfig({ limits: { ...config.limits, [name]: value } });
  return (
    <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
      {LIMITS.map(({ name, label, scale }) => {
        const kept = config.limits[name];
        return (
          <Field key={name} label={label} error={errors[`config.limits.${name}`]}>
            {(control) => (
              <Input
                {...control}
                type="number"
                min={scale === 1 ? 1 : 0}
                step={scale === 1 ? 1 : "any"}
                inputMode="decimal"
                defaultValue={typeof kept === "number" ? kept / scale : undefined}
                onChange={({ target: { valueAsNumber: value } }) =>
                  set(name, Number.isNaN(value) ? null : Math.round(value * scale))
                }
              />
            )}
          </Field>
        );
      })}
    </div>
  );
}
