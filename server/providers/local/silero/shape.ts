/** The model listens at these rates; one frame is 32 ms, and it wants the last 4 ms before the frame with it. */
export type SileroRate = 8_000 | 16_000;
export const frameSamples = (rate: SileroRate): number => rate / 31.25;
export const contextSamples = (rate: SileroRate): number => rate / 250;

/** The model's memory of one stream: so many numbers, half of them what it heard and half what it keeps. */
export const STATE_SIZE = 256;
