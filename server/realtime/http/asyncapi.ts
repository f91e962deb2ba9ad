/** `GET /asyncapi.json`: every event of every dialect, described from the schemas that check them. */
import { z } from "zod";
import { betaClientSchemas } from "../protocol/beta/client-events";
import { betaItem } from "../protocol/beta/items";
import { betaServerEvent } from "../protocol/beta/server-events";
import { betaSession, betaTranscriptionSession } from "../protocol/beta/session-resource";
import { clientEventSchemas } from "../protocol/client-events";
import { item } from "../protocol/items";
import { SchemaCollection } from "../protocol/json-schema";
import { responseResource } from "../protocol/responses";
import { serverEventSchemas } from "../protocol/server-events";
import { realtimeResource, transcriptionResource } from "../protocol/session-resource";
import { realtimeSession, transcriptionSession } from "../protocol/session-schema";
import { translationResource } from "../protocol/translation";
import { translationEventSchemas } from "../protocol/translation-events";
import { json } from "./responses";
import { jsonContent } from "./route-document";
import type { Route } from "./router";

type Events = Readonly<Record<string, z.ZodType>>;

/** One language that is spoken at one address. */
interface Channel {
  readonly name: string;
  readonly address: string;
  readonly description: string;
  readonly fromClient: Events;
  readonly fromServer: Events;
}

/** What many events hold is written once, under these names. */
const PARTS: Events = {
  Item: item,
  Response: responseResource,
  Session: realtimeResource,
  TranscriptionSession: transcriptionResource,
  TranslationSession: translationResource,
  SessionConfig: realtimeSession,
  TranscriptionSessionConfig: transcriptionSession,
  BetaItem: betaItem,
  BetaSession: betaSession,
  BetaTranscriptionSession: betaTranscriptionSession,
};

/** Told in sessions of every kind. */
const OF_ALL = ["session.created", "session.updated", "error"] as const;
/** Told in translation sessions alone. */
const ONLY_TRANSLATED = [
  "session.input_transcript.delta",
  "session.output_transcript.delta",
  "session.output_audio.delta",
  "session.closed",
] as const;

const byType = (schemas: readonly { readonly shape: { readonly type: z.ZodLiteral<string> } }[]): Events =>
  Object.fromEntries(schemas.map((schema) => [schema.shape.type.value, schema as unknown as z.ZodType]));

function channelsOf(basePath: string): readonly Channel[] {
  return [
    {
      name: "realtime",
      address: basePath,
      description: "Conversations, and transcription sessions with ?intent=transcription.",
      fromClient: clientEventSchemas,
      fromServer: Object.fromEntries(
        Object.entries(serverEventSchemas).filter(([type]) => !ONLY_TRANSLATED.some((each) => each === type)),
      ),
    },
    {
      name: "translations",
      address: `${basePath}/translations`,
      description: "Translation sessions.",
      fromClient: translationEventSchemas,
      fromServer: Object.fromEntries([...OF_ALL, ...ONLY_TRANSLATED].map((type) => [type, serverEventSchemas[type]])),
    },
    {
      name: "realtimeBeta",
      address: basePath,
      description: "The same for clients that ask with 'OpenAI-Beta: realtime=v1'.",
      fromClient: betaClientSchemas,
      fromServer: byType(betaServerEvent.options),
    },
  ];
}

export function asyncApiRoute(path: string, basePath: string): Route {
  let document: object | undefined;
  return {
    method: "GET",
    path,
    document: {
      operationId: "getAsyncApiDocument",
      summary: "The events of realtime sessions.",
      answer: {
        status: 200,
        description: "An AsyncAPI 3 document.",
        content: jsonContent(z.looseObject({ asyncapi: z.string() })),
      },
      isPublic: true,
    },
    handle: () => json(200, (document ??= asyncApiDocument(channelsOf(basePath)))),
  };
}

function asyncApiDocument(channels: readonly Channel[]): object {
  const schemas = new SchemaCollection();
  for (const [name, schema] of Object.entries(PARTS)) schemas.ref(name, schema);
  const messages: Record<string, object> = {};
  /** References to the messages of one direction, by the type of their event. */
  const told = (channel: Channel, events: Events): Record<string, object> =>
    Object.fromEntries(
      Object.entries(events).map(([type, schema]) => {
        const name = `${channel.name}.${type}`;
        messages[name] = { name: type, contentType: "application/json", payload: schemas.ref(name, schema) };
        return [type, { $ref: `#/components/messages/${name}` }];
      }),
    );
  const described = channels.map((channel) => ({
    channel,
    fromClient: told(channel, channel.fromClient),
    fromServer: told(channel, channel.fromServer),
  }));
  return {
    asyncapi: "3.0.0",
    info: {
      title: "antiphon",
      version: "1",
      description: "The events of realtime sessions. The REST routes are described by /openapi.json.",
    },
    defaultContentType: "application/json",
    channels: Object.fromEntries(
      described.map(({ channel, fromClient, fromServer }) => [
        channel.name,
        {
          address: channel.address,
          description: channel.description,
          messages: { ...fromClient, ...fromServer },
        },
      ]),
    ),
    operations: Object.fromEntries(
      described.flatMap(({ channel: { name }, fromClient, fromServer }) => [
        [`${name}Receive`, operation(name, "receive", Object.keys(fromClient))],
        [`${name}Send`, operation(name, "send", Object.keys(fromServer))],
      ]),
    ),
    components: { messages, schemas: schemas.toJson() },
  };
}

function operation(channel: string, action: "receive" | "send", types: readonly string[]): object {
  return {
    action,
    channel: { $ref: `#/channels/${channel}` },
    messages: types.map((type) => ({ $ref: `#/channels/${channel}/messages/${type}` })),
  };
}
