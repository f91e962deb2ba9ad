"use client";
import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "../../lib/trpc";
import { useViewer } from "../shell/viewer";
import { Button } from "../ui/button";
import { Input, Select } from "../ui/input";
import { SPANS, useSessionFilters } from "./use-session-filters";

const SPAN_WORDS: Readonly<Record<(typeof SPANS)[number], string>> = {
  day: "Last 24 hours",
  week: "Last 7 days",
  month: "Last 30 days",
};

export function SessionFilters() {
  const { values, set, isFiltered, clear } = useSessionFilters();
  return (
    <search className="grid grid-cols-2 gap-2.5 md:flex md:flex-wrap">
      <Input
        type="search"
        aria-label="Search in what was said"
        placeholder="Search in what was said"
        className="col-span-2 md:w-72"
        value={values.search}
        onChange={({ target }) => void set({ search: target.value === "" ? null : target.value })}
      />
      <Choice
        label="When"
        value={values.span}
        all="Any time"
        options={SPANS.map((span) => [span, SPAN_WORDS[span]])}
        onChange={(span) => void set({ span: span as (typeof SPANS)[number] | null })}
      />
      <AgentChoice />
      <KeyChoice />
      <Choice
        label="With"
        value={values.errors ? "errors" : values.audio ? "audio" : null}
        all="All of them"
        options={[
          ["audio", "With audio"],
          ["errors", "With errors"],
        ]}
        onChange={(value) => void set({ errors: value === "errors" || null, audio: value === "audio" || null })}
      />
      {isFiltered && (
        <Button look="ghost" className="h-10" onClick={clear}>
          Clear
        </Button>
      )}
    </search>
  );
}

function AgentChoice() {
  const trpc = useTRPC();
  const agents = useQuery(trpc.agents.list.queryOptions());
  const { values, set } = useSessionFilters();
  if (agents.data === undefined || agents.data.length === 0) return null;
  return (
    <Choice
      label="Agent"
      value={values.agent}
      all="Any agent"
      options={agents.data.map(({ id, name }) => [id, name])}
      onChange={(agent) => void set({ agent })}
    />
  );
}

function KeyChoice() {
  const trpc = useTRPC();
  const may = useViewer().scopes.includes("keys:read");
  const keys = useQuery(trpc.keys.list.queryOptions(undefined, { enabled: may }));
  const { values, set } = useSessionFilters();
  if (keys.data === undefined || keys.data.length === 0) return null;
  return (
    <Choice
      label="Key"
      value={values.key}
      all="Any key"
      options={keys.data.map(({ id, name }) => [id, name])}
      onChange={(key) => void set({ key })}
    />
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string | null;
  /** What stands for no choice. */
  readonly all: string;
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly onChange: (value: string | null) => void;
}

function Choice({ label, value, all, options, onChange }: ChoiceProps) {
  return (
    <Select
      aria-label={label}
      className="md:w-40"
      value={value ?? ""}
      onChange={({ target }) => onChange(target.value === "" ? null : target.value)}
    >
      <option value="">{all}</option>
      {options.map(([id, name]) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </Select>
  );
}
