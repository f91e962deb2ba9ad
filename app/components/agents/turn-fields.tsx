"use client";
import { defaultSetup } from "../../lib/playground/setup";
import { Slider } from "../playground/slider";
import { Field } from "../ui/field";
import { Select } from "../ui/input";
import { Switch } from "../ui/switch";
import type { Config, DraftProps } from "./draft";

type Turns = NonNullable<Config["turnDetection"]>;

const USUAL = defaultSetup.detection;

export function TurnFields({ draft: { config }, onConfig }: DraftProps) {
  const turns = config.turnDetection;
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label="Who says when a turn is over">
        {(control) => (
          <Select
            {...control}
            value={turns === undefined ? "" : turns === null ? "hand" : turns.type}
            onChange={({ target }) => onConfig({ turnDetection: chosen(target.value) })}
          >
            <option value="">The server’s default</option>
            <option value="server_vad">Silence (server_vad)</option>
            <option value="semantic_vad">Meaning (semantic_vad)</option>
            <option value="hand">The client, by hand</option>
          </Select>
        )}
      </Field>
      <Field label="Noise reduction">
        {(control) => (
          <Select
            {...control}
            value={config.noiseReduction ?? ""}
            onChange={({ target: { value } }) =>
              onConfig({ noiseReduction: value === "" ? null : (value as NonNullable<Config["noiseReduction"]>) })
            }
          >
            <option value="">Off</option>
            <option value="near_field">Near: a headset</option>
            <option value="far_field">Far: a laptop in a room</option>
          </Select>
        )}
      </Field>
      {turns !== null && turns !== undefined && (
        <Details turns={turns} onChange={(turnDetection) => onConfig({ turnDetection })} />
      )}
    </div>
  );
}

function chosen(kind: string): Config["turnDetection"] {
  switch (kind) {
    case "server_vad":
      return { type: "server_vad" };
    case "semantic_vad":
      return { type: "semantic_vad" };
    case "hand":
      return null;
    default:
      return undefined;
  }
}

interface DetailsProps<T> {
  readonly turns: T;
  readonly onChange: (turns: Turns) => void;
}

function Details({ turns, onChange }: DetailsProps<Turns>) {
  return (
    <>
      {turns.type === "server_vad" ? (
        <Silence turns={turns} onChange={onChange} />
      ) : (
        <Field label="Eagerness" hint="How soon a pause counts as the end.">
          {(control) => (
            <Select
              {...control}
              value={turns.eagerness ?? "auto"}
              onChange={({ target }) =>
                onChange({ ...turns, eagerness: target.value as NonNullable<typeof turns.eagerness> })
              }
            >
              <option value="auto">As usual</option>
              <option value="low">Patient</option>
              <option value="medium">Medium</option>
              <option value="high">Eager</option>
            </Select>
          )}
        </Field>
      )}
      <Switch
        label="Answers by itself"
        checked={turns.create_response ?? true}
        onChange={(create_response) => onChange({ ...turns, create_response })}
      />
      <Switch
        label="May be interrupted"
        checked={turns.interrupt_response ?? true}
        onChange={(interrupt_response) => onChange({ ...turns, interrupt_response })}
      />
    </>
  );
}

function Silence({ turns, onChange }: DetailsProps<Extract<Turns, { type: "server_vad" }>>) {
  return (
    <>
      <Slider
        label="Threshold"
        unit=""
        value={turns.threshold ?? USUAL.threshold}
        range={[0, 1, 0.05]}
        onChange={(threshold) => onChange({ ...turns, threshold })}
      />
      <Slider
        label="Silence"
        unit=" ms"
        value={turns.silence_duration_ms ?? USUAL.silenceMs}
        range={[100, 2000, 50]}
        onChange={(silence_duration_ms) => onChange({ ...turns, silence_duration_ms })}
      />
      <Slider
        label="Lead-in"
        unit=" ms"
        value={turns.prefix_padding_ms ?? USUAL.prefixMs}
        range={[0, 1000, 50]}
        onChange={(prefix_padding_ms) => onChange({ ...turns, prefix_padding_ms })}
      />
    </>
  );
}
