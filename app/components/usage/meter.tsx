import { cn } from "../ui/cn";

interface MeterProps {
  readonly label: string;
  /** How much of it is used: 1 is all. */
  readonly share: number;
  /** The same in words. */
  readonly words: string;
  /** From here on it is shown as too much. */
  readonly warnAt?: number;
}

/** How much of something is used up. */
export function Meter({ label, share, words, warnAt = 0.9 }: MeterProps) {
  return (
    <span className="grid gap-1.5">
      <span className="flex flex-wrap items-baseline justify-between gap-x-3 text-[0.8125rem] text-ink-soft">
        <span>{label}</span>
        <span className="tabular-nums">{words}</span>
      </span>
      <Filled share={share} alarming={share >= warnAt} />
    </span>
  );
}

interface FilledProps {
  readonly share: number;
  readonly alarming?: boolean;
}

export function Filled({ share, alarming = false }: FilledProps) {
  return (
    <span aria-hidden="true" className="block h-2 overflow-hidden rounded-full bg-sunken">
      <span
        className={cn("block h-full rounded-full", alarming ? "bg-vermilion-fill" : "bg-accent-fill")}
        style={{ width: `${Math.min(1, Math.max(0, share)) * 100}%` }}
      />
    </span>
  );
}
