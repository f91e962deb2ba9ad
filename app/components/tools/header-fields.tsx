"use client";
import { Plus, X } from "lucide-react";
import { Button, IconButton } from "../ui/button";
import { Input } from "../ui/input";

export interface HeaderDraft {
  readonly key: number;
  readonly name: string;
  readonly value: string;
  /** It has a value already, which nobody is shown. */
  readonly kept: boolean;
}

export function headerDrafts(names: readonly string[] = []): HeaderDraft[] {
  return names.map((name, key) => ({ key, name, value: "", kept: true }));
}

/** As the server takes them: null for a value that stays. */
export function headersOf(drafts: readonly HeaderDraft[]): Record<string, string | null> {
  const named = drafts.filter(({ name }) => name.trim() !== "");
  return Object.fromEntries(named.map(({ name, value, kept }) => [name.trim(), kept && value === "" ? null : value]));
}

interface HeaderFieldsProps {
  readonly headers: readonly HeaderDraft[];
  readonly errors: Readonly<Record<string, string | undefined>>;
  readonly onChange: (headers: HeaderDraft[]) => void;
}

/** Headers that each call carries. Their values are sealed and never shown again. */
export function HeaderFields({ headers, errors, onChange }: HeaderFieldsProps) {
  const set = (key: number, patch: Partial<HeaderDraft>): void =>
    onChange(headers.map((each) => (each.key === key ? { ...each, ...patch } : each)));
  const add = (): void => {
    const key = Math.max(-1, ...headers.map((each) => each.key)) + 1;
    onChange([...headers, { key, name: "", value: "", kept: false }]);
  };
  const problem = Object.entries(errors).find(([path]) => path.startsWith("config.headers"))?.[1];
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1.5 text-sm font-medium">
        Headers <span className="ml-1 font-normal text-ink-faint">optional; their values are not shown again</span>
      </legend>
      {headers.map(({ key, name, value, kept }, index) => (
        <div key={key} className="flex gap-2">
          <Input
            aria-label={`Name of header ${index + 1}`}
            placeholder="x-api-key"
            required
            className="font-mono"
            value={name}
            onChange={({ target }) => set(key, { name: target.value, kept: false })}
          />
          <Input
            aria-label={`Value of header ${index + 1}`}
            type="password"
            autoComplete="off"
            required={!kept}
            placeholder={kept ? "stays as it is" : "value"}
            value={value}
            onChange={({ target }) => set(key, { value: target.value })}
          />
          <IconButton
            label={`Remove header ${index + 1}`}
            onClick={() => onChange(headers.filter((each) => each.key !== key))}
          >
            <X aria-hidden="true" />
          </IconButton>
        </div>
      ))}
      {problem !== undefined && (
        <p role="alert" className="text-[0.8125rem] leading-5 text-vermilion">
          {problem}
        </p>
      )}
      <div>
        <Button size="sm" onClick={add}>
          <Plus aria-hidden="true" />
          Add a header
        </Button>
      </div>
    </fieldset>
  );
}
