/** For the tests of relays: a client before a relay before a scripted upstream. */
import { relay, type RelayOptions } from "../engine/relay";
import type { RealtimeHandlerOptions } from "../options";
import { dial, serve, testHandler } from "./test-support";
import { testUpstream, type TestUpstream } from "./test-upstream";
import type { RealtimeTestClient } from "../testing/index";

export const SECRET = "sk-upstream-secret";

export interface Front {
  readonly client: RealtimeTestClient;
  readonly faults: unknown[];
}

export function engineFor({ url }: Pick<TestUpstream, "url">, options: Partial<RelayOptions> = {}) {
  return relay({ url, apiKey: SECRET, retryDelayMs: 1, connectTimeoutMs: 2_000, ...options });
}

/** A client before a relay before that upstream. */
export async function front(
  upstream: Pick<TestUpstream, "url">,
  options: Partial<RelayOptions> = {},
  handler: Partial<RealtimeHandlerOptions> = {},
): Promise<Front> {
  const faults: unknown[] = [];
  const realtime = testHandler({
    engine: engineFor(upstream, options),
    onError: (error) => void faults.push(error),
    ...handler,
  });
  const host = await serve(realtime);
  return { client: await dial(host), faults };
}

export async function opened(options: Partial<RealtimeHandlerOptions> = {}, relayOptions: Partial<RelayOptions> = {}) {
  const upstream = await testUpstream();
  const { client, faults } = await front(upstream, relayOptions, options);
  await client.next("session.created");
  return { client, faults, upstream, peer: await upstream.peer(0) };
}

export const created = {
  type: "response.created",
  event_id: "event_1",
  response: { id: "resp_1", object: "realtime.response" },
};
export const done = {
  type: "response.done",
  event_id: "event_9",
  response: {
    id: "resp_1",
    object: "realtime.response",
    status: "completed",
    output: [],
    usage: { total_tokens: 7, input_tokens: 3, output_tokens: 4 },
  },
};
export const delta = (bytes: number, index = 0) => ({
  type: "response.output_audio.delta",
  event_id: `event_audio_${index}`,
  response_id: "resp_1",
  item_id: "item_1",
  output_index: 0,
  content_index: 0,
  delta: Buffer.alloc(bytes, index).toString("base64"),
});
