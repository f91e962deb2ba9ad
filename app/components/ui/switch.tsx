"use client";
import { Switch as Base } from "@base-ui/react/switch";
import type { ReactNode } from "react";

interface SwitchProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly onChange: (checked: boolean) => void;
}

/** On or off, with its label beside it. */
export function Switch({ label, hint, checked, disabled, onChange }: SwitchProps) {
  return (
    <label className="flex cursor-pointer items-start gap-3 has-data-disabled:cursor-default has-data-disabled:opacity-55">
      <Base.Root
        checked={checked}
        disabled={disabled}
        onCheckedChange={onChange}
        aria-label={label}
        className="relative mt-0.5 inline-flex h-5 w-9 shrink-0 rounded-full border border-line-strong bg-sunken transition-colors data-checked:border-accent-fill data-checked:bg-accent-fill"
      >
        <Base.Thumb className="absolute top-0.5 left-0.5 size-3.5 rounded-full bg-ink-soft transition-transform data-checked:translate-x-4 data-checked:bg-accent-ink" />
      </Base.Root>
      <span className="min-w-0">
        <span className="block text-sm font-medium">{label}</span>
        {hint !== undefined && <span className="mt-0.5 block text-[0.8125rem] leading-5 text-ink-faint">{hint}</span>}
      </span>
    </label>
  );
}
