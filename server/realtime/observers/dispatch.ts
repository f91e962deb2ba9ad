/** Tells all observers of one session what happens, each shielded from the others and the session from all of them. */
import type { SessionInfo, SessionObservation, SessionObserver } from "./types";

export class ObserverTap {
  private readonly reported = new Set<SessionObserver>();
  private info: SessionInfo | undefined;

  /** `onFault` is called once for each observer at most: one that is broken is broken for every chunk of audio. */
  constructor(
    private readonly observers: readonly SessionObserver[],
    private readonly onFault: (observer: SessionObserver, error: unknown) => void,
  ) {}

  /** Who is observed. Nothing is told before. */
  begin(info: SessionInfo): void {
    this.info = info;
  }

  readonly observe = (observation: SessionObservation): void => {
    if (this.info === undefined || this.observers.length === 0) return;
    // The session's memory of it is used again.
    if (observation.type === "input-audio") {
      this.tell(this.info, { ...observation, audio: Buffer.from(observation.audio) });
    } else this.tell(this.info, observation);
    // What is still under way then is told to nobody.
    if (observation.type === "ended") this.info = undefined;
  };

  private tell(info: SessionInfo, observation: SessionObservation): void {
    for (const observer of this.observers) {
      try {
        // An async observer is allowed by the types; its rejection would end the process.
        const result: unknown = observer.observe(info, observation);
        if (result instanceof Promise) result.catch((error: unknown) => this.report(observer, error));
      } catch (error) {
        this.report(observer, error);
      }
    }
  }

  private report(observer: SessionObserver, error: unknown): void {
    if (this.reported.has(observer)) return;
    this.reported.add(observer);
    this.onFault(observer, error);
  }
}
