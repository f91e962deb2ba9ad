import type { ReactNode } from "react";
import { cn } from "./cn";

interface CardProps {
  readonly title?: string;
  readonly description?: ReactNode;
  /** Stands at the right of the title. */
  readonly action?: ReactNode;
  readonly className?: string;
  /** Lets the content touch the edges, as a table does. */
  readonly flush?: boolean;
  readonly children: ReactNode;
}

export function Card({ title, description, action, className, flush = false, children }: CardProps) {
  return (
    <section className={cn("min-w-0 rounded-2xl border border-line bg-surface", className)}>
      {title !== undefined && (
        <header className="flex flex-wrap items-start gap-x-4 gap-y-2 px-5 pt-4.5">
          <div className="min-w-0 flex-1">
            <h2 className="font-semibold">{title}</h2>
            {description !== undefined && <p className="mt-0.5 text-sm leading-6 text-ink-soft">{description}</p>}
          </div>
          {action}
        </header>
      )}
      <div className={flush ? "pt-3" : title === undefined ? "p-5" : "px-5 pt-4 pb-5"}>{children}</div>
    </section>
  );
}
