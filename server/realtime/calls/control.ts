/** What can be done with a call from outside, whatever carries it: WebRTC here, SIP where a host brings it. */
import { ProtocolError } from "../protocol/errors";
import { newId } from "../protocol/ids";
import type { SessionConfigInput } from "../protocol/session-config";

/** The ways of one call. A `ProtocolError` that they throw is told to whoever asked; anything else is a fault. */
export interface CallControl {
  /** Answers a call that rings; its session begins with `session`. */
  accept(session: SessionConfigInput): void | Promise<void>;
  /** Declines a call that rings, with a SIP status such as 486 or 603. */
  reject(statusCode: number): void | Promise<void>;
  /** Hands a call on to `tel:+1…` or `sip:…`. */
  refer(targetUri: string): void | Promise<void>;
  /** Ends a call, ringing or answered. */
  hangup(): void | Promise<void>;
}

export interface Call {
  readonly tenant: string;
  readonly control: CallControl;
}

/** Calls that ring or are under way. A transport adds its own, for as long as each lasts. */
export interface Calls {
  /** Returns the id under which clients control it, and what takes it off again. */
  add(call: Call, id?: string): { readonly id: string; readonly ended: () => void };
}

export class CallDirectory implements Calls {
  private readonly calls = new Map<string, Call>();

  add(call: Call, id: string = newId("rtc")): { readonly id: string; readonly ended: () => void } {
    if (this.calls.has(id)) throw new TypeError(`There is a call with the id "${id}" already.`);
    this.calls.set(id, call);
    return { id, ended: () => void this.calls.delete(id) };
  }

  /** An unknown id and another tenant's are the same thing. */
  find(tenant: string, id: string): CallControl | undefined {
    const call = this.calls.get(id);
    return call?.tenant === tenant ? call.control : undefined;
  }
}

/** Control of a call that was answered when it came, as every WebRTC call is. */
export function answeredCall(hangup: () => void): CallControl {
  const answered = (): never => {
    throw new ProtocolError("This call is answered already.", { code: "call_already_answered" });
  };
  return {
    accept: answered,
    reject: answered,
    refer: () => {
      throw new ProtocolError("Only SIP calls can be handed on to another party.", { code: "call_not_referable" });
    },
    hangup,
  };
}
