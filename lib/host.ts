/**
 * What pages ask of the server that runs them, before anything is shown: who looks, and which door is open. The server
 * is another module graph in the same process, so the two meet at a global; pages get everything else over the network.
 */
import type { Viewer } from "./auth/viewer";
import type { SignUp } from "./env-logins";

export interface DoorState {
  /** Nobody owns this server yet. */
  readonly needsOwner: boolean;
  /** The person sits at the server's own machine: the setup link is not asked for. */
  readonly atThisMachine: boolean;
  /** Ways to log in elsewhere. */
  readonly providers: readonly { readonly id: string; readonly name: string }[];
  /** Whether e-mail can be sent. */
  readonly mail: boolean;
  /** Whether whoever has no organisation may make one. */
  readonly signUp: SignUp;
}

export interface Host {
  /** Undefined: nobody who may see anything. */
  viewer(headers: Headers): Promise<Viewer | undefined>;
  door(headers: Headers): Promise<DoorState>;
}

const KEY = Symbol.for("antiphon.host");
type Holder = { [KEY]?: Host };

export function provideHost(host: Host): void {
  (globalThis as Holder)[KEY] = host;
}

/** Throws where pages run without a server of ours around them. */
export function host(): Host {
  const found = (globalThis as Holder)[KEY];
  if (found === undefined) throw new Error("Pages need antiphon's own server: start it with npm start.");
  return found;
}
