/** An answer whose body ends in an error once it grows past its cap or out of its time. */
import type { Clock } from "./clock";
import { OutboundError } from "./outbound-error";

const WITHOUT_BODY = new Set([101, 204, 205, 304]);

export interface Cap {
  /** Counted as the reader gets it, so that packing it small does not help. */
  readonly maxBytes: number;
  readonly clock: Clock;
}

export async function cappedBody(answer: Response, { maxBytes, clock }: Cap): Promise<Response> {
  clock.begun();
  const head = { status: answer.status, statusText: answer.statusText, headers: [...answer.headers] };
  const { body } = answer;
  if (body === null || WITHOUT_BODY.has(answer.status)) {
    await body?.cancel();
    clock.stop();
    return new Response(null, head);
  }
  if (Number(answer.headers.get("content-length") ?? 0) > maxBytes) {
    await body.cancel();
    throw tooLarge(maxBytes);
  }
  return new Response(counted(body.getReader(), { maxBytes, clock }), head);
}

function counted(reader: ReadableStreamDefaultReader<Uint8Array>, { maxBytes, clock }: Cap) {
  let bytes = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) {
          clock.stop();
          return controller.close();
        }
        bytes += value.byteLength;
        if (bytes > maxBytes) throw tooLarge(maxBytes);
        controller.enqueue(value);
      } catch (error) {
        clock.stop();
        reader.cancel().catch(() => undefined);
        controller.error(clock.timedOut ?? error);
      }
    },
    async cancel(reason) {
      clock.stop();
      await reader.cancel(reason);
    },
  });
}

function tooLarge(maxBytes: number): OutboundError {
  return new OutboundError("too_large", `The answer is larger than ${maxBytes} bytes.`);
}
