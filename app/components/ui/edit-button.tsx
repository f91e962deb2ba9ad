"use client";
import { type ReactNode, useState } from "react";
import { Button } from "./button";
import { Dialog } from "./dialog";

interface EditButtonProps {
  /** What is changed. */
  readonly of: string;
  /** Default: what is changed. */
  readonly title?: string;
  readonly wide?: boolean;
  readonly form: (close: () => void) => ReactNode;
}

/** A button that opens the form which changes one thing. */
export function EditButton({ of, title = of, wide = false, form }: EditButtonProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="sm" aria-label={`Edit ${of}`} onClick={() => setOpen(true)}>
        Edit
      </Button>
      <Dialog open={open} onOpenChange={setOpen} title={title} wide={wide}>
        {form(() => setOpen(false))}
      </Dialog>
    </>
  );
}
