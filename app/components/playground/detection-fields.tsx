"use client";
import type { Playground } from "../../lib/playground/playground";
import type { PlaygroundState } from "../../lib/playground/playground-state";
import type { Detection } from "../../lib/playground/setup";
import { EAGERNESS } from "../../lib/playground/turn-choices";
import { Choice } from "../ui/choice";
import { Field } from "../ui/field";
import { Input } from "../ui/input";
import { Switch } from "../ui/switch";
import { MODES } from "./controls";
import { Segmented } from "./segmented";
import { Slider } from "./slider";

interface DetectionFieldsProps {
  readonly state: PlaygroundState;
  readonly playground: Playground;
}

const KINDS = [
  ["server_vad", "By silence (server_vad)"],
  ["semantic_vad", "By meaning (semantic_vad)"],
] as const;

/** Who says when a turn is over: the button, or the server, with everything that it goes by. */
export function DetectionFields({ state: { mode, setup }, playground }: DetectionFieldsProps) {
  const { detection } = setup;
  const change = (patch: Partial<Detection>): void => playground.configure({ detection: { ...detection, ...patch } });
  return (
    <>
      <Segmented
        label="How to talk"
        name="settings-mode"
        value={mode}
        options={MODES}
        onChange={(next) => playground.setMode(next)}
        className="flex"
      />
      {mode === "hands-free" && (
        <>
          <Choice label="Detection" value={detection.kind} options={KINDS} onChange={(kind) => change({ kind })} />
          {detection.kind === "server_vad" ? (
            <BySilence detection={detection} change={change} />
          ) : (
            <ByMeaning detection={detection} change={change} />
          )}
          <Switch
            label="Answer by itself"
            hint="Off: you ask for each reply."
            checked={detection.createResponse}
            onChange={(createResponse) => change({ createResponse })}
          />
          <Switch
            label="May be interrupted"
            checked={detection.interruptResponse}
            onChange={(interruptResponse) => change({ interruptResponse })}
          />
        </>
      )}
    </>
  );
}

interface KindProps {
  readonly detection: Detection;
  readonly change: (patch: Partial<Detection>) => void;
}

function BySilence({ detection, change }: KindProps) {
  return (
    <>
      <div className="grid grid-cols-2 gap-3">
        <Slider
          label="Threshold"
          unit=""
          value={detection.threshold}
          range={[0, 1, 0.05]}
          onChange={(threshold) => change({ threshold })}
        />
        <Slider
          label="Silence"
          unit=" ms"
          value={detection.silenceMs}
          range={[100, 2000, 50]}
          onChange={(silenceMs) => change({ silenceMs })}
        />
      </div>
      <div className="grid grid-cols-2 gap-3">
        <Slider
          label="Lead-in"
          unit=" ms"
          value={detection.prefixMs}
          range={[0, 1000, 50]}
          onChange={(prefixMs) => change({ prefixMs })}
        />
        <Field label="Speak up after" optional>
          {(control) => (
            <Input
              {...control}
              type="number"
              min={5}
              max={30}
              placeholder="5–30 s"
              value={detection.idleMs === undefined ? "" : detection.idleMs / 1000}
              onChange={({ target: { valueAsNumber: seconds } }) =>
                change({ idleMs: seconds >= 5 && seconds <= 30 ? Math.round(seconds * 1000) : undefined })
              }
            />
          )}
        </Field>
      </div>
    </>
  );
}

function ByMeaning({ detection, change }: KindProps) {
  return (
    <Choice
      label="Eagerness"
      hint="How soon a pause counts as the end of what you say."
      value={detection.eagerness}
      options={EAGERNESS}
      onChange={(eagerness) => change({ eagerness })}
    />
  );
}
