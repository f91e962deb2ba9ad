import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./button";

interface EmptyProps {
  readonly icon?: LucideIcon;
  readonly title: string;
  /** What this place is for, and how something comes to be here. */
  readonly children: ReactNode;
  readonly action?: ReactNode;
}

/** An empty place that says what belongs there. */
export function Empty({ icon: Icon, title, children, action }: EmptyProps) {
  return (
    <div className="mx-auto flex max-w-md flex-col items-center px-6 py-14 text-center">
      {Icon !== undefined && (
        <span className="mb-4 grid size-11 place-items-center rounded-full bg-accent-soft text-accent">
          <Icon aria-hidden="true" className="size-5" />
        </span>
      )}
      <p className="font-serif text-lg tracking-tight">{title}</p>
      <div className="mt-1.5 text-sm leading-6 text-ink-soft">{children}</div>
      {action !== undefined && <div className="mt-5 flex flex-wrap justify-center gap-2.5">{action}</div>}
    </div>
  );
}

interface FailedProps {
  readonly message: string;
  readonly onRetry?: () => void;
}

/** What stands in the place of something that could not be loaded. */
export function Failed({ message, onRetry }: FailedProps) {
  return (
    <div role="alert" className="mx-auto flex max-w-md flex-col items-center gap-4 px-6 py-12 text-center">
      <p className="text-sm leading-6">
        <strong className="block font-semibold text-vermilion">This could not be loaded.</strong>
        <span className="text-ink-soft">{message}</span>
      </p>
      {onRetry !== undefined && (
        <Button size="sm" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}
