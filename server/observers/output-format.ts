/** How the assistant's audio goes over the wire, as the session says. */
export interface OutputFormat {
  readonly type: string;
  readonly sampleRate: number;
}

export const DEFAULT_OUTPUT: OutputFormat = { type: "audio/pcm", sampleRate: 24_000 };

export function outputFormatOf(session: object): OutputFormat | undefined {
  const format = (session as { audio?: { output?: { format?: { type?: string; rate?: number } } } }).audio?.output
    ?.format;
  if (format?.type === undefined) return undefined;
  return { type: format.type, sampleRate: format.type === "audio/pcm" ? (format.rate ?? 24_000) : 8_000 };
}

/** How long `bytes` of it sound. */
export function soundMs(bytes: number, { type, sampleRate }: OutputFormat): number {
  return (bytes / (type === "audio/pcm" ? 2 : 1) / sampleRate) * 1000;
}
