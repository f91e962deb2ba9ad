/** One session and everybody who is connected to it: its own client, and the observers beside it (a sideband). */
import type { OpenedSession, Session } from "./connection";
import type { SessionInfo } from "../observers/types";
import { errors } from "../protocol/errors";
import { newId } from "../protocol/ids";
import type { ResponseUsage } from "../protocol/responses";
import type { ServerEvent } from "../protocol/server-events";
import type { WireEvent } from "../protocol/wire-event";
import { refusals } from "../door/refusal";
import { addUsage, noUsage } from "./session-usage";
import type { SessionOutput } from "../session/types";

/** More than this beside one session is a fault of somebody's loop. */
const MAX_SIDEBANDS = 16;

export class LiveSession {
  private readonly sidebands = new Set<SessionOutput>();
  private session: Session | undefined;
  private details: SessionInfo | undefined;
  private spent = noUsage();
  private over = false;

  /** `owner` is the client that the session was opened for. */
  constructor(private readonly owner: SessionOutput) {}

  /** What the session writes to. Only the owner slows it down. */
  readonly output: SessionOutput = {
    send: (event) => {
      if (event.type === "response.done") this.spent = addUsage(this.spent, event.response.usage);
      this.owner.send(event);
      for (const sideband of this.sidebands) sideband.send(event);
    },
    pass: (wire) => {
      if (wire.audio === undefined && wire.event.type === "response.done")
        // Of another server: not all say what it cost.
        this.spent = addUsage(this.spent, wire.event.response.usage ?? null);
      passTo(this.owner, wire);
      for (const sideband of this.sidebands) passTo(sideband, wire);
    },
    behind: () => this.owner.behind?.() === true,
    room: () => this.owner.room(),
    end: (code, reason) => this.owner.end(code, reason),
  };

  begin(session: Session, info: SessionInfo): void {
    this.session = session;
    this.details = info;
  }

  get info(): SessionInfo {
    if (this.details === undefined) throw new Error("The session has not begun.");
    return this.details;
  }

  /** What it is has changed. */
  update(info: SessionInfo): void {
    this.details = info;
  }

  /** It used so much outside of responses. */
  spend(usage: ResponseUsage): void {
    this.spent = addUsage(this.spent, usage);
  }

  get usage(): ResponseUsage {
    return this.spent;
  }

  snapshot(): ReturnType<Session["snapshot"]> {
    return this.begun.snapshot();
  }

  /** Ends it for everybody. */
  end(code: number, reason: string): void {
    this.owner.end(code, reason);
  }

  /** The owner is gone: so are those beside it. */
  ended(code: number, reason: string): void {
    this.over = true;
    for (const sideband of [...this.sidebands]) sideband.end(code, reason);
    this.sidebands.clear();
  }

  /** One more client, which sees every event from now on and may send any. @throws Refusal when it is too late. */
  attach(output: SessionOutput): OpenedSession {
    if (this.over) throw refusals.badRequest(errors.invalidCallId(this.info.callId ?? this.info.sessionId));
    if (this.sidebands.size >= MAX_SIDEBANDS) throw refusals.tooManySidebands(MAX_SIDEBANDS);
    const { begun } = this;
    const detach = (): void => void this.sidebands.delete(output);
    const session: Session = {
      id: begun.id,
      info: begun.info,
      start: () => {
        output.send(greeting(begun));
        this.sidebands.add(output);
      },
      receive: (event) => begun.receive(event),
      append: (audio, eventId) => begun.append(audio, eventId),
      reject: (error, eventId) => begun.reject(error, eventId),
      finish: () => begun.finish(),
      snapshot: () => begun.snapshot(),
      ...(begun.pass !== undefined && { pass: (frame: Buffer, isBinary: boolean) => begun.pass?.(frame, isBinary) }),
      close: detach,
    };
    return { session, ended: detach };
  }

  private get begun(): Session {
    if (this.session === undefined) throw new Error("The session has not begun.");
    return this.session;
  }
}

function passTo(output: SessionOutput, wire: WireEvent): void {
  if (output.pass === undefined) output.send(wire.event);
  else output.pass(wire);
}

/** Whoever comes late is greeted too, with the session as it stands. */
function greeting(session: Session): ServerEvent {
  return { type: "session.created", event_id: newId("event"), session: session.snapshot().resource };
}
