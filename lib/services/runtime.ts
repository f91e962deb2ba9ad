/**
 * The running server's services, for code that is bundled apart from it, as Next's route handlers are: a module of the
 * bundle is another copy, but the process is the same.
 */
import type { Services } from "./context";

const PLACE = Symbol.for("antiphon.services");
type Holder = { [PLACE]?: Services };

export function setServices(services: Services | undefined): void {
  if (services === undefined) Reflect.deleteProperty(globalThis, PLACE);
  else (globalThis as Holder)[PLACE] = services;
}

/** @throws when the server runs without storage. */
export function getServices(): Services {
  const services = (globalThis as Holder)[PLACE];
  if (services === undefined) throw new Error("This server runs without storage.");
  return services;
}
