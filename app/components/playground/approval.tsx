"use client";
import { Check, X } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { ApprovalAnswer, McpTurn } from "../../lib/playground/conversation-types";
import { Button } from "../ui/button";
import { Input } from "../ui/input";

interface ApprovalProps {
  readonly turn: McpTurn;
  readonly onAnswer: (answer: ApprovalAnswer) => void;
}

/** The question whether a call may be made. It takes no focus: a key that was meant to talk must not approve. */
export function Approval({ turn: { name, server }, onAnswer }: ApprovalProps) {
  const [reason, setReason] = useState("");
  const answer = (approve: boolean): void => onAnswer({ approve, reason: reason.trim() });
  // Enter in the field declines: a call that nobody meant cannot be taken back.
  const decline = (event: FormEvent): void => {
    event.preventDefault();
    answer(false);
  };
  return (
    <form
      onSubmit={decline}
      aria-label={`Approval of ${name}`}
      className="grid gap-3 rounded-b-xl border-t border-line bg-[color-mix(in_oklch,var(--gold)_7%,transparent)] p-4"
    >
      <p className="leading-6">
        May <code className="font-mono text-[0.8125rem]">{name}</code> be called with these arguments?{" "}
        <span className="text-ink-soft">They go to {server}, which may act on them.</span>
      </p>
      <div className="flex flex-wrap items-center gap-2.5">
        <Button look="primary" size="sm" onClick={() => answer(true)}>
          <Check aria-hidden="true" />
          Approve
        </Button>
        <Button size="sm" type="submit">
          <X aria-hidden="true" />
          Decline
        </Button>
        <Input
          aria-label="Reason"
          placeholder="Reason, told to the model (optional)"
          value={reason}
          maxLength={500}
          onChange={({ target }) => setReason(target.value)}
          className="h-9 min-w-44 flex-1"
        />
      </div>
    </form>
  );
}
