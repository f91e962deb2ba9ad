/** Lets one voice speak a sentence, beside whatever session runs. */
import type { ClientEvent } from "../../../server/realtime/protocol/client-events";
import type { ServerEvent } from "../../../server/realtime/protocol/server-events";
import { AudioPlayback } from "./audio-playback";
import type { ClientSecret } from "./secrets";
import { openWebSocketWire, type Wire } from "./wire";

export interface PreviewOptions {
  readonly mint: () => Promise<ClientSecret>;
  readonly voice: string;
  readonly model: string | undefined;
}

const TIMEOUT_MS = 20_000;

/** Resolves once it was heard; rejects when it could not be, or `signal` ended it. Call it from a click. */
export async function previewVoice({ mint, voice, model }: PreviewOptions, signal: AbortSignal): Promise<void> {
  const speaker = new AudioPlayback();
  const ended = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    await speaker.unlock();
    const { value: secret } = await mint();
    ended.throwIfAborted();
    await speak({ secret, voice, model, speaker }, ended);
    while (speaker.current() !== undefined) {
      ended.throwIfAborted();
      await new Promise((resolve) => setTimeout(resolve, 80));
    }
  } finally {
    await speaker.close();
  }
}

interface Speaking {
  readonly secret: string;
  readonly voice: string;
  readonly model: string | undefined;
  readonly speaker: AudioPlayback;
}

/** Resolves when all of the audio has come. */
function speak({ secret, voice, model, speaker }: Speaking, signal: AbortSignal): Promise<void> {
  let wire: Wire | undefined;
  return new Promise<void>((resolve, reject) => {
    wire = openWebSocketWire(
      { secret, model },
      {
        onClosed: (_, reason) => reject(new Error(reason)),
        onFrame: (frame) => {
          const event = JSON.parse(frame) as ServerEvent;
          switch (event.type) {
            case "session.created":
              for (const each of request(voice)) wire?.send(JSON.stringify(each));
              return;
            case "response.output_audio.delta":
              return speaker.enqueue({ itemId: event.item_id, contentIndex: event.content_index }, event.delta);
            case "response.done":
              return event.response.status === "completed" ? resolve() : reject(new Error(event.response.status));
            case "error":
              return reject(new Error(event.error.message));
            default:
              return;
          }
        },
      },
    );
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  }).finally(() => wire?.close());
}

function request(voice: string): ClientEvent[] {
  const text = `Repeat after me: Hello, this is the voice ${voice}.`;
  return [
    {
      type: "session.update",
      session: {
        type: "realtime",
        instructions: "Say exactly what you are asked to repeat, and nothing else.",
        audio: { output: { voice, format: { type: "audio/pcm", rate: 24_000 } } },
      },
    },
    {
      type: "conversation.item.create",
      item: { type: "message", role: "user", content: [{ type: "input_text", text }] },
    },
    { type: "response.create" },
  ];
}
