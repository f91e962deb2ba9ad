import type { ReactNode } from "react";

interface ToolGroupProps {
  readonly title: string;
  readonly hint: ReactNode;
  readonly children: ReactNode;
}

/** Tools of one origin. */
export function ToolGroup({ title, hint, children }: ToolGroupProps) {
  return (
    <div role="group" aria-label={title} className="grid grid-cols-[minmax(0,1fr)] gap-2.5">
      <p className="text-sm leading-5">
        <span className="font-medium">{title}</span>
        <span className="mt-0.5 block text-[0.8125rem] text-ink-faint">{hint}</span>
      </p>
      {children}
    </div>
  );
}
