import { cva, type VariantProps } from "class-variance-authority";
import type { ReactNode } from "react";
import { cn } from "./cn";

const styles = cva("inline-flex h-5.5 items-center gap-1.5 rounded-full px-2 text-xs font-medium whitespace-nowrap", {
  variants: {
    tone: {
      neutral: "bg-sunken text-ink-soft",
      accent: "bg-accent-soft text-accent",
      good: "bg-[color-mix(in_oklch,var(--leaf)_14%,transparent)] text-leaf-ink",
      warn: "bg-[color-mix(in_oklch,var(--gold)_18%,transparent)] text-gold-ink",
      bad: "bg-vermilion-soft text-vermilion",
    },
  },
  defaultVariants: { tone: "neutral" },
});

export type Tone = NonNullable<VariantProps<typeof styles>["tone"]>;

interface BadgeProps {
  readonly tone?: Tone;
  /** A dot that breathes: it is happening now. */
  readonly live?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}

export function Badge({ tone = "neutral", live = false, className, children }: BadgeProps) {
  return (
    <span className={cn(styles({ tone }), className)}>
      {live && <span aria-hidden="true" className="thinking-dot size-1.5 rounded-full bg-current" />}
      {children}
    </span>
  );
}
