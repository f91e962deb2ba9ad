"use client";
import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import type { Problem } from "../lib/problems";
import { Button } from "./button";

interface KeyFormProps {
  readonly problem: Problem;
  readonly onKey: (key: string) => void;
}

export function KeyForm({ problem, onKey }: KeyFormProps) {
  const [key, setKey] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  const wrong = problem.code === "bad-key";
  useEffect(() => field.current?.focus(), []);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (key.trim() === "") field.current?.focus();
    else onKey(key.trim());
  };
  return (
    <form onSubmit={submit} className="appear">
      <label htmlFor={id} className="font-semibold">
        {problem.title}
      </label>
      <div className="mt-2.5 flex flex-col gap-2.5 sm:flex-row">
        <input
          ref={field}
          id={id}
          type="password"
          value={key}
          onChange={(event) => setKey(event.target.value)}
          placeholder="sk-…"
          autoComplete="off"
          spellCheck={false}
          aria-describedby={`${id}-help`}
          aria-invalid={wrong}
          className="h-11 min-w-0 rounded-full border border-line-strong bg-surface px-4 font-mono text-sm sm:flex-1 placeholder:text-ink-faint aria-invalid:border-vermilion"
        />
        <Button look="primary" type="submit" className="h-11 px-6">
          Connect
        </Button>
      </div>
      <p id={`${id}-help`} role={wrong ? "alert" : undefined} className="mt-3 text-sm leading-6 text-ink-soft">
        {problem.detail} The key stays in this tab, and is forgotten when you close it.
      </p>
    </form>
  );
}
