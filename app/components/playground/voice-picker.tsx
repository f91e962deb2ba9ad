import { ChevronIcon } from "../icons";

interface VoicePickerProps {
  /** Empty while nobody knows. */
  readonly voice: string;
  readonly voices: readonly string[];
  readonly disabled: boolean;
  readonly onChange: (voice: string) => void;
}

export function VoicePicker({ voice, voices, disabled, onChange }: VoicePickerProps) {
  return (
    <label className="relative flex min-w-0 items-center gap-2 text-sm text-ink-soft">
      <span className="max-sm:sr-only">Voice</span>
      <select
        value={voice}
        disabled={disabled}
        onChange={(event) => onChange(event.target.value)}
        className="h-9 w-32 min-w-0 appearance-none truncate rounded-full border border-line bg-surface pr-8 pl-3.5 text-ink transition-colors hover:border-line-strong disabled:opacity-45"
      >
        {voice === "" && <option value="">Voice</option>}
        {voices.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      <ChevronIcon className="pointer-events-none absolute right-2.5 size-4" />
    </label>
  );
}
