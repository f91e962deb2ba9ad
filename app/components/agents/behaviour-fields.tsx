"use client";
import { useQuery } from "@tanstack/react-query";
import { toTranscription } from "../../lib/playground/agent-setup";
import { useTRPC } from "../../lib/trpc";
import { Slider } from "../playground/slider";
import { Choice } from "../ui/choice";
import { Field } from "../ui/field";
import { Input } from "../ui/input";
import type { Config, DraftProps } from "./draft";

const REPLIES = [
  ["audio", "Spoken"],
  ["text", "Written"],
] as const;

export function BehaviourFields({ draft: { config }, onConfig }: DraftProps) {
  const trpc = useTRPC();
  const offer = useQuery(trpc.playground.offer.queryOptions());
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <NameChoice
        label="Model"
        none="The one that the client asks for"
        known={offer.data?.models ?? []}
        value={config.model}
        onChange={(model) => onConfig({ model })}
      />
      <NameChoice
        label="Voice"
        none="The server’s own"
        known={offer.data?.voices ?? []}
        value={config.voice}
        onChange={(voice) => onConfig({ voice })}
      />
      <Choice
        label="Replies"
        value={config.modality}
        options={REPLIES}
        onChange={(modality) => onConfig({ modality })}
      />
      <Slider
        label="Speed"
        unit="×"
        value={config.speed}
        range={[0.25, 1.5, 0.05]}
        onChange={(speed) => onConfig({ speed })}
      />
      <Field label="Longest reply" optional hint="In tokens. Empty: as long as it takes.">
        {(control) => (
          <Input
            {...control}
            type="number"
            min={1}
            max={4096}
            value={config.maxOutputTokens ?? ""}
            onChange={({ target: { valueAsNumber: value } }) =>
              onConfig({ maxOutputTokens: Number.isInteger(value) ? value : null })
            }
          />
        )}
      </Field>
      <Field label="Language" optional hint="Two letters, for example en. Empty: found out by itself.">
        {(control) => (
          <Input
            {...control}
            maxLength={2}
            value={config.transcription?.language ?? ""}
            onChange={({ target }) => onConfig({ transcription: withLanguage(config.transcription, target.value) })}
          />
        )}
      </Field>
    </div>
  );
}

function withLanguage(before: Config["transcription"], typed: string): Config["transcription"] {
  return toTranscription(typed.toLowerCase().replace(/[^a-z]/g, ""), before);
}

interface NameChoiceProps {
  readonly label: string;
  /** What no choice means. */
  readonly none: string;
  readonly known: readonly string[];
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
}

/** One of the names that the server knows; one that it no longer knows stays to be seen. */
function NameChoice({ label, none, known, value, onChange }: NameChoiceProps) {
  const names = value === null || known.includes(value) ? known : [value, ...known];
  return (
    <Choice
      label={label}
      value={value ?? ""}
      options={[["", none], ...names.map((name) => [name, name] as const)]}
      onChange={(name) => onChange(name === "" ? null : name)}
    />
  );
}
