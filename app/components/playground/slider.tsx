"use client";

interface SliderProps {
  readonly label: string;
  readonly unit: string;
  readonly value: number;
  /** From, to, step. */
  readonly range: readonly [number, number, number];
  readonly onChange: (value: number) => void;
}

export function Slider({ label, unit, value, range: [min, max, step], onChange }: SliderProps) {
  return (
    <label className="grid content-start gap-1.5 text-sm font-medium">
      <span className="flex justify-between gap-2">
        {label}
        <span className="font-normal text-ink-faint tabular-nums">
          {value}
          {unit}
        </span>
      </span>
      <input
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        onChange={({ target }) => onChange(target.valueAsNumber)}
        className="h-10 w-full cursor-pointer accent-(--accent-fill)"
      />
    </label>
  );
}
