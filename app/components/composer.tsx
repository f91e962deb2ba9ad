"use client";
import { type FormEvent, useState } from "react";
import { SendIcon } from "./icons";

interface ComposerProps {
  readonly disabled: boolean;
  /** False when it was not sent; the text then stays. */
  readonly onSend: (text: string) => boolean;
}

export function Composer({ disabled, onSend }: ComposerProps) {
  const [text, setText] = useState("");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (onSend(text)) setText("");
  };
  return (
    <form onSubmit={submit} className="relative">
      <input
        value={text}
        onChange={(event) => setText(event.target.value)}
        aria-label="Message"
        placeholder="Or type a message"
        autoComplete="off"
        enterKeyHint="send"
        maxLength={4000}
        className="h-12 w-full rounded-2xl border border-line bg-surface pr-14 pl-4 transition-colors placeholder:text-ink-faint hover:border-line-strong"
      />
      <button
        type="submit"
        aria-label="Send"
        disabled={disabled || text.trim() === ""}
        className="absolute top-1.5 right-1.5 flex size-9 items-center justify-center rounded-xl bg-accent-fill text-accent-ink transition-colors hover:bg-accent-fill-hover disabled:bg-sunken disabled:text-ink-faint"
      >
        <SendIcon className="size-4.5" />
      </button>
    </form>
  );
}
