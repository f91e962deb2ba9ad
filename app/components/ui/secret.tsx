"use client";
import { CopyButton } from "../copy-button";
import { Button } from "./button";
import { DialogActions } from "./dialog";

interface SecretProps {
  readonly label: string;
  readonly value: string;
}

/** A secret that is shown this once. */
export function Secret({ label, value }: SecretProps) {
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

/** At the end of a form that made something with a secret. */
export function ShownOnce({ label, value, onClose }: SecretProps & { readonly onClose: () => void }) {
  return (
    <>
      <Secret label={label} value={value} />
      <DialogActions>
        <Button look="primary" onClick={onClose}>
          I have copied it
        </Button>
      </DialogActions>
    </>
  );
}
