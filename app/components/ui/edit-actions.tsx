"use client";
import { Button } from "./button";
import { DialogActions } from "./dialog";

interface EditActionsProps {
  /** Undefined: there is nothing yet that could be removed. */
  readonly onRemove: (() => void) | undefined;
  readonly removing: boolean;
  readonly saving: boolean;
  readonly onClose: () => void;
}

/** How a form that changes one thing ends: away with it, never mind, or save. */
export function EditActions({ onRemove, removing, saving, onClose }: EditActionsProps) {
  return (
    <DialogActions>
      {onRemove !== undefined && (
        <Button look="danger-quiet" className="mr-auto" busy={removing} onClick={onRemove}>
          Remove
        </Button>
      )}
      <Button onClick={onClose}>Cancel</Button>
      <Button look="primary" type="submit" busy={saving}>
        Save
      </Button>
    </DialogActions>
  );
}
