/** `antiphon/testing`: everything that a test of a voice feature needs, without a network. */
export * from "./providers";
export * from "./scripted-vad";
export * from "./tone";
export { inTurn, type Failure, type Pause, type Script, type ScriptedCall } from "./script";
