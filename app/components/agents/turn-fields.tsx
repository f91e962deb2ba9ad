"use client";
import { defaultSetup } from "../../lib/playground/setup";
import { EAGERNESS, NOISE_REDUCTION } from "../../lib/playground/turn-choices";
import { Slider } from "../playground/slider";
import { Choice } from "../ui/choice";
import { Switch } from "../ui/switch";
import type { Config, DraftProps } from "./draft";

type Turns = NonNullable<Config["turnDetection"]>;

const USUAL = defaultSetup.detection;

const WHO = [
  ["", "The server’s default"],
  ["server_vad", "Silence (server_vad)"],
  ["semantic_vad", "Meaning (semantic_vad)"],
  ["hand", "The client, by hand"],
] as const;

export function TurnFields({ draft: { config }, onConfig }: DraftProps) {
  const turns = config.turnDetection;
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Choice
        label="Who says when a turn is over"
        value={turns === undefined ? "" : turns === null ? "hand" : turns.type}
        options={WHO}
        onChange={(who) => onConfig({ turnDetection: chosen(who) })}
      />
      <Choice
        label="Noise reduction"
        value={config.noiseReduction ?? "off"}
        options={NOISE_REDUCTION}
        onChange={(chosen) => onConfig({ noiseReduction: chosen === "off" ? null : chosen })}
      />
      {turns !== null && turns !== undefined && (
        <Details turns={turns} onChange={(turnDetection) => onConfig({ turnDetection })} />
      )}
    </div>
  );
}

function chosen(kind: (typeof WHO)[number][0]): Config["turnDetection"] {
  switch (kind) {
    case "server_vad":
      return { type: "server_vad" };
    case "semantic_vad":
      return { type: "semantic_vad" };
    case "hand":
      return null;
    case "":
      return undefined;
    default:
      return kind satisfies never;
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
        <Choice
          label="Eagerness"
          hint="How soon a pause counts as the end."
          value={turns.eagerness ?? "auto"}
          options={EAGERNESS}
          onChange={(eagerness) => onChange({ ...turns, eagerness })}
        />
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
