import { CopyButton } from "../copy-button";
import { cn } from "./cn";

interface CodeProps {
  readonly label: string;
  readonly code: string;
  readonly className?: string;
}

/** A piece of code that can be copied. */
export function Code({ label, code, className }: CodeProps) {
  return (
    <div className={cn("relative min-w-0 rounded-xl border border-line bg-sunken", className)}>
      <CopyButton label={`Copy: ${label}`} text={() => code} className="absolute top-1.5 right-1.5 bg-sunken" />
      <pre
        tabIndex={0}
        aria-label={label}
        className="max-h-112 overflow-auto p-4 pr-12 font-mono text-[0.8125rem] leading-6 text-ink-soft"
      >
        <code>{code}</code>
      </pre>
    </div>
  );
}
