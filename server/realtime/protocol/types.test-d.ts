/**
 * Our events against the types of the `openai` package, in both directions, by the compiler alone: a mismatch is a type
 * error in this file that names the event. Where the two differ on purpose, the difference is named with its reason.
 */
import type * as ClientSecrets from "openai-latest/resources/realtime/client-secrets";
import type * as Official from "openai-latest/resources/realtime/realtime";
import type { ClientEventInputOf, ClientEventOf, ClientEventType, ResponseCreateParams } from "./client-events";
import type { ItemInput } from "./items";
import type { PCM_RATES } from "./primitives";
import type { ServerEventOf, ServerEventType } from "./server-events";
import type { ConversationConfigInput, TranscriptionSessionResource } from "./session-config";
import type { TranslationSessionInput, TranslationSessionResource } from "./translation";
import type { TranslationEvent, TranslationEventInputOf, TranslationEventType } from "./translation-events";

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
type Expect<T extends true> = T;
type Fits<From, To> = [From] extends [To] ? true : false;
/** The keys of `From` whose values `To` would not take. */
type Refused<From, To> = {
  [K in keyof From]-?: K extends keyof To ? (Fits<From[K], To[K]> extends true ? never : K) : K;
}[keyof From];

/** `T` with null allowed, at any depth, in the fields of these names. */
type NullableAt<T, Names extends PropertyKey> = T extends object
  ? { [K in keyof T]: NullableAt<T[K], Names> | (K extends Names ? null : never) }
  : T;
/** `T` with other rates of PCM than the official 24000, at any depth: an extension, which a client sees if it asks. */
type AnyRate<T> = T extends object ? { [K in keyof T]: AnyRate<T[K]> | (K extends "rate" ? PcmRate : never) } : T;
type PcmRate = (typeof PCM_RATES)[number];
type OptionalId<T> = T extends { id: string } ? Omit<T, "id"> & { id?: string } : T;

// ---------------------------------------------------------------- the same events, no more and no fewer

type OfficialCreate = Official.ResponseCreateEventWithReferencesParam;
type OfficialClient = Exclude<Official.RealtimeClientEvent, { type: "response.create" }> | OfficialCreate;
type OfficialTranslation = Official.RealtimeTranslationClientEvent;
/** Both tell of sessions under one name; here they are one event with any kind of session in it. */
type OfSession = "session.created" | "session.updated";
type AnyServer = Official.RealtimeServerEvent | Official.RealtimeTranslationServerEvent;
type OfficialServer =
  | Exclude<AnyServer, { type: OfSession }>
  | { [T in OfSession]: { type: T; event_id: string; session: Extract<AnyServer, { type: T }>["session"] } }[OfSession];

export type SameClientEvents = Expect<Same<ClientEventType, OfficialClient["type"]>>;
export type SameTranslationEvents = Expect<Same<TranslationEventType, OfficialTranslation["type"]>>;
export type SameServerEvents = Expect<Same<ServerEventType, OfficialServer["type"]>>;

// ---------------------------------------------------------------- client events: ours → official

/** Documented as switched off by null, but typed without it. */
type OffByNull = "noise_reduction" | "transcription" | "include";
/** Required by the types, but left out by `@openai/agents-realtime` in the approvals that it sends. */
type ItemsMayLackIds = OptionalId<Official.ConversationItem>;

type ClientTarget<T extends ClientEventType> = T extends "session.update"
  ? AnyRate<NullableAt<Official.SessionUpdateEvent, OffByNull>>
  : T extends "conversation.item.create"
    ? Omit<Official.ConversationItemCreateEvent, "item"> & { item: ItemsMayLackIds }
    : T extends "response.create"
      ? Omit<OfficialCreate, "response"> & {
          response?: Omit<NonNullable<OfficialCreate["response"]>, "input" | "audio"> & {
            audio?: AnyRate<NonNullable<OfficialCreate["response"]>["audio"]>;
            input?: (ItemsMayLackIds | Official.ResponseItemReference)[];
          };
        }
      : Extract<OfficialClient, { type: T }>;

type ClientMisfits = {
  [T in ClientEventType]: Fits<ClientEventOf<T>, ClientTarget<T>> extends true ? never : T;
}[ClientEventType];
export type OurClientEventsAreOfficial = Expect<Same<ClientMisfits, never>>;

// ---------------------------------------------------------------- client events: official → ours

type StricterClient = {
  [T in ClientEventType]: Fits<Extract<OfficialClient, { type: T }>, ClientEventInputOf<T>> extends true ? never : T;
}[ClientEventType];
/** Stricter in what the three blocks below name, and nowhere else. */
export type OfficialClientEventsAreOurs = Expect<
  Same<StricterClient, "session.update" | "conversation.item.create" | "response.create">
>;

type SessionIn<Kind> = Extract<ClientEventInputOf<"session.update">["session"], { type: Kind }>;
type OfficialSession = Official.RealtimeSessionCreateRequest;
/** A function needs a name, and its parameters are an object. */
export type StricterSession = Expect<Same<Refused<OfficialSession, SessionIn<"realtime">>, "tools">>;
export type TranscriptionIn = Expect<
  Fits<Official.RealtimeTranscriptionSessionCreateRequest, SessionIn<"transcription">>
>;

