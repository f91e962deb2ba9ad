"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { fieldErrors, problemOf } from "../../lib/errors";
import { type Answers, useTRPC } from "../../lib/trpc";
import { useDone } from "../../lib/use-done";
import { FormProblem } from "../door/heading";
import { useViewer } from "../shell/viewer";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { Field } from "../ui/field";
import { Input } from "../ui/input";
import { Loaded } from "../ui/loaded";
import { NotAllowed } from "../ui/not-allowed";
import { Page } from "../ui/page-frame";
import { RenameCard } from "../ui/rename-card";
import { Switch } from "../ui/switch";
import { Prices } from "./prices";
import { Providers } from "./providers";

type Recording = Answers["settings"]["get"]["recording"];

export function Settings() {
  const { scopes } = useViewer();
  return (
    <Page title="Settings" description="Who answers, what is kept of conversations, and what they cost." narrow>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
        {scopes.includes("organisation:write") && <OrganisationName />}
        {scopes.includes("settings:read") && <Providers mayTest={scopes.includes("settings:write")} />}
        {scopes.includes("settings:read") ? <RecordingSettings /> : <NotAllowed who="a developer" />}
        <Prices mayEdit={scopes.includes("prices:write")} />
      </div>
    </Page>
  );
}

function OrganisationName() {
  const trpc = useTRPC();
  const { organisation } = useViewer();
  const rename = useMutation(trpc.organisations.rename.mutationOptions());
  return (
    <RenameCard title="Organisation" name={organisation.name} saved="The organisation is renamed." rename={rename} />
  );
}

function RecordingSettings() {
  const trpc = useTRPC();
  const settings = useQuery(trpc.settings.get.queryOptions());
  return (
    <Loaded query={settings}>
      {({ recording }) => <RecordingForm key={JSON.stringify(recording)} kept={recording} />}
    </Loaded>
  );
}

function RecordingForm({ kept }: { readonly kept: Recording }) {
  const trpc = useTRPC();
  const done = useDone();
  const may = useViewer().scopes.includes("settings:write");
  const [draft, setDraft] = useState(kept);
  const set = (patch: Partial<Recording>): void => setDraft((before) => ({ ...before, ...patch }));
  const save = useMutation(
    trpc.settings.setRecording.mutationOptions({
      onSuccess: () => done([trpc.settings.pathKey()], "Saved. It holds for sessions that begin from now on."),
    }),
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate(draft);
  };
  const errors = fieldErrors(save.error);
  const problem = problemOf(save.error, ["transcriptDays", "audioDays"]);
  return (
    <Card title="Recording" description="What is kept of the sessions of this organisation, and for how long.">
      <form onSubmit={submit}>
        <fieldset disabled={!may} className="grid gap-4">
          {problem !== undefined && <FormProblem>{problem}</FormProblem>}
          <Switch
            label="Keep what was said"
            hint="The words of both sides. Without them sessions show figures only."
            disabled={!may}
            checked={draft.recordTranscripts}
            onChange={(recordTranscripts) => set({ recordTranscripts })}
          />
          <Switch
            label="Keep raw events"
            hint="Every event of the protocol, without audio."
            disabled={!may}
            checked={draft.recordEvents}
            onChange={(recordEvents) => set({ recordEvents })}
          />
          <Switch
            label="Keep audio"
            hint="Both sides. Tell people before you switch it on: in many places the law asks you to."
            disabled={!may}
            checked={draft.recordAudio}
            onChange={(recordAudio) => set({ recordAudio })}
          />
          <div className="grid gap-4 sm:grid-cols-2">
            <Days
              label="Days until words and events go"
              value={draft.transcriptDays}
              error={errors["transcriptDays"]}
              onChange={(transcriptDays) => set({ transcriptDays })}
            />
            <Days
              label="Days until audio goes"
              value={draft.audioDays}
              error={errors["audioDays"]}
              onChange={(audioDays) => set({ audioDays })}
            />
          </div>
          {may && (
            <Button look="primary" type="submit" className="justify-self-start" busy={save.isPending}>
              Save
            </Button>
          )}
        </fieldset>
      </form>
    </Card>
  );
}

interface DaysProps {
  readonly label: string;
  readonly value: number | null;
  readonly error: string | undefined;
  readonly onChange: (days: number | null) => void;
}

function Days({ label, value, error, onChange }: DaysProps) {
  return (
    <Field label={label} optional hint="Empty: they stay until somebody deletes them." error={error}>
      {(control) => (
        <Input
          {...control}
          type="number"
          min={1}
          inputMode="numeric"
          value={value ?? ""}
          onChange={({ target: { valueAsNumber: days } }) => onChange(Number.isInteger(days) ? days : null)}
        />
      )}
    </Field>
  );
}
