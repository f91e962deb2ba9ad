"use client";
import type { ReactNode } from "react";
import type { Playground } from "../../lib/playground/playground";
import { chosenVoice, offeredVoices, type PlaygroundState } from "../../lib/playground/playground-state";
import { EFFORTS, type Setup, type SetupAgent } from "../../lib/playground/setup";
import { NOISE_REDUCTION } from "../../lib/playground/turn-choices";
import { Choice } from "../ui/choice";
import { Field } from "../ui/field";
import { Input, Select, Textarea } from "../ui/input";
import { DetectionFields } from "./detection-fields";
import { DeviceFields } from "./device-fields";
import { Segmented } from "./segmented";
import { Slider } from "./slider";
import { ToolFields } from "./tool-fields";
import type { Offer } from "./use-offer";
import { VoicePreview } from "./voice-preview";

interface SettingsPanelProps {
  readonly state: PlaygroundState;
  readonly playground: Playground;
  readonly offer: Offer;
  /** Another agent; empty: none. */
  readonly onAgent: (id: string) => void;
}

const TRANSPORTS = [
  { value: "websocket", label: "WebSocket" },
  { value: "webrtc", label: "WebRTC" },
] as const;

const MODALITIES = [
  { value: "audio", label: "Speaks" },
  { value: "text", label: "Writes" },
] as const;

/** Everything of the session that can be set, in the order in which one thinks of it. */
export function SettingsPanel({ state, playground, offer, onAgent }: SettingsPanelProps) {
  const { setup } = state;
  const change = (patch: Partial<Setup>): void => playground.configure(patch);
  return (
    <section aria-label="Settings" className="min-h-0 flex-1 overflow-y-auto px-4 pb-10 xl:px-5">
      <Group title="Who answers">
        <Who setup={setup} change={change} offer={offer} onAgent={onAgent} />
      </Group>
      <Group title="How it answers">
        <Answering state={state} playground={playground} offer={offer} change={change} />
      </Group>
      <Group title="Taking turns">
        <DetectionFields state={state} playground={playground} />
      </Group>
      <Group title="Hearing">
        <DeviceFields state={state} playground={playground} />
        <Choice
          label="Noise reduction"
          value={setup.noiseReduction}
          options={NOISE_REDUCTION}
          onChange={(noiseReduction) => change({ noiseReduction })}
        />
        <Field label="Language" optional hint="Two letters, for example en. Empty: found out by itself.">
          {(control) => (
            <Input
              {...control}
              maxLength={2}
              autoCapitalize="off"
              value={setup.language}
              onChange={({ target: { value } }) => change({ language: value.toLowerCase().replace(/[^a-z]/g, "") })}
            />
          )}
        </Field>
      </Group>
      <Group title="Connection">
        <Segmented
          label="Transport"
          name="transport"
          value={state.transport}
          options={TRANSPORTS}
          onChange={(transport) => playground.setTransport(transport)}
          className="flex"
        />
      </Group>
      <Group title="Tools">
        <ToolFields setup={setup} saved={offer.tools} change={change} />
        {setup.agent !== undefined && <Handoffs names={setup.agent.handoffs} />}
      </Group>
    </section>
  );
}

function Answering({
  state,
  playground,
  offer,
  change,
}: Omit<SettingsPanelProps, "onAgent"> & Pick<WhoProps, "change">) {
  const { setup } = state;
  return (
    <>
      <Segmented
        label="Replies"
        name="modality"
        value={setup.modality}
        options={MODALITIES}
        onChange={(modality) => change({ modality })}
        className="flex"
      />
      <div className="grid grid-cols-2 gap-3">
        <Field label="Voice">
          {(control) => (
            <Select
              {...control}
              value={chosenVoice(state)}
              onChange={(event) => playground.setVoice(event.target.value)}
            >
              {chosenVoice(state) === "" && <option value="">The server’s own</option>}
              {voices(state, offer).map((voice) => (
                <option key={voice}>{voice}</option>
              ))}
            </Select>
          )}
        </Field>
        <Slider
          label="Speed"
          unit="×"
          value={setup.speed}
          range={[0.25, 1.5, 0.05]}
          onChange={(speed) => change({ speed })}
        />
      </div>
      <VoicePreview voice={chosenVoice(state)} model={setup.model} />
      <Thinking setup={setup} change={change} />
    </>
  );
}

