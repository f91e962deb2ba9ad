/**
 * Runs the engine for one response and reports what comes, with audio in wire format and in pieces of a size that
 * suits the network. Knows nothing of events; stops when its signal aborts.
 */
import { createWireEncoder, type WireFormat } from "../audio/formats";
import { Pieces } from "../audio/pieces";
import type { FinishReason, ReplyEvent, TokenUsage } from "../engine/types";

export type Reported =
  | Exclude<ReplyEvent, { type: "finish" } | { type: "audio" }>
  | { readonly type: "audio"; readonly bytes: Buffer }
  | { readonly type: "finish"; readonly reason: FinishReason; readonly usage: TokenUsage | undefined };

export interface ReplyRun {
  readonly events: AsyncIterable<ReplyEvent>;
  readonly format: WireFormat;
  readonly signal: AbortSignal;
  /** Resolves when the client has room for more audio. */
  room(): Promise<void>;
  report(event: Reported): void;
}

export async function runReply(run: ReplyRun): Promise<void> {
  const encoder = createWireEncoder(run.format);
  const pieces = new Pieces(run.format);
  const send = async (chunks: readonly Buffer[]): Promise<void> => {
    for (const bytes of chunks) {
      await run.room();
      if (run.signal.aborted) return;
      run.report({ type: "audio", bytes });
    }
  };
  try {
    for await (const event of run.events) {
      if (run.signal.aborted) return;
      switch (event.type) {
        case "audio":
          await send(pieces.push(await encoder.encode(event.audio)));
          break;
        case "speech":
          // What is still held belongs to the clause before.
          if (event.joins !== true) await send(pieces.flush());
          run.report(event);
          break;
        case "finish":
          await send(pieces.push(await encoder.flush()));
          await send(pieces.flush());
          if (!run.signal.aborted) run.report({ type: "finish", reason: event.reason, usage: event.usage });
          return;
        case "text":
        case "kept":
        case "tool-call":
        case "tool-arguments":
        case "tool-call-done":
          run.report(event);
          break;
        default:
          event satisfies never;
      }
    }
    throw new Error("The engine ended its reply without saying that it was finished.");
  } finally {
    encoder.close();
  }
}
