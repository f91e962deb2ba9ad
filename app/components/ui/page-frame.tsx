import type { ReactNode } from "react";
import { cn } from "./cn";

interface PageProps {
  readonly title: string;
  readonly description?: ReactNode;
  /** Buttons at the right of the title. */
  readonly actions?: ReactNode;
  readonly narrow?: boolean;
  readonly children: ReactNode;
}

/** A page of the app: its title, what it is for, what can be done, and the rest. */
export function Page({ title, description, actions, narrow = false, children }: PageProps) {
  return (
    <div className={cn("mx-auto w-full px-4 pt-6 pb-16 sm:px-6 lg:px-10 lg:pt-9", narrow ? "max-w-4xl" : "max-w-7xl")}>
      <header className="mb-6 flex flex-wrap items-end gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-72">
          <h1 className="font-serif text-[1.75rem] leading-9 tracking-tight text-balance">{title}</h1>
          {description !== undefined && <p className="mt-1 max-w-2xl text-sm leading-6 text-ink-soft">{description}</p>}
        </div>
        {actions !== undefined && <div className="flex flex-wrap items-center gap-2.5">{actions}</div>}
      </header>
      {children}
    </div>
  );
}
