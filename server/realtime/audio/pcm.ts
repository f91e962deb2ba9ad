/** Mono, signed 16-bit linear audio in host byte order: the one form in which audio travels inside antiphon. */
export interface Pcm {
  readonly samples: Int16Array;
  /** Samples per second, for example 24000. */
  readonly sampleRate: number;
}
