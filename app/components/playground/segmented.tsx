import type { ReactNode } from "react";

interface SegmentedProps<T extends string> {
  /** The name of the choice. */
  readonly label: string;
  readonly name: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: ReactNode }[];
  readonly onChange: (value: T) => void;
  readonly className?: string;
}

/** A choice between a few, as radio buttons: arrow keys, names and states come from the browser. */
export function Segmented<T extends string>({
  label,
  name,
  value,
  options,
  onChange,
  className = "",
}: SegmentedProps<T>) {
  return (
    <fieldset className={`inline-flex rounded-full border border-line bg-sunken p-0.5 ${className}`}>
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <label
          key={option.value}
          className="relative inline-flex h-8 flex-1 cursor-pointer items-center justify-center rounded-full px-3.5 text-sm whitespace-nowrap text-ink-soft transition-colors select-none hover:text-ink has-checked:bg-surface has-checked:text-ink has-checked:shadow-[0_0_0_1px_var(--line),0_1px_2px_var(--shadow)] has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-accent"
        >
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
            className="absolute inset-0 cursor-pointer opacity-0"
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}
