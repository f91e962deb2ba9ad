"use client";
import { useEffect, useState } from "react";
import type { Playground } from "../../lib/playground/playground";
import type { PlaygroundState } from "../../lib/playground/playground-state";
import { Field } from "../ui/field";
import { Select } from "../ui/input";

interface DeviceFieldsProps {
  readonly state: PlaygroundState;
  readonly playground: Playground;
}

export function DeviceFields({ state, playground }: DeviceFieldsProps) {
  const devices = useDevices(state.microphone.state === "on");
  const chosen = (id: string): string | undefined => (id === "" ? undefined : id);
  return (
    <div className="grid grid-cols-2 gap-3">
      <DeviceField
        label="Microphone"
        devices={devices.filter(({ kind }) => kind === "audioinput")}
        value={state.microphoneId}
        onChange={(id) => playground.setMicrophone(chosen(id))}
      />
      <DeviceField
        label="Speaker"
        devices={devices.filter(({ kind }) => kind === "audiooutput")}
        value={state.speakerId}
        onChange={(id) => void playground.setSpeaker(chosen(id))}
      />
    </div>
  );
}

interface DeviceFieldProps {
  readonly label: string;
  readonly devices: readonly MediaDeviceInfo[];
  readonly value: string | undefined;
  readonly onChange: (id: string) => void;
}

function DeviceField({ label, devices, value, onChange }: DeviceFieldProps) {
  return (
    <Field label={label}>
      {(control) => (
        <Select {...control} value={value ?? ""} onChange={({ target }) => onChange(target.value)}>
          <option value="">The usual one</option>
          {devices.map(({ deviceId, label: name }) => (
            <option key={deviceId} value={deviceId}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

/** Browsers name them only once the microphone was allowed. */
function useDevices(allowed: boolean): readonly MediaDeviceInfo[] {
  const [devices, setDevices] = useState<readonly MediaDeviceInfo[]>([]);
  useEffect(() => {
    // Missing on addresses that are not secure.
    if (!("mediaDevices" in navigator)) return;
    const { mediaDevices } = navigator;
    const read = (): void =>
      void mediaDevices.enumerateDevices().then(
        (found) =>
          setDevices(found.filter(({ deviceId, label }) => deviceId !== "" && label !== "" && deviceId !== "default")),
        () => setDevices([]),
      );
    read();
    mediaDevices.addEventListener("devicechange", read);
    return () => mediaDevices.removeEventListener("devicechange", read);
  }, [allowed]);
  return devices;
}