/** How long it may think, and how long it may go on. */
function Thinking({ setup, change }: Pick<WhoProps, "setup" | "change">) {
  return (
    <div className="grid grid-cols-2 gap-3">
      <Field label="Longest reply" optional hint="In tokens.">
        {(control) => (
          <Input
            {...control}
            type="number"
            min={1}
            max={4096}
            inputMode="numeric"
            value={setup.maxTokens ?? ""}
            onChange={({ target: { valueAsNumber: value } }) =>
              change({ maxTokens: Number.isInteger(value) && value >= 1 ? value : undefined })
            }
          />
        )}
      </Field>
      <Field label="Reasoning" hint="For models that reason.">
        {(control) => (
          <Select
            {...control}
            value={setup.effort ?? ""}
            onChange={({ target: { value } }) => change({ effort: EFFORTS.find((each) => each === value) })}
          >
            <option value="">The model’s own</option>
            {EFFORTS.map((effort) => (
              <option key={effort}>{effort}</option>
            ))}
          </Select>
        )}
      </Field>
    </div>
  );
}

function voices(state: PlaygroundState, offer: Offer): readonly string[] {
  return offer.voices.length > 0 && state.server?.voices === undefined ? offer.voices : offeredVoices(state);
}

interface WhoProps {
  readonly setup: Setup;
  readonly change: (patch: Partial<Setup>) => void;
  readonly offer: Offer;
  readonly onAgent: (id: string) => void;
}

function Who({ setup, change, offer, onAgent }: WhoProps) {
  const { agent } = setup;
  return (
    <>
      {(offer.agents.length > 0 || agent !== undefined) && (
        <Field
          label="Agent"
          hint={
            agent === undefined
              ? "The session runs under it: with its tools, its limits, and counted for it."
              : "The session runs under it. What you change below holds here only, until you save it."
          }
        >
          {(control) => (
            <Select {...control} value={agent?.id ?? ""} onChange={({ target: { value } }) => onAgent(value)}>
              <option value="">None</option>
              {withChosen(offer.agents, agent).map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
      )}
      {agent !== undefined && <Variables agent={agent} onChange={(next) => change({ agent: next })} />}
      <Field label="Model">
        {(control) => (
          <Select
            {...control}
            value={setup.model ?? ""}
            onChange={({ target: { value } }) => change({ model: value === "" ? undefined : value })}
          >
            <option value="">The server’s default</option>
            {offer.models.map((model) => (
              <option key={model}>{model}</option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Instructions" optional>
        {(control) => (
          <Textarea
            {...control}
            rows={5}
            placeholder="You are a helpful voice assistant. Speak naturally and keep your answers short."
            value={setup.instructions}
            onChange={({ target: { value } }) => change({ instructions: value })}
          />
        )}
      </Field>
    </>
  );
}

/** One that was deleted meanwhile is still who answers. */
function withChosen(agents: Offer["agents"], chosen: SetupAgent | undefined): Offer["agents"] {
  return chosen === undefined || agents.some(({ id }) => id === chosen.id) ? agents : [chosen, ...agents];
}

interface VariablesProps {
  readonly agent: SetupAgent;
  readonly onChange: (agent: SetupAgent) => void;
}

/** Values for this session of what the instructions leave open. */
function Variables({ agent, onChange }: VariablesProps) {
  return Object.entries(agent.variables).map(([name, value]) => (
    <Field key={name} label={name} hint="A variable in the instructions.">
      {(control) => (
        <Input
          {...control}
          maxLength={10_000}
          value={value}
          onChange={({ target }) => onChange({ ...agent, variables: { ...agent.variables, [name]: target.value } })}
        />
      )}
    </Field>
  ));
}

/** Those that the agent may pass the conversation on to. */
function Handoffs({ names }: { readonly names: readonly string[] }) {
  return names.length === 0 ? null : (
    <p className="text-sm leading-6 text-ink-soft">It may hand over to {names.join(", ")}.</p>
  );
}

function Group({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <fieldset className="border-b border-line py-5 last:border-0">
      <legend className="contents">
        <span className="mb-3.5 block text-sm font-semibold">{title}</span>
      </legend>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-3.5">{children}</div>
    </fieldset>
  );
}
