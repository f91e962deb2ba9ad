/** Where WebSockets come in, and whose rules hold there. */

import type { SessionKind } from "../protocol/session-config";

export interface Door {
  /** Without a slash at its end. */
  readonly path: string;
  /** Azure's rules hold: what its URLs mean, and an HTTP error instead of a WebSocket that is closed again. */
  readonly azure?: "dated" | "v1";
  /** What comes in here is a session of this kind. Default: what the URL and the key say. */
  readonly kind?: SessionKind;
}

/** What lies in front of the API's own paths: `` for `/v1/realtime`, `/api` for `/api/v1/realtime`. */
export function hostPrefix(basePath: string): string {
  return basePath.replace(/\/[^/]*$/, "").replace(/\/v\d+$/, "");
}

export interface DoorOptions {
  /** Azure's paths too. */
  readonly azure: boolean;
}

/** The doors of a handler whose WebSocket lies at `basePath`, the main one first. */
export function doorsAt(basePath: string, { azure }: DoorOptions): readonly [Door, ...Door[]] {
  const prefix = hostPrefix(basePath);
  const azures: Door[] = [
    { path: `${prefix}/openai/realtime`, azure: "dated" },
    { path: `${prefix}/openai/v1/realtime`, azure: "v1" },
    { path: `${prefix}/openai/realtime/translations`, azure: "dated", kind: "translation" },
    { path: `${prefix}/openai/v1/realtime/translations`, azure: "v1", kind: "translation" },
  ];
  return [{ path: basePath }, { path: `${basePath}/translations`, kind: "translation" }, ...(azure ? azures : [])];
}

/** The door at exactly this path, with or without a slash at its end. */
export function doorAt(doors: readonly Door[], pathname: string): Door | undefined {
  const path = pathname.replace(/\/$/, "");
  return doors.find((door) => door.path === path);
}