type ItemIn = ClientEventInputOf<"conversation.item.create">["item"];
type StricterItemTypes<I> = I extends { type: string } ? (Fits<I, ItemIn> extends true ? never : I["type"]) : never;
/** Content parts are told apart by their type, which must be there, with the fields of that type and no others. */
export type StricterItems = Expect<Same<StricterItemTypes<Official.ConversationItem>, "message">>;

type CreateIn = NonNullable<ClientEventInputOf<"response.create">["response"]>;
/** `conversation`: `auto` or `none`, where the type takes any string. The others as above. */
export type StricterResponse = Expect<
  Same<Refused<NonNullable<OfficialCreate["response"]>, CreateIn>, "conversation" | "input" | "tools">
>;

// ---------------------------------------------------------------- translation, both ways

type TranslationMisfits = {
  [T in TranslationEventType]:
    | (Fits<Extract<TranslationEvent, { type: T }>, Extract<OfficialTranslation, { type: T }>> extends true ? never : T)
    | (Fits<Extract<OfficialTranslation, { type: T }>, TranslationEventInputOf<T>> extends true ? never : T);
}[TranslationEventType];
export type TranslationEventsAreTheSame = Expect<Same<TranslationMisfits, never>>;
export type TranslationSessionIn = Expect<
  Fits<Official.RealtimeTranslationSessionCreateRequest, TranslationSessionInput>
>;
export type TranslationSessionOut = Expect<Fits<TranslationSessionResource, Official.RealtimeTranslationSession>>;

// ---------------------------------------------------------------- server events: ours → official

/** Sent as null by the official service itself, though its types leave null out. */
interface SentAsNull {
  "session.created": OffByNull;
  "session.updated": OffByNull;
  /** `transcript` of audio that nobody has transcribed yet. */
  "conversation.item.created": "transcript";
  "conversation.item.added": "transcript";
  "conversation.item.done": "transcript";
  "conversation.item.retrieved": "transcript";
  "response.output_item.added": "transcript";
  "response.output_item.done": "transcript";
  /** Until the response is done; `conversation_id` when it is outside of the conversation. */
  "response.created": "status_details" | "usage" | "conversation_id" | "transcript";
  "response.done": "status_details" | "usage" | "conversation_id" | "transcript";
}

type ServerTarget<T extends ServerEventType> = T extends keyof SentAsNull
  ? AnyRate<NullableAt<Extract<OfficialServer, { type: T }>, SentAsNull[T]>>
  : Extract<OfficialServer, { type: T }>;
/** A transcription session has a shape of its own in REST answers; ours is sent there and in the events. */
export type TranscriptionOut = Expect<
  Fits<
    TranscriptionSessionResource,
    AnyRate<NullableAt<ClientSecrets.RealtimeTranscriptionSessionCreateResponse, OffByNull>>
  >
>;

type ServerMisfits = {
  [T in ServerEventType]: Fits<ServerEventOf<T>, ServerTarget<T>> extends true ? never : T;
}[ServerEventType];
export type OurServerEventsAreOfficial = Expect<Same<ServerMisfits, never>>;

// ---------------------------------------------------------------- server events: official → ours

/** What the official types let a server leave out, and we always send. */
interface AlwaysSent {
  error: "error.code, error.param, error.event_id";
  "session.created": "every field of the session";
  "session.updated": "every field of the session";
  "rate_limits.updated": "name, limit, remaining, reset_seconds";
  "conversation.created": "conversation.id, conversation.object";
  "conversation.item.created": "previous_item_id; the item's id, object and status; the type of its parts";
  "conversation.item.added": "previous_item_id; the item's id, object and status; the type of its parts";
  "conversation.item.done": "previous_item_id; the item's id, object and status; the type of its parts";
  "conversation.item.retrieved": "the item's id, object and status; the type of its parts";
  "conversation.item.input_audio_transcription.delta": "content_index, delta";
  "conversation.item.input_audio_transcription.completed": "usage.input_token_details";
  "conversation.item.input_audio_transcription.failed": "error.type, error.message";
  "input_audio_buffer.committed": "previous_item_id";
  "input_audio_buffer.dtmf_event_received": "event_id";
  "session.input_transcript.delta": "elapsed_ms";
  "session.output_transcript.delta": "elapsed_ms";
  "session.output_audio.delta": "elapsed_ms, channels, format, sample_rate";
  "response.created": "every field of the response";
  "response.done": "every field of the response";
  "response.output_item.added": "the item's id, object and status; the type of its parts";
  "response.output_item.done": "the item's id, object and status; the type of its parts";
  "response.content_part.added": "part.type and the fields of that type";
  "response.content_part.done": "part.type and the fields of that type";
}

type StricterServer = {
  [T in ServerEventType]: Fits<Extract<OfficialServer, { type: T }>, ServerEventOf<T>> extends true ? never : T;
}[ServerEventType];
export type OfficialServerEventsAreOurs = Expect<Same<StricterServer, keyof AlwaysSent>>;

// ---------------------------------------------------------------- the names that other rooms use

export type NamesAgree = [
  Expect<Same<ClientEventOf<"session.update">["session"], ConversationConfigInput>>,
  Expect<Same<ClientEventOf<"conversation.item.create">["item"], ItemInput>>,
  Expect<Same<NonNullable<ClientEventOf<"response.create">["response"]>, ResponseCreateParams>>,
];
