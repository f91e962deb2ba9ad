"use client";
import { useState } from "react";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { Secret } from "./secret";

interface NewSecretProps {
  /** Whose it is. */
  readonly of: string;
  /** What becomes of the old one. */
  readonly description: string;
  readonly secret: string | undefined;
  readonly busy: boolean;
  readonly onMake: () => void;
}

/** A button that makes a new signing secret, once that was meant, and shows it this once. */
export function NewSecret({ of, description, secret, busy, onMake }: NewSecretProps) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button size="sm" aria-label={`New secret for ${of}`} onClick={() => setAsking(true)}>
        New secret
      </Button>
      <Dialog open={asking} onOpenChange={setAsking} title="New signing secret" description={description}>
        {secret === undefined ? (
          <Button look="danger" busy={busy} onClick={onMake}>
            Make a new secret
          </Button>
        ) : (
          <Secret label="The signing secret" value={secret} />
        )}
      </Dialog>
    </>
  );
}
