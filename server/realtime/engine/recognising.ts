/** What a recogniser does in an engine, whoever thinks: held to its contract and to its time. */
import { cancellable } from "./cancellable";
import { listenTo } from "./listening";
import { DEFAULT_TIMEOUTS, readStage, type StreamTimeouts } from "./read-stage";
import type { Engine, SpeechToText, TranscribeRequest, TranscriptEvent } from "./types";
import { wholeTranscript } from "./whole-transcript";

export function recognising(
  stt: SpeechToText,
  given: Partial<StreamTimeouts> | undefined,
): Pick<Engine, "transcribe" | "listen"> {
  const timeouts = { ...DEFAULT_TIMEOUTS, ...given };
  const hear = (request: TranscribeRequest, signal: AbortSignal): AsyncIterable<TranscriptEvent> => {
    const open = (own: AbortSignal): AsyncIterable<TranscriptEvent> => stt.transcribe({ ...request, signal: own });
    return wholeTranscript(readStage({ stage: "stt", timeouts, signal, open }));
  };
  return {
    transcribe: (request) => cancellable(request.signal, (signal) => hear(request, signal)),
    ...(stt.listen && { listen: (request) => listenTo(stt, request, timeouts) }),
  };
}
