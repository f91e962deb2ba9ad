/** Our beta events against the types of the `openai` package's beta client, by the compiler alone. */
import type * as Official from "openai-latest/resources/beta/realtime/realtime";
import type { BetaServerEvent, BetaServerEventType } from "./server-events";
import type { betaClientSchemas } from "./client-events";

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
type Expect<T extends true> = T;

/** Sent by the service, and missing from its types. */
type Untyped = "transcription_session.created";
type OfficialServer = Official.RealtimeServerEvent;

export type SameClientEvents = Expect<Same<keyof typeof betaClientSchemas, Official.RealtimeClientEvent["type"]>>;
export type SameServerEvents = Expect<Same<BetaServerEventType, OfficialServer["type"] | Untyped>>;

type Misfits = {
  [T in Exclude<BetaServerEventType, Untyped>]: [Extract<BetaServerEvent, { type: T }>] extends [
    Extract<OfficialServer, { type: T }>,
  ]
    ? never
    : T;
}[Exclude<BetaServerEventType, Untyped>];

/** Where the service sends what its types do not say: null for what is off or not known yet, and other model names. */
interface BeyondTheTypes {
  "session.created": "null, models, tool_choice by name";
  "session.updated": "null, models, tool_choice by name";
  "transcription_session.updated": "null; no client_secret once it is open";
  "conversation.item.created": "transcript of audio that nobody transcribed yet";
  "conversation.item.retrieved": "transcript of audio that nobody transcribed yet";
  "response.created": "null while it is in progress";
  "response.done": "null where there is nothing to tell";
  "response.output_item.added": "transcript";
  "response.output_item.done": "transcript";
}
export type OurEventsAreOfficial = Expect<Same<Misfits, keyof BeyondTheTypes>>;
