"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useOrigin } from "../../lib/origin";
import { type SnippetKind, SNIPPET_KINDS, sessionSnippet } from "../../lib/snippets";
import { useTRPC } from "../../lib/trpc";
import { Code } from "./code";
import { Field } from "./field";
import { Select } from "./input";

interface SnippetChooserProps {
  /** Undefined: the server's default. */
  readonly model: string | undefined;
  readonly session: object;
  /** Filled in where it is known. */
  readonly apiKey?: string;
}

/** The same session from a program, in the language of choice. */
export function SnippetChooser({ model, session, apiKey }: SnippetChooserProps) {
  const trpc = useTRPC();
  const offer = useQuery(trpc.playground.offer.queryOptions());
  const [kind, setKind] = useState<SnippetKind>("openai");
  const origin = useOrigin();
  const code = sessionSnippet(kind, {
    origin,
    model: model ?? offer.data?.models[0] ?? "antiphon",
    session,
    ...(apiKey === undefined ? {} : { apiKey }),
  });
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <Field
        label="For"
        className="max-w-sm"
        hint={apiKey === undefined ? "Put one of your API keys into ANTIPHON_API_KEY." : undefined}
      >
        {(control) => (
          <Select {...control} value={kind} onChange={({ target }) => setKind(target.value as SnippetKind)}>
            {SNIPPET_KINDS.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Code label={SNIPPET_KINDS.find(({ value }) => value === kind)?.label ?? ""} code={code} />
    </div>
  );
}
