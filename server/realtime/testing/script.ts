/** What the scripted providers share: steps played in order, and a record of every call. */

/** Wait so many milliseconds (`Infinity`: until the call is aborted). */
export interface Pause {
  readonly wait: number;
}

/** Throw, as a provider that breaks. A string becomes an Error with that message. */
export interface Failure {
  readonly fail: Error | string;
}

/** What one call does: fixed, or made for each call. `index` counts the calls from 0. */
export type Script<Request, Steps> = Steps | ((request: Request, index: number) => Steps | Promise<Steps>);

export interface ScriptedCall<Request> {
  readonly request: Request;
  /** `aborted`: its signal fired, or its reader stopped before the end. */
  readonly state: "running" | "finished" | "failed" | "aborted";
  /** Events or chunks that were read from it so far. */
  readonly emitted: number;
}

interface Abortable {
  readonly signal: AbortSignal;
}

type Play<Event> = Pause | Failure | { readonly emit: Event };

/** Another script for each call, in order; the last one is used again for the calls beyond. */
export function inTurn<const Scripts extends readonly [unknown, ...unknown[]]>(
  ...scripts: Scripts
): (request: unknown, index: number) => Scripts[number] {
  return (_request, index) => scripts[Math.min(index, scripts.length - 1)];
}

/** Keeps the calls of one provider and plays their scripts. */
export class Stage<Request extends Abortable> {
  readonly calls: ScriptedCall<Request>[] = [];

  /** Records the call at once; its script is asked for when the result is first read. */
  play<Steps, Event>(
    request: Request,
    script: Script<Request, Steps>,
    expand: (steps: Steps) => Iterable<Play<Event>>,
  ): AsyncGenerator<Event> {
    const index = this.calls.length;
    const call: Mutable<ScriptedCall<Request>> = { request, state: "running", emitted: 0 };
    this.calls.push(call);
    const choose = async (): Promise<Iterable<Play<Event>>> =>
      expand(isMaker(script) ? await script(request, index) : script);
    return run(call, choose);
  }
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
type Call = Mutable<ScriptedCall<Abortable>>;

function isMaker<Request, Steps>(
  script: Script<Request, Steps>,
): script is (request: Request, index: number) => Steps | Promise<Steps> {
  return typeof script === "function";
}

function end(call: Call, state: "finished" | "failed" | "aborted"): void {
  if (call.state === "running") call.state = state;
}

async function* run<Event>(call: Call, choose: () => Promise<Iterable<Play<Event>>>): AsyncGenerator<Event> {
  const { signal } = call.request;
  const abort = (): void => end(call, "aborted");
  signal.addEventListener("abort", abort, { once: true });
  try {
    const steps = (await choose())[Symbol.iterator]();
    for (let step = steps.next(); !step.done;) {
      const now = step.value;
      step = steps.next();
      if ("wait" in now) await pause(now.wait, signal);
      signal.throwIfAborted();
      if ("fail" in now) throw typeof now.fail === "string" ? new Error(now.fail) : now.fail;
      if (!("emit" in now)) continue;
      call.emitted++;
      // A reader that has seen the last event may leave: that is no abort.
      if (step.done) end(call, "finished");
      yield now.emit;
    }
    end(call, "finished");
  } catch (error) {
    end(call, signal.aborted ? "aborted" : "failed");
    throw error;
  } finally {
    signal.removeEventListener("abort", abort);
    end(call, "aborted");
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = Number.isFinite(ms) ? setTimeout(done, ms) : undefined;
    signal.addEventListener("abort", stop, { once: true });
    function done(): void {
      signal.removeEventListener("abort", stop);
      resolve();
    }
  });
}
