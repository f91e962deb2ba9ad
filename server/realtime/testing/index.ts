/** `antiphon/testing`: everything that a test of a voice feature needs, without a network. */
export * from "./providers";
export * from "./scripted-speech-model";
export * from "./scripted-vad";
export * from "./tone";
export { inTurn, type Failure, type Pause, type Script, type ScriptedCall } from "./script";
export { RealtimeTestClient, type AppendOptions, type Closed, type WaitOptions } from "./client";
export {
  createMemoryPair,
  type ClientSocket,
  type ClientSocketListener,
  type MemoryClientSocket,
  type MemoryPair,
  type MemoryPairOptions,
} from "./memory";
export {
  connectInMemory,
  createTestRealtime,
  type MemoryConnection,
  type MemoryConnectOptions,
  type TestRealtime,
  type TestRealtimeOptions,
} from "./realtime";
export { dialWebSocket, type WebSocketClientOptions } from "./sockets";
