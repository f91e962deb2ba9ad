import type { InputHTMLAttributes, Ref, SelectHTMLAttributes, TextareaHTMLAttributes } from "react";
import { ChevronDown } from "lucide-react";
import { cn } from "./cn";

/** What every field looks like; the invalid state comes from `aria-invalid`. */
const field =
  "w-full min-w-0 rounded-xl border border-line bg-surface text-sm text-ink transition-colors placeholder:text-ink-faint hover:border-line-strong disabled:opacity-55 aria-invalid:border-vermilion";

export function Input({
  className,
  ...props
}: InputHTMLAttributes<HTMLInputElement> & { ref?: Ref<HTMLInputElement> }) {
  return <input className={cn(field, "h-10 px-3.5", className)} {...props} />;
}

export function Textarea({
  className,
  ...props
}: TextareaHTMLAttributes<HTMLTextAreaElement> & { ref?: Ref<HTMLTextAreaElement> }) {
  return <textarea className={cn(field, "min-h-24 px-3.5 py-2.5 leading-6", className)} {...props} />;
}

/** The browser's own list: the best one on a phone, and it needs nothing to be used by keyboard. */
export function Select({
  className,
  children,
  ...props
}: SelectHTMLAttributes<HTMLSelectElement> & { ref?: Ref<HTMLSelectElement> }) {
  return (
    <span className={cn("relative inline-flex w-full min-w-0", className)}>
      <select className={cn(field, "h-10 appearance-none truncate pr-9 pl-3.5")} {...props}>
        {children}
      </select>
      <ChevronDown
        aria-hidden="true"
        className="pointer-events-none absolute top-1/2 right-3 size-4 -translate-y-1/2 text-ink-faint"
      />
    </span>
  );
}
