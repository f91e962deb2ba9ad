"use client";
import { useState } from "react";
import { Button } from "./button";
import { Confirm } from "./dialog";

interface DeleteButtonProps {
  /** What goes. */
  readonly of: string;
  readonly title?: string;
  readonly description: string;
  readonly busy: boolean;
  /** Whatever comes of it, the question is over then. */
  readonly onDelete: () => Promise<unknown>;
}

/** A button that deletes, once that was meant. */
export function DeleteButton({ of, title = `Delete ${of}?`, description, busy, onDelete }: DeleteButtonProps) {
  const [asking, setAsking] = useState(false);
  const confirm = async (): Promise<void> => {
    // Whoever deletes says why it did not work.
    await onDelete().catch(() => undefined);
    setAsking(false);
  };
  return (
    <>
      <Button look="danger-quiet" size="sm" aria-label={`Delete ${of}`} onClick={() => setAsking(true)}>
        Delete
      </Button>
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={title}
        description={description}
        action="Delete"
        busy={busy}
        onConfirm={() => void confirm()}
      />
    </>
  );
}
