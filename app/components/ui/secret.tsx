"use client";
import { CopyButton } from "../copy-button";

/** A secret that is shown this once. */
export function Secret({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div className="rounded-xl border border-line bg-accent-soft p-3.5">
      <p className="text-[0.8125rem] text-ink-soft">{label}. It is shown this once: copy it now.</p>
      <div className="mt-2 flex items-center gap-2">
        <code className="min-w-0 flex-1 font-mono text-sm break-all" data-secret="">
          {value}
        </code>
        <CopyButton label="Copy" text={() => value} />
      </div>
    </div>
  );
}
