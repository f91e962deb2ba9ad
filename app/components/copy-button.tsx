"use client";
import { useEffect, useState } from "react";
import { IconButton } from "./ui/button";
import { CheckIcon, CloseIcon, CopyIcon } from "./icons";

interface CopyButtonProps {
  readonly label: string;
  /** Made only when it is wanted. */
  readonly text: () => string;
  readonly disabled?: boolean;
  readonly className?: string;
}

type Outcome = "copied" | "failed";

export function CopyButton({ label, text, disabled = false, className = "" }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<Outcome>();
  useEffect(() => {
    if (outcome === undefined) return;
    const timer = setTimeout(() => setOutcome(undefined), 1800);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = (): void => {
    // Missing on addresses that are not secure, refused by some browsers' settings.
    const written = "clipboard" in navigator ? navigator.clipboard.writeText(text()) : Promise.reject(new Error());
    written.then(
      () => setOutcome("copied"),
      () => setOutcome("failed"),
    );
  };
  const said = outcome === "copied" ? "Copied" : outcome === "failed" ? "The browser did not allow copying" : label;
  return (
    <IconButton label={said} disabled={disabled} className={className} onClick={copy}>
      {outcome === undefined ? (
        <CopyIcon />
      ) : outcome === "copied" ? (
        <CheckIcon className="size-4 text-leaf" />
      ) : (
        <CloseIcon className="size-4 text-vermilion" />
      )}
    </IconButton>
  );
}
