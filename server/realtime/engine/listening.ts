import { cancellable } from "./cancellable";
import { childOf, readStage, type StreamTimeouts } from "./read-stage";
import type { ListenRequest, SpeechToText, TranscriptEvent, TranscriptStream } from "./types";
import { wholeTranscript } from "./whole-transcript";

/**
 * Listens with a recogniser that is not trusted: its signal fires as soon as nobody reads any more, whatever it throws
 * is an EngineError of its stage, and the timeouts hold from `finish` on: while somebody speaks, it may be silent.
 */
export function listenTo(stt: SpeechToText, request: ListenRequest, timeouts: StreamTimeouts): TranscriptStream {
  const call = childOf(request.signal);
  const provider = opened(stt, { ...request, signal: call.controller.signal });
  let finish = (): void => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const hear = async function* (signal: AbortSignal): AsyncGenerator<TranscriptEvent, void> {
    try {
      const open = (): AsyncIterable<TranscriptEvent> => provider;
      yield* wholeTranscript(readStage({ stage: "stt", timeouts, signal, open, after: finished }));
    } finally {
      call.unlink();
      call.controller.abort();
    }
  };
  const events = cancellable(request.signal, hear);
  return {
    push: (samples) => provider.push(samples),
    finish() {
      provider.finish();
      finish();
    },
    [Symbol.asyncIterator]: () => events,
  };
}

/** What cannot even begin fails when it is read. */
function opened(stt: SpeechToText, request: ListenRequest): TranscriptStream {
  try {
    if (stt.listen === undefined) throw new Error(`${stt.name} cannot listen.`);
    return stt.listen(request);
  } catch (error) {
    const next = (): Promise<never> => Promise.reject(error);
    return { push() {}, finish() {}, [Symbol.asyncIterator]: () => ({ next }) };
  }
}
